using Azure;
using Azure.Storage.Blobs;
using Azure.Storage.Blobs.Models;
using Chard.Platform;

namespace Chard.Running;

/// <summary>
/// Deletes payloads whose owner is no more, once they are old: an owner that is just being made stores before it has a row.
/// </summary>
public sealed class OldPayloads(BlobServiceClient blobs, StorageNames names)
{
    private readonly BlobContainerClient _container = blobs.GetBlobContainerClient(names.PayloadContainer);

    /// <summary>A page of those who own payloads, whether they are there or not, in the order of their names.</summary>
    /// <param name="cursor">Where the page before ended; null to begin.</param>
    /// <param name="limit">Most of them.</param>
    /// <param name="cancellationToken">Cancels the call.</param>
    /// <returns>The owners, and where to go on; null at the end.</returns>
    public async Task<(IReadOnlyList<string> Owners, string? Cursor)> ListOwnersAsync(
        string? cursor, int limit, CancellationToken cancellationToken)
    {
        await foreach (Page<BlobHierarchyItem> page in _container.GetBlobsByHierarchyAsync(
            BlobTraits.None, BlobStates.None, "/", null, cancellationToken).AsPages(cursor, limit))
        {
            return (
                [.. page.Values.Where(item => item.IsPrefix).Select(item => item.Prefix.TrimEnd('/'))],
                string.IsNullOrEmpty(page.ContinuationToken) ? null : page.ContinuationToken);
        }

        return ([], null);
    }

    /// <summary>Deletes an owner's payloads that were last written before a time, as many as the budget allows.</summary>
    public async Task<Deleted> DeleteAsync(
        string owner, DateTimeOffset before, RequestBudget budget, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(budget);
        int deleted = 0;
        budget.Spend();
        await foreach (BlobItem blob in _container.GetBlobsAsync(BlobTraits.None, BlobStates.None, owner + "/", cancellationToken))
        {
            if (blob.Properties.LastModified >= before)
            {
                continue;
            }

            if (!budget.TrySpend())
            {
                return new(deleted, IsDone: false);
            }

            deleted += await DeleteAsync(blob, cancellationToken) ? 1 : 0;
        }

        return new(deleted, IsDone: true);
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
}
