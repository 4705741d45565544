using System.Linq.Expressions;
using Azure.Core;
using Chard.Emulator.Tables.Clients;
using Chard.Emulator.Tables.Entities;
using Chard.Emulator.Tables.Filters;

namespace Azure.Data.Tables;

public partial class TableClient
{
    /// <summary>Reads the entities that meet a filter, a page at a time, in the order of partition and row keys.</summary>
    /// <param name="filter">An OData filter, as <see cref="CreateQueryFilter(FormattableString)"/> makes; null means all.</param>
    /// <param name="maxPerPage">Entities a page at most; the service's limit is 1000, which is the default.</param>
    /// <param name="select">The properties wanted; null means all.</param>
    /// <param name="cancellationToken">Ends the wait for a page.</param>
    public virtual AsyncPageable<T> QueryAsync<T>(string filter = null, int? maxPerPage = null, IEnumerable<string> select = null, CancellationToken cancellationToken = default)
        where T : class, ITableEntity
        => new AsyncPages<T>(PagesOf<T>(filter, select), maxPerPage, cancellationToken);

    /// <inheritdoc cref="QueryAsync{T}(string, int?, IEnumerable{string}, CancellationToken)"/>
    public virtual Pageable<T> Query<T>(string filter = null, int? maxPerPage = null, IEnumerable<string> select = null, CancellationToken cancellationToken = default)
        where T : class, ITableEntity
        => new Pages<T>(PagesOf<T>(filter, select), maxPerPage, cancellationToken);

    /// <summary>Reads the entities that meet a predicate; see <see cref="CreateQueryFilter{T}"/> for what it may hold.</summary>
    /// <exception cref="NotSupportedException">A part of the predicate cannot be put into a filter.</exception>
    public virtual AsyncPageable<T> QueryAsync<T>(Expression<Func<T, bool>> filter, int? maxPerPage = null, IEnumerable<string> select = null, CancellationToken cancellationToken = default)
        where T : class, ITableEntity
        => QueryAsync<T>(ExpressionFilter.Of(filter), maxPerPage, select, cancellationToken);

    /// <inheritdoc cref="QueryAsync{T}(Expression{Func{T, bool}}, int?, IEnumerable{string}, CancellationToken)"/>
    public virtual Pageable<T> Query<T>(Expression<Func<T, bool>> filter, int? maxPerPage = null, IEnumerable<string> select = null, CancellationToken cancellationToken = default)
        where T : class, ITableEntity
        => Query<T>(ExpressionFilter.Of(filter), maxPerPage, select, cancellationToken);

    /// <summary>Makes a filter of an interpolated text, its arguments quoted and escaped: <c>CreateQueryFilter($"PartitionKey eq {name}")</c>.</summary>
    /// <exception cref="ArgumentException">An argument is null, or of a type that a filter cannot hold.</exception>
    public static string CreateQueryFilter(FormattableString filter) => FilterText.Of(filter);

    /// <summary>Makes a filter of a predicate that compares stored properties with values: <c>x => x.PartitionKey == name &amp;&amp; x.Age > 5</c>.</summary>
    /// <exception cref="NotSupportedException">A part of the predicate cannot be put into a filter.</exception>
    public static string CreateQueryFilter<T>(Expression<Func<T, bool>> filter) => ExpressionFilter.Of(filter);

    private ReadPage<T> PagesOf<T>(string filter, IEnumerable<string> select)
        where T : class, ITableEntity
    {
        var names = select is null ? null : string.Join(',', select);
        return async (continuationToken, pageSize, async, cancellationToken) =>
        {
            using var message = channel.Message(RequestMethod.Get, $"/{Name}()");
            var uri = message.Request.Uri;
            PageQuery.Append(uri, filter, pageSize);
            if (!string.IsNullOrEmpty(names))
            {
                uri.AppendQuery("$select", names, escapeValue: true);
            }

            EntityContinuation.Append(uri, continuationToken);
            var response = await channel.SendAsync(message, async, cancellationToken).ConfigureAwait(false);
            return Page<T>.FromValues(new EntityReader<T>().ReadPage(response.Content.ToMemory().Span), EntityContinuation.Of(response), response);
        };
    }
}
