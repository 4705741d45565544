using Azure;
using Azure.Data.Tables;

namespace Chard.Platform;

/// <summary>
/// Writes rows of workflows and their tasks, in units: what goes to one partition together or not at all. A unit whose partition is idle is
/// sent at once; what comes while a request of that partition is under way is gathered and goes out as one entity-group transaction when
/// it ends. So nothing ever waits for a timer, and a busy partition costs one request for up to 100 rows, whichever workflows they are of.
/// A unit that cannot be written fails alone: the others are sent again without it.
/// </summary>
public sealed class TableWriter : IDisposable
{
    /// <summary>Most rows in a transaction: the service's limit.</summary>
    public const int MaxRows = 100;

    /// <summary>Most bytes in a transaction; the service takes 4 MiB with all headers.</summary>
    public const int MaxBytes = 3 * 1024 * 1024;

    /// <summary>
    /// Units taken out of one transaction before the rest is sent in halves: a transaction fails at its first bad row only.
    /// </summary>
    private const int MaxRefusals = 3;

    private readonly CancellationTokenSource _ending = new();
    private readonly CancellationToken _end;
    private readonly Lock _gate = new();
    private readonly Dictionary<string, Queue<TableUnit>> _partitions = new(StringComparer.Ordinal);

    /// <summary>Writes to the workflows' table of an account.</summary>
    public TableWriter(TableServiceClient tables, StorageNames names)
    {
        ArgumentNullException.ThrowIfNull(tables);
        ArgumentNullException.ThrowIfNull(names);
        Table = tables.GetTableClient(names.WorkflowTable);
        _end = _ending.Token;
    }

    /// <summary>The table, for reads.</summary>
    public TableClient Table { get; }

    /// <summary>Sends a unit: 1 to <see cref="MaxRows"/> actions on different rows of one partition.</summary>
    /// <param name="unit">What to do. Its entities are <see cref="TableEntity"/>.</param>
    /// <param name="cancellationToken">Ends the wait; what is under way may be written all the same.</param>
    /// <exception cref="RequestFailedException">The service refused it for what it is, or could not be reached in spite of the client's
    /// retries: then nobody knows whether it was written.</exception>
    public Task<UnitOutcome> WriteAsync(IReadOnlyList<TableTransactionAction> unit, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(unit);
        var write = new TableUnit(unit);
        lock (_gate)
        {
            if (_partitions.TryGetValue(write.Partition, out Queue<TableUnit>? waiting))
            {
                waiting.Enqueue(write);
                return write.Done.WaitAsync(cancellationToken);
            }

            // Being in the dictionary says that a request of the partition is under way.
            _partitions.Add(write.Partition, new());
        }

        _ = DrainAsync(write.Partition, [write]);
        return write.Done.WaitAsync(cancellationToken);
    }

    /// <summary>Gives up what is under way.</summary>
    public void Dispose()
    {
        _ending.Cancel();
        _ending.Dispose();
    }

    /// <summary>The most that a row of so many characters of text takes in a transaction, where each may become six.</summary>
    internal static int BytesOf(int characters) => 2048 + (characters * 6);

    /// <summary>The most that an action takes in a transaction.</summary>
    internal static int BytesOf(TableTransactionAction action)
    {
        int text = 0;
        foreach (KeyValuePair<string, object> column in (TableEntity)action.Entity)
        {
            text += (column.Value as string)?.Length ?? 0;
        }

        return BytesOf(text);
    }

    private async Task DrainAsync(string partition, List<TableUnit> batch)
    {
        while (batch.Count > 0)
        {
            await SendAsync(batch);
            batch = Next(partition);
        }
    }

