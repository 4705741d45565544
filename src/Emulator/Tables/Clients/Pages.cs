using System.Runtime.CompilerServices;
using Azure;

namespace Chard.Emulator.Tables.Clients;

/// <summary>Reads one page: the first without a token. With <paramref name="async"/> false the task is complete when it is returned.</summary>
internal delegate Task<Page<T>> ReadPage<T>(string continuationToken, int? pageSize, bool async, CancellationToken cancellationToken);

/// <summary>The pages of a query, read as they are asked for.</summary>
internal sealed class AsyncPages<T>(ReadPage<T> read, int? maxPerPage, CancellationToken cancellationToken) : AsyncPageable<T>(cancellationToken)
{
    public override IAsyncEnumerable<Page<T>> AsPages(string continuationToken = null, int? pageSizeHint = null)
        => ReadAsync(continuationToken, pageSizeHint ?? maxPerPage);

    private async IAsyncEnumerable<Page<T>> ReadAsync(string continuationToken, int? pageSize, [EnumeratorCancellation] CancellationToken enumeration = default)
    {
        using var either = enumeration.CanBeCanceled && CancellationToken.CanBeCanceled ? CancellationTokenSource.CreateLinkedTokenSource(enumeration, CancellationToken) : null;
        var cancellation = either?.Token ?? (enumeration.CanBeCanceled ? enumeration : CancellationToken);
        do
        {
            var page = await read(continuationToken, pageSize, async: true, cancellation).ConfigureAwait(false);
            yield return page;
            continuationToken = page.ContinuationToken;
        }
        while (continuationToken is not null);
    }
}

/// <inheritdoc cref="AsyncPages{T}"/>
internal sealed class Pages<T>(ReadPage<T> read, int? maxPerPage, CancellationToken cancellationToken) : Pageable<T>(cancellationToken)
{
    public override IEnumerable<Page<T>> AsPages(string continuationToken = null, int? pageSizeHint = null)
    {
        do
        {
            var page = read(continuationToken, pageSizeHint ?? maxPerPage, async: false, CancellationToken).GetAwaiter().GetResult();
            yield return page;
            continuationToken = page.ContinuationToken;
        }
        while (continuationToken is not null);
    }
}
