using Chard.Domain.Workflows;
using Chard.Platform;
using Chard.Status;
using Microsoft.DurableTask.Client;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Logging;

namespace Chard.Functions.Imports;

/// <summary>
/// Deletes uploads of imports that have ended, or were never started, once they are <c>Chard:Retention:UploadsDays</c> old. Goes round
/// once a day, some at a time. An import that has not ended keeps its upload, however long it waits.
/// </summary>
public sealed partial class UploadSweep(
    ImportSources sources,
    WorkflowStates workflows,
    SweepPlaces places,
    UploadAge age,
    TimeProvider time,
    ILogger<UploadSweep> logger) : IClockWork
{
    /// <summary>Most uploads looked at in one run.</summary>
    public const int MaxPerRun = 100;

    /// <summary>From the end of a round to the beginning of the next: a day.</summary>
    public static readonly TimeSpan Pause = TimeSpan.FromDays(1);

    /// <inheritdoc/>
    public string Name => "SweepUploads";

    /// <summary>15 seconds; between rounds a run asks nothing.</summary>
    public TimeSpan Every { get; } = TimeSpan.FromSeconds(15);

    /// <inheritdoc/>
    public async Task RunAsync(DurableTaskClient client, CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow();
        var place = await places.FindAsync(Name, cancellationToken);
        if (place.NotBefore > now)
        {
            return;
        }

        var (uploads, next) = await sources.ListUploadsAsync(place.Cursor, MaxPerRun, cancellationToken);
        var deleted = 0;
        foreach (var upload in uploads.Where(upload => upload.StoredAt < now - age.Kept))
        {
            if (await workflows.FindAsync(upload.WorkflowId, client, cancellationToken) is not { } state
                || WorkflowTransitions.IsFinal(state.Status))
            {
                await sources.DeleteAsync(upload.Reference, cancellationToken);
                deleted++;
            }
        }

        if (deleted > 0)
        {
            LogDeleted(logger, deleted);
        }

        await places.SaveAsync(Name, new SweepPlace(next, next is null ? now + Pause : null), cancellationToken);
    }

    [LoggerMessage(EventId = 214, EventName = "UploadsDeleted", Level = LogLevel.Information,
        Message = "Deleted {Count} uploads of imports that have ended")]
    private static partial void LogDeleted(ILogger logger, int count);
}

/// <summary>For how long uploads are kept, 1 to 3,650 days. Default 30.</summary>
/// <param name="Kept">From when they were stored.</param>
public sealed record UploadAge(TimeSpan Kept)
{
    /// <summary>As setting <c>Chard:Retention:UploadsDays</c> has it.</summary>
    /// <exception cref="InvalidOperationException">It is no number of days.</exception>
    public static UploadAge In(IConfiguration configuration) => new(RetentionDays.In(configuration, "UploadsDays", 30));
}
