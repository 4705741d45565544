using System.Globalization;
using System.Text.RegularExpressions;
using Azure.Data.Tables;

namespace Chard.Platform;

/// <summary>
/// Index rows whose keys sort newest first (<c>t:{inverted ticks}:{id}</c>, and for each stamp
/// <c>s:{stamp}~{inverted ticks}:{id}</c>) in several partitions, read as one list. A continuation is the place of the last row
/// given, whichever list it was read from, so it stays good however long the caller takes and whatever is written meanwhile.
/// </summary>
public static partial class NewestFirst
{
    private const string Everything = "t:";
    private const int MinPage = 4;
    private const int MaxPage = 1000;

    /// <summary>Row key of what was created at <paramref name="createdAt"/>.</summary>
    public static string KeyOf(DateTimeOffset createdAt, string id) => Everything + PlaceOf(createdAt) + id;

    /// <summary>
    /// Row key of the same in the list of a stamp. No stamp has a <c>~</c>, so that one which begins another is told from it.
    /// </summary>
    public static string KeyOf(string stamp, DateTimeOffset createdAt, string id) => ListOf(stamp) + PlaceOf(createdAt) + id;

    /// <summary>True if <paramref name="continuation"/> can have come from <see cref="ReadAsync"/>.</summary>
    public static bool IsContinuation(string continuation) => KeyPattern().IsMatch(continuation);

    /// <summary>Reads up to <paramref name="limit"/> rows.</summary>
    /// <param name="table">The table.</param>
    /// <param name="partitions">The partitions to merge.</param>
    /// <param name="filter">Further condition in OData; null for none.</param>
    /// <param name="stamp">The list of this stamp; null for everything.</param>
    /// <param name="window">Bounds of creation; null parts do not matter.</param>
    /// <param name="limit">Most rows.</param>
    /// <param name="continuation">Where the last page ended; null to begin.</param>
    /// <param name="cancellationToken">Cancels the call.</param>
    public static async Task<(IReadOnlyList<TableEntity> Rows, string? Continuation)> ReadAsync(
        TableClient table,
        IReadOnlyList<string> partitions,
        string? filter,
        string? stamp,
        TimeWindow window,
        int limit,
        string? continuation,
        CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(table);
        ArgumentNullException.ThrowIfNull(partitions);
        ArgumentNullException.ThrowIfNull(window);
        string list = ListOf(stamp);
        string after = list + (continuation?[Everything.Length..] ?? (window.Before is { } before ? PlaceOf(before.AddTicks(-1)) : ""));
        string until = list + (window.From is { } from ? PlaceOf(from) + "~" : ":"); // a place begins with a digit, and ':' follows those
        int page = Math.Clamp((limit / partitions.Count * 2) + 1, MinPage, MaxPage);
        IAsyncEnumerator<TableEntity>[] sources = [.. partitions.Select(p => table.QueryAsync<TableEntity>(
            $"PartitionKey eq '{p}' and RowKey gt '{after}' and RowKey lt '{until}'" + (filter is null ? "" : $" and ({filter})"),
            page, cancellationToken: cancellationToken).GetAsyncEnumerator(cancellationToken))];
        try
        {
            (IReadOnlyList<TableEntity> rows, bool isMore) = await MergeAsync(sources, limit);
            return (rows, isMore ? Everything + rows[^1].RowKey[list.Length..] : null);
        }
        finally
        {
            foreach (IAsyncEnumerator<TableEntity> source in sources)
            {
                await source.DisposeAsync();
            }
        }
    }

    private static async Task<(IReadOnlyList<TableEntity> Rows, bool IsMore)> MergeAsync(
        IAsyncEnumerator<TableEntity>[] sources, int limit)
    {
        var heads = new PriorityQueue<IAsyncEnumerator<TableEntity>, string>(StringComparer.Ordinal);
        bool[] filled = await Task.WhenAll(sources.Select(s => s.MoveNextAsync().AsTask()));
        for (int i = 0; i < sources.Length; i++)
        {
            if (filled[i])
            {
                heads.Enqueue(sources[i], sources[i].Current.RowKey);
            }
        }

        var rows = new List<TableEntity>(Math.Min(limit, MaxPage));
        while (rows.Count < limit && heads.TryDequeue(out IAsyncEnumerator<TableEntity>? source, out _))
        {
            rows.Add(source.Current);
            if (await source.MoveNextAsync())
            {
                heads.Enqueue(source, source.Current.RowKey);
            }
        }

        return (rows, heads.Count > 0);
    }

    private static string ListOf(string? stamp) => stamp is null ? Everything : $"s:{stamp}~";

    private static string PlaceOf(DateTimeOffset time) =>
        (DateTimeOffset.MaxValue.UtcTicks - time.UtcTicks).ToString("d19", CultureInfo.InvariantCulture) + ":";

    [GeneratedRegex(@"\At:[0-9]{19}:[A-Za-z0-9._~-]{1,256}\z", RegexOptions.CultureInvariant)]
    private static partial Regex KeyPattern();
}

/// <summary>Bounds of the time at which rows were created.</summary>
/// <param name="From">At this time or later; null for no bound.</param>
/// <param name="Before">Earlier than this; null for no bound.</param>
public sealed record TimeWindow(DateTimeOffset? From = null, DateTimeOffset? Before = null)
{
    /// <summary>Any time.</summary>
    public static TimeWindow Any { get; } = new();
}
