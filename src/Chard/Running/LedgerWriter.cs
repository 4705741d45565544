using Azure;
using Azure.Data.Tables;

namespace Chard.Running;

/// <summary>
/// Writes rows of the ledger. A row whose partition is idle is sent at once; what comes while a request of that partition is under way
/// is gathered and goes out as one entity-group transaction when it ends. So nothing ever waits for a timer, and a busy partition
/// costs one request for up to 100 rows. A row that cannot be written fails alone: the others are sent again without it.
/// </summary>
/// <param name="table">The ledger's table.</param>
/// <param name="cancellationToken">Fires when the app ends; what is under way then fails.</param>
internal sealed class LedgerWriter(TableClient table, CancellationToken cancellationToken)
{
    /// <summary>Most rows in a transaction: the service's limit.</summary>
    public const int MaxRows = 100;

    /// <summary>Most bytes in a transaction; the service takes 4 MiB with all headers.</summary>
    public const int MaxBytes = 3 * 1024 * 1024;

    /// <summary>
    /// Rows taken out of one transaction before the rest is sent row by row: a transaction fails at its first bad row only.
    /// </summary>
    private const int MaxRejections = 3;

    private readonly Lock _gate = new();
    private readonly Dictionary<string, Queue<LedgerWrite>> _partitions = [];

    /// <summary>Sends a row. Its new version, or null if its ETag (or its being new) did not hold.</summary>
    /// <exception cref="RequestFailedException">The service refused it, or could not be reached in spite of
    /// the client's retries.</exception>
    public Task<string?> WriteAsync(LedgerWrite write)
    {
        string partition = write.Action.Entity.PartitionKey;
        lock (_gate)
        {
            if (_partitions.TryGetValue(partition, out Queue<LedgerWrite>? waiting))
            {
                waiting.Enqueue(write);
                return write.Done;
            }

            // Being in the dictionary says that a request of the partition is under way.
            _partitions.Add(partition, new());
        }

        _ = DrainAsync(partition, [write]);
        return write.Done;
    }

    private async Task DrainAsync(string partition, List<LedgerWrite> batch)
    {
        while (batch.Count > 0)
        {
            await SendAsync(batch);
            batch = Next(partition);
        }
    }

    /// <summary>What goes out next: nothing twice for one row, and no more than a transaction holds.</summary>
    private List<LedgerWrite> Next(string partition)
    {
        lock (_gate)
        {
            Queue<LedgerWrite> waiting = _partitions[partition];
            if (waiting.Count == 0)
            {
                _partitions.Remove(partition);
                return [];
            }

            var batch = new List<LedgerWrite>(Math.Min(waiting.Count, MaxRows));
            HashSet<string> rows = [];
            int bytes = 0;
            while (waiting.TryPeek(out LedgerWrite? write) && batch.Count < MaxRows
                && (batch.Count == 0 || bytes + write.Bytes <= MaxBytes) && rows.Add(write.RowKey))
            {
                batch.Add(waiting.Dequeue());
                bytes += write.Bytes;
            }

            return batch;
        }
    }

    private async Task SendAsync(List<LedgerWrite> batch)
    {
        for (int rejections = 0; batch.Count > 1; rejections++)
        {
            if (rejections == MaxRejections)
            {
                await Task.WhenAll(batch.Select(SendOneAsync));
                return;
            }

            try
            {
                Response<IReadOnlyList<Response>> response = await table.SubmitTransactionAsync(
                    batch.Select(w => w.Action), cancellationToken);
                for (int i = 0; i < batch.Count; i++)
                {
                    batch[i].Wrote(response.Value[i].Headers.ETag.GetValueOrDefault().ToString());
                }

                return;
            }
            catch (TableTransactionFailedException e) when (e.FailedTransactionActionIndex is { } index && index < batch.Count)
            {
                Reject(batch[index], e);
                batch.RemoveAt(index);
            }
            catch (Exception e) when (e is not OutOfMemoryException)
            {
                // Nobody knows which row is to blame, or the service is away: each waiter hears of it and decides for its own row.
                batch.ForEach(w => w.Failed(e));
                return;
            }
        }

        await Task.WhenAll(batch.Select(SendOneAsync));
    }

    private async Task SendOneAsync(LedgerWrite write)
    {
        try
        {
            TableTransactionAction action = write.Action;
            using Response response = action.ActionType switch
            {
                TableTransactionActionType.Add => await table.AddEntityAsync(action.Entity, cancellationToken),
                TableTransactionActionType.UpdateReplace =>
                    await table.UpdateEntityAsync(action.Entity, action.ETag, TableUpdateMode.Replace, cancellationToken),
                _ => await table.UpdateEntityAsync(action.Entity, action.ETag, TableUpdateMode.Merge, cancellationToken),
            };
            write.Wrote(response.Headers.ETag.GetValueOrDefault().ToString());
        }
        catch (RequestFailedException e)
        {
            Reject(write, e);
        }
        catch (Exception e) when (e is not OutOfMemoryException)
        {
            write.Failed(e);
        }
    }

    private static void Reject(LedgerWrite write, RequestFailedException e)
    {
        // 409 a row is there, 412 it has another version, 404 it is gone: races, which the ledger decides.
        if (e.Status is 409 or 412 or 404
            && e.ErrorCode is "EntityAlreadyExists"
                or "UpdateConditionNotSatisfied" or "ConditionNotMet" or "ResourceNotFound" or "EntityNotFound")
        {
            write.Lost();
        }
        else
        {
            write.Failed(e);
        }
    }
}
