using System.Globalization;
using Azure;
using Azure.Storage.Blobs;
using Azure.Storage.Blobs.Models;
using Chard.DeadLetters;
using Chard.Platform;
using Chard.Status;
using Microsoft.Azure.Functions.Worker;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Logging;

namespace Chard.Control;

/// <summary>
/// Deletes payloads that nobody can refer to any more: those whose owner has no row, once they are old. A workflow that has a status row,
/// finished or not, keeps all of its payloads; so does a dead letter that never became a workflow, and a start that is under way, since its
/// payloads are young.
/// </summary>
public sealed partial class PurgePayloads(
    BlobServiceClient blobs,
    StorageNames names,
    IWorkflowStatusStore workflows,
    IDeadLetterStore letters,
    IConfiguration configuration,
    TimeProvider time,
    ILogger<PurgePayloads> logger)
{
    /// <summary>Setting with the age in days from which a payload without a workflow is deleted: 1 to 3,650, default 7.</summary>
    public const string AgeSetting = "Chard:Payloads:PurgeAfterDays";

    private readonly BlobContainerClient _container = blobs.GetBlobContainerClient(names.PayloadContainer);

    /// <summary>Runs daily at 03:17.</summary>
    [Function(nameof(PurgePayloads))]
    public Task RunAsync([TimerTrigger("0 17 3 * * *")] TimerInfo timer, CancellationToken cancellationToken) =>
        PurgeAsync(cancellationToken);

    /// <summary>Deletes what may go; gives how many blobs that were.</summary>
    public async Task<int> PurgeAsync(CancellationToken cancellationToken)
    {
        DateTimeOffset before = time.GetUtcNow() - AgeIn(configuration);
        int deleted = 0;
        await foreach (BlobHierarchyItem folder in _container.GetBlobsByHierarchyAsync(
            BlobTraits.None, BlobStates.None, "/", null, cancellationToken))
        {
            if (folder.IsPrefix && !await IsKeptAsync(folder.Prefix.TrimEnd('/'), cancellationToken))
            {
                deleted += await PurgeAsync(folder.Prefix, before, cancellationToken);
            }
        }

        if (deleted > 0)
        {
            LogPurged(logger, deleted);
        }

        return deleted;
    }

    /// <summary>True if a workflow, or a dead letter that never was one, owns the payloads.</summary>
    private async Task<bool> IsKeptAsync(string owner, CancellationToken cancellationToken) =>
        await workflows.GetAsync(owner, cancellationToken) is not null || await letters.GetAsync(owner, cancellationToken) is not null;

    private async Task<int> PurgeAsync(string prefix, DateTimeOffset before, CancellationToken cancellationToken)
    {
        int deleted = 0;
        await foreach (BlobItem blob in _container.GetBlobsAsync(BlobTraits.None, BlobStates.None, prefix, cancellationToken))
        {
            if (blob.Properties.LastModified < before && await DeleteAsync(blob, cancellationToken))
            {
                deleted++;
            }
        }

        return deleted;
    }

    /// <summary>Deletes the very blob that was looked at: one that was written anew meanwhile belongs to somebody.</summary>
    private async Task<bool> DeleteAsync(BlobItem blob, CancellationToken cancellationToken)
    {
        try
        {
            await _container.GetBlobClient(blob.Name).DeleteAsync(
                conditions: new BlobRequestConditions { IfMatch = blob.Properties.ETag }, cancellationToken: cancellationToken);
            return true;
        }
        catch (RequestFailedException e) when (e.Status is 404 or 412)
        {
            return false;
        }
    }

    /// <summary>The age that is set.</summary>
    /// <exception cref="InvalidOperationException">It is none.</exception>
    internal static TimeSpan AgeIn(IConfiguration configuration) =>
        configuration[AgeSetting] is not { } text ? TimeSpan.FromDays(7)
            : double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out double days) && days is >= 1 and <= 3650
                ? TimeSpan.FromDays(days)
            : throw new InvalidOperationException($"{AgeSetting} is '{text}'; it must be a number of days, 1 to 3650.");

    [LoggerMessage(EventId = 210, EventName = "PayloadsPurged", Level = LogLevel.Information,
        Message = "Deleted {Count} payloads of workflows that are no more")]
    private static partial void LogPurged(ILogger logger, int count);
}
