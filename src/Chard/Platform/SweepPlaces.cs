using System.Collections.Concurrent;
using Azure;
using Azure.Data.Tables;

namespace Chard.Platform;

/// <summary>
/// Where sweeps that walk through all of something are on their round, kept over restarts: an app that is started often would else
/// begin each round anew and end none. One row each, read once a process and written when a sweep has gone on.
/// </summary>
public sealed class SweepPlaces(TableServiceClient tables, StorageNames names)
{
    /// <summary>
    /// PartitionKey of the rows in table <c>ChardWorkflows</c>; RowKey is the sweep's name, columns Cursor and NotBefore.
    /// </summary>
    public const string Partition = "sweeps";

    private readonly TableClient _table = tables.GetTableClient(names.WorkflowTable);
    private readonly ConcurrentDictionary<string, SweepPlace> _known = new(StringComparer.Ordinal);

    /// <summary>Where a sweep goes on; the beginning if it was never at work.</summary>
    public async Task<SweepPlace> FindAsync(string sweep, CancellationToken cancellationToken)
    {
        if (_known.TryGetValue(sweep, out SweepPlace? known))
        {
            return known;
        }

        NullableResponse<TableEntity> found = await _table.GetEntityIfExistsAsync<TableEntity>(
            Partition, sweep, cancellationToken: cancellationToken);
        return _known[sweep] = found is { HasValue: true, Value: { } row }
            ? new(row.GetString("Cursor"), row.GetDateTimeOffset("NotBefore"))
            : new(null, null);
    }

    /// <summary>Keeps where a sweep is to go on.</summary>
    public async Task SaveAsync(string sweep, SweepPlace place, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(place);
        var row = new TableEntity(Partition, sweep);
        if (place.Cursor is not null)
        {
            row["Cursor"] = place.Cursor;
        }

        if (place.NotBefore is not null)
        {
            row["NotBefore"] = place.NotBefore;
        }

        await _table.UpsertEntityAsync(row, TableUpdateMode.Replace, cancellationToken);
        _known[sweep] = place;
    }
}

/// <summary>A place on a round.</summary>
/// <param name="Cursor">Where to go on; null to begin.</param>
/// <param name="NotBefore">When the next round begins; null while one is under way.</param>
public sealed record SweepPlace(string? Cursor, DateTimeOffset? NotBefore);
