using Chard.DeadLetters;
using Chard.Platform;
using Chard.Running;
using Chard.Status;
using Microsoft.DurableTask.Client;
using Microsoft.Extensions.Logging;

namespace Chard.Control;

/// <summary>
/// Deletes payloads that nobody can refer to any more: those whose owner has no row, once they are old, such as what a run left behind
/// that nobody waited for. Goes round once a day, some owners at a time. A workflow that storage or the engine knows, finished or not,
/// keeps all of its payloads; so does a dead letter that never became a workflow, and a start that is under way, since its payloads are
/// young.
/// </summary>
public sealed partial class PurgePayloads(
    OldPayloads payloads,
    WorkflowStates workflows,
    IDeadLetterStore letters,
    SweepPlaces places,
    RetentionSettings settings,
    TimeProvider time,
    ILogger<PurgePayloads> logger) : IClockWork
{
    /// <summary>Most owners looked at in one run.</summary>
    public const int MaxPerRun = 100;

    /// <summary>Most requests of one run that delete.</summary>
    public const int MaxRequests = 300;

    /// <summary>From the end of a round to the beginning of the next: a day.</summary>
    public static readonly TimeSpan Pause = TimeSpan.FromDays(1);

    /// <inheritdoc/>
    public string Name => nameof(PurgePayloads);

    /// <summary>15 seconds; between rounds a run asks nothing.</summary>
    public TimeSpan Every { get; } = TimeSpan.FromSeconds(15);

    /// <inheritdoc/>
    public async Task RunAsync(DurableTaskClient client, CancellationToken cancellationToken)
    {
        DateTimeOffset now = time.GetUtcNow();
        SweepPlace place = await places.FindAsync(Name, cancellationToken);
        if (place.NotBefore > now)
        {
            return;
        }

        var budget = new RequestBudget(MaxRequests);
        int deleted = 0;
        bool isDone = true;
        (IReadOnlyList<string> owners, string? next) = await payloads.ListOwnersAsync(place.Cursor, MaxPerRun, cancellationToken);
        foreach (string owner in owners)
        {
            if (!await IsKeptAsync(owner, client, cancellationToken))
            {
                Deleted one = await payloads.DeleteAsync(owner, now - settings.Payloads, budget, cancellationToken);
                deleted += one.Count;
                isDone &= one.IsDone;
            }
        }

        if (deleted > 0)
        {
            LogPurged(logger, deleted);
        }

        if (isDone)
        {
            await places.SaveAsync(Name, new(next, next is null ? now + Pause : null), cancellationToken);
        }
    }

    /// <summary>True if a workflow, or a dead letter that never was one, owns the payloads.</summary>
    private async Task<bool> IsKeptAsync(string owner, DurableTaskClient client, CancellationToken cancellationToken) =>
        await workflows.FindAsync(owner, client, cancellationToken) is not null
        || await letters.GetAsync(owner, cancellationToken) is not null;

    [LoggerMessage(EventId = 210, EventName = "PayloadsPurged", Level = LogLevel.Information,
        Message = "Deleted {Count} payloads of workflows that are no more")]
    private static partial void LogPurged(ILogger logger, int count);
}
