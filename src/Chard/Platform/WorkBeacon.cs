using Azure;
using Azure.Data.Tables;

namespace Chard.Platform;

/// <summary>
/// Answers in one point read whether a sweep may have anything to do, where the question itself would be a read of every partition.
/// Whoever is about to write something that a sweep looks after lights the beacon first, which costs a write a minute at most; a
/// sweep that has found nothing, long after the beacon was lit last, rests until it is lit again.
/// </summary>
/// <remarks>
/// Two machines' clocks are never compared: a sweep counts from when it first saw the row as it is. A row that storage has lost is one
/// that changed. Whatever happens, a sweep looks once an hour. Before it may rest that long, it looks every <see cref="Pause"/>, unless
/// this process has lit, or found, something since.
/// </remarks>
internal sealed class WorkBeacon(TableClient table, string name, TimeProvider time)
{
    /// <summary>What the partition's key begins with; no bucket's does.</summary>
    public const string Partition = "beacon";

    /// <summary>For so long the beacon counts as lit for whoever lit it.</summary>
    public static readonly TimeSpan Lit = TimeSpan.FromMinutes(1);

    /// <summary>
    /// Only a round that began so long after the beacon was seen first has seen all that was written under it: the minute in which it
    /// is not lit again, and the longest that a slow write may take.
    /// </summary>
    public static readonly TimeSpan Settled = TimeSpan.FromMinutes(5);

    /// <summary>
    /// How long a sweep that has found nothing leaves its partitions alone while another process may still write under the beacon.
    /// </summary>
    public static readonly TimeSpan Pause = TimeSpan.FromSeconds(10);

    /// <summary>Longest rest.</summary>
    public static readonly TimeSpan Rest = TimeSpan.FromHours(1);

    private readonly Lock _gate = new();
    private Task? _lit;
    private long _litAt;
    private long? _askedAt;

    // Of the sweep, which does not run twice at once.
    private string? _seen;
    private long _seenAt;
    private long _roundAt;
    private bool _quiet;
    private bool _foundNothing;

    /// <summary>Call before the write of what is to be looked after.</summary>
    public Task LightAsync(CancellationToken cancellationToken)
    {
        lock (_gate)
        {
            long now = time.GetTimestamp();
            _askedAt = now;
            if (_lit is null or { IsCompleted: true, IsCompletedSuccessfully: false } || time.GetElapsedTime(_litAt, now) >= Lit)
            {
                // One write for all who come while it is under way, so it is no single one's to cancel. Each write has another ETag,
                // which is all that is looked at.
                _lit = table.UpsertEntityAsync(new TableEntity(Partition, name), TableUpdateMode.Replace, CancellationToken.None);
                _litAt = now;
            }

            return _lit.WaitAsync(cancellationToken);
        }
    }

    /// <summary>True if there is nothing to look after.</summary>
    public async Task<bool> IsOutAsync(CancellationToken cancellationToken)
    {
        NullableResponse<TableEntity> row = await table.GetEntityIfExistsAsync<TableEntity>(
            Partition, name, [nameof(TableEntity.RowKey)], cancellationToken);
        string seen = row.HasValue ? row.Value!.ETag.ToString() : "";
        long now = time.GetTimestamp();
        if (seen != _seen)
        {
            (_seen, _seenAt, _quiet, _foundNothing) = (seen, now, false, false);
        }

        TimeSpan sinceRound = time.GetElapsedTime(_roundAt, now);
        bool rests = (_quiet && sinceRound < Rest) || (_foundNothing && sinceRound < Pause && !IsNearlyAsked(now));
        if (!rests)
        {
            (_roundAt, _foundNothing) = (now, false);
        }

        return rests;
    }

    /// <summary>Tells what the round found that followed an <see cref="IsOutAsync"/> of false.</summary>
    public void Found(bool anything)
    {
        _quiet = !anything && time.GetElapsedTime(_seenAt, _roundAt) >= Settled;
        _foundNothing = !anything;
    }

    /// <summary>True if this process may be at the write that it has lit the beacon for.</summary>
    private bool IsNearlyAsked(long now)
    {
        lock (_gate)
        {
            return _askedAt is { } asked && time.GetElapsedTime(asked, now) < Pause;
        }
    }
}