    /// <summary>What goes out next: nothing twice for one row, and no more than a transaction holds.</summary>
    private List<TableUnit> Next(string partition)
    {
        lock (_gate)
        {
            Queue<TableUnit> waiting = _partitions[partition];
            if (waiting.Count == 0)
            {
                _partitions.Remove(partition);
                return [];
            }

            List<TableUnit> batch = [];
            var rows = new HashSet<string>(StringComparer.Ordinal);
            int bytes = 0;
            while (waiting.TryPeek(out TableUnit? unit)
                && (batch.Count == 0 || (rows.Count + unit.Actions.Count <= MaxRows && bytes + unit.Bytes <= MaxBytes))
                && !unit.Actions.Any(action => rows.Contains(action.Entity.RowKey)))
            {
                batch.Add(waiting.Dequeue());
                rows.UnionWith(unit.Actions.Select(action => action.Entity.RowKey));
                bytes += unit.Bytes;
            }

            return batch;
        }
    }

    private async Task SendAsync(List<TableUnit> batch)
    {
        var parts = new Stack<List<TableUnit>>([batch]);
        while (parts.TryPop(out List<TableUnit>? part))
        {
            int refusals = 0;
            while (part.Count > 0 && await TrySendAsync(part) is { } refused)
            {
                part.RemoveAt(refused);
                if (++refusals == MaxRefusals && part.Count > 1)
                {
                    int half = part.Count / 2;
                    parts.Push(part[half..]);
                    parts.Push(part[..half]);
                    break;
                }
            }
        }
    }

    /// <summary>Sends units in one request. Index of the one for which they were refused, and which has been told; null if all have
    /// been.</summary>
    private async Task<int?> TrySendAsync(List<TableUnit> units)
    {
        try
        {
            if (units is [{ Actions: [var only] }])
            {
                units[0].Wrote([await SendOneAsync(only)]);
                return null;
            }

            Response<IReadOnlyList<Response>> response = await Table.SubmitTransactionAsync(units.SelectMany(u => u.Actions), _end);
            int first = 0;
            foreach (TableUnit unit in units)
            {
                unit.Wrote([.. Enumerable.Range(first, unit.Actions.Count).Select(i => VersionOf(response.Value[i]))]);
                first += unit.Actions.Count;
            }
        }
        catch (TableTransactionFailedException e) when (Find(units, e.FailedTransactionActionIndex) is var (unit, action))
        {
            units[unit].Refused(action, e);
            return unit;
        }
        catch (RequestFailedException e) when (units.Count == 1)
        {
            units[0].Refused(0, e);
        }
        catch (Exception e) when (e is not OutOfMemoryException)
        {
            // Nobody knows which unit is to blame, or the service is away: each waiter hears of it and decides for its own.
            units.ForEach(unit => unit.Failed(e));
        }

        return null;
    }

    /// <summary>Sends an action alone: the new version.</summary>
    private async Task<ETag> SendOneAsync(TableTransactionAction action)
    {
        ITableEntity row = action.Entity;
        using Response response = await (action.ActionType switch
        {
            TableTransactionActionType.Add => Table.AddEntityAsync(row, _end),
            TableTransactionActionType.UpdateReplace => Table.UpdateEntityAsync(row, action.ETag, TableUpdateMode.Replace, _end),
            TableTransactionActionType.UpdateMerge => Table.UpdateEntityAsync(row, action.ETag, TableUpdateMode.Merge, _end),
            TableTransactionActionType.UpsertReplace => Table.UpsertEntityAsync(row, TableUpdateMode.Replace, _end),
            TableTransactionActionType.UpsertMerge => Table.UpsertEntityAsync(row, TableUpdateMode.Merge, _end),
            _ => throw new ArgumentException($"A unit of one action cannot be {action.ActionType}.", nameof(action)),
        });
        return VersionOf(response);
    }

    private static ETag VersionOf(Response response) => response.Headers.ETag.GetValueOrDefault();

    private static (int Unit, int Action)? Find(List<TableUnit> units, int? index)
    {
        int left = index ?? int.MaxValue;
        for (int i = 0; i < units.Count; i++)
        {
            if (left < units[i].Actions.Count)
            {
                return (i, left);
            }

            left -= units[i].Actions.Count;
        }

        return null;
    }
}
