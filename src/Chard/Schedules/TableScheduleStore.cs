using Azure;
using Azure.Data.Tables;
using Chard.Platform;

namespace Chard.Schedules;

/// <summary>
/// What is remembered of schedules, in Table storage: a row a schedule, all in one partition, RowKey its name. Of several hosts
/// that write at once one wins, by the row's version.
/// </summary>
public sealed class TableScheduleStore(TableServiceClient tables, StorageNames names)
{
    private const string Partition = "schedules";

    private readonly TableClient _table = tables.GetTableClient(names.ScheduleTable);

    /// <summary>Makes the table; it stays if it is there.</summary>
    public Task CreateAsync(CancellationToken cancellationToken) => _table.CreateIfNotExistsAsync(cancellationToken);

    /// <summary>The row of a schedule; null if there is none.</summary>
    public async Task<ScheduleMemory?> GetAsync(string name, CancellationToken cancellationToken)
    {
        NullableResponse<TableEntity> row = await _table.GetEntityIfExistsAsync<TableEntity>(
            Partition, name, cancellationToken: cancellationToken);
        return row.HasValue ? Read(row.Value!) : null;
    }

    /// <summary>All rows, by name; those of schedules that are no longer set too.</summary>
    public async Task<IReadOnlyDictionary<string, ScheduleMemory>> ListAsync(CancellationToken cancellationToken)
    {
        var rows = new Dictionary<string, ScheduleMemory>(StringComparer.Ordinal);
        await foreach (TableEntity row in _table.QueryAsync<TableEntity>(
            $"PartitionKey eq '{Partition}'", cancellationToken: cancellationToken))
        {
            rows.Add(row.RowKey, Read(row));
        }

        return rows;
    }

    /// <summary>Adds the row of a schedule; false if there is one.</summary>
    public async Task<bool> TryAddAsync(string name, ScheduleMemory memory, CancellationToken cancellationToken)
    {
        try
        {
            await _table.AddEntityAsync(Write(name, memory), cancellationToken);
            return true;
        }
        catch (RequestFailedException e) when (e.Status == 409)
        {
            return false;
        }
    }

    /// <summary>Replaces the version of the row that <paramref name="memory"/> was made from; false if it is no longer that.</summary>
    public async Task<bool> TryReplaceAsync(string name, ScheduleMemory memory, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(memory);
        try
        {
            await _table.UpdateEntityAsync(Write(name, memory), memory.ETag, TableUpdateMode.Replace, cancellationToken);
            return true;
        }
        catch (RequestFailedException e) when (e.Status is 404 or 412)
        {
            return false;
        }
    }

    private static TableEntity Write(string name, ScheduleMemory memory) => new(Partition, name)
    {
        ["Handled"] = memory.Handled,
        ["LastTick"] = memory.LastTick,
        ["Missed"] = memory.Missed,
        ["Timing"] = memory.Timing,
    };

    private static ScheduleMemory Read(TableEntity row) =>
        new(
            row.GetDateTimeOffset("Handled")!.Value,
            row.GetDateTimeOffset("LastTick"),
            row.GetInt64("Missed") ?? 0,
            row.GetString("Timing") ?? "")
        { ETag = row.ETag };
}
