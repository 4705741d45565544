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
    private const int Digits = 19;
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
        string range = RangeOf(list, window, continuation, filter);
        int page = Math.Clamp((limit / partitions.Count * 2) + 1, MinPage, MaxPage);
        IAsyncEnumerator<TableEntity>[] sources = [.. partitions.Select(p => table.QueryAsync<TableEntity>(
            $"PartitionKey eq '{p}' and {range}", page, cancellationToken: cancellationToken).GetAsyncEnumerator(cancellationToken))];
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

    /// <summary>Reads some columns of all rows up to <paramref name="most"/>, in no order: the partitions side by side.</summary>
    /// <param name="table">The table.</param>
    /// <param name="partitions">The partitions.</param>
    /// <param name="filter">Further condition in OData; null for none.</param>
    /// <param name="stamp">The list of this stamp; null for everything.</param>
    /// <param name="window">Bounds of creation; null parts do not matter.</param>
    /// <param name="columns">Columns to read beside the place.</param>
    /// <param name="most">Most rows.</param>
    /// <param name="cancellationToken">Cancels the call.</param>
    /// <returns>The rows, and whether there are more of them.</returns>
    public static async Task<(IReadOnlyList<IndexRow> Rows, bool IsMore)> ScanAsync(
        TableClient table,
        IReadOnlyList<string> partitions,
        string? filter,
        string? stamp,
        TimeWindow window,
        IReadOnlyList<string> columns,
        int most,
        CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(table);
        ArgumentNullException.ThrowIfNull(partitions);
        ArgumentNullException.ThrowIfNull(window);
        string list = ListOf(stamp);
        string range = RangeOf(list, window, continuation: null, filter);
        int left = most;
        List<IndexRow>[] parts = await Task.WhenAll(partitions.Select(ReadAsync));
        return ([.. parts.SelectMany(p => p)], left < 0);

        async Task<List<IndexRow>> ReadAsync(string partition)
        {
            var rows = new List<IndexRow>();
            await foreach (TableEntity row in table.QueryAsync<TableEntity>(
                $"PartitionKey eq '{partition}' and {range}", MaxPage, [nameof(TableEntity.RowKey), .. columns], cancellationToken))
            {
                if (Interlocked.Decrement(ref left) < 0)
                {
                    break;
                }

                string place = row.RowKey[list.Length..];
                long ticks = DateTimeOffset.MaxValue.UtcTicks - long.Parse(place[..Digits], CultureInfo.InvariantCulture);
                rows.Add(new(row, place[(Digits + 1)..], new(ticks, TimeSpan.Zero)));
            }

            return rows;
        }
    }

    private static string RangeOf(string list, TimeWindow window, string? continuation, string? filter)
    {
        string after = list + (continuation?[Everything.Length..] ?? (window.Before is { } before ? PlaceOf(before.AddTicks(-1)) : ""));
        string until = list + (window.From is { } from ? PlaceOf(from) + "~" : ":"); // a place begins with a digit, and ':' follows those
        return $"RowKey gt '{after}' and RowKey lt '{until}'" + (filter is null ? "" : $" and ({filter})");
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

/// <summary>A row of a list with what its key says.</summary>
/// <param name="Row">The columns that were asked for.</param>
/// <param name="Id">Whose row it is.</param>
/// <param name="CreatedAt">When that was created, UTC.</param>
public readonly record struct IndexRow(TableEntity Row, string Id, DateTimeOffset CreatedAt);

/// <summary>Bounds of the time at which rows were created.</summary>
/// <param name="From">At this time or later; null for no bound.</param>
/// <param name="Before">Earlier than this; null for no bound.</param>
public sealed record TimeWindow(DateTimeOffset? From = null, DateTimeOffset? Before = null)
{
    /// <summary>Any time.</summary>
    public static TimeWindow Any { get; } = new();
}
