using System.Security.Cryptography;
using Azure;
using Azure.Storage.Blobs;
using Azure.Storage.Blobs.Models;
using Chard.Domain.Identity;
using Chard.Domain.Json;
using Chard.Functions.Imports.Rules;
using Chard.Platform;
using Microsoft.Extensions.Options;

namespace Chard.Functions.Imports;

/// <summary>
/// The files that are imported: uploads, in a container of their own as <c>{id}/source-…</c>, and blobs of the containers that the
/// setting <c>Chard:Imports:Sources</c> names. An upload's name never comes again: a repeated one replaces nothing.
/// </summary>
public sealed class ImportSources(BlobServiceClient service, StorageNames names, IOptions<ImportOptions> options)
{
    // A block of an upload: two of them are all that an upload of any size holds in memory.
    private const int BlockBytes = 4 << 20;

    private const string UploadMark = "/source-";

    private readonly BlobContainerClient _uploads = service.GetBlobContainerClient(ContainerOf(names));

    /// <summary>The container of the uploads.</summary>
    public static string ContainerOf(StorageNames names)
    {
        ArgumentNullException.ThrowIfNull(names);
        return names.Container("imports");
    }

    /// <summary>Makes the container of the uploads if it is not there.</summary>
    public Task CreateContainerAsync(CancellationToken cancellationToken) =>
        _uploads.CreateIfNotExistsAsync(cancellationToken: cancellationToken);

    /// <summary>All faults of an import's arguments.</summary>
    public IReadOnlyList<JsonFault> Check(ImportCsvArgs args) => ImportCsvArgsValidator.Validate(args, Containers);

    /// <summary>Stores an upload in blocks as it comes, under a name of its own. There is no blob before its end has been read.</summary>
    /// <returns>The reference by which an import knows the file.</returns>
    public async Task<string> UploadAsync(string id, Stream content, CancellationToken cancellationToken)
    {
        var name = $"{id}{UploadMark}{RandomNumberGenerator.GetHexString(32, lowercase: true)}";
        await _uploads.GetBlobClient(name).UploadAsync(
            content,
            new BlobUploadOptions
            {
                TransferOptions = new() { MaximumTransferSize = BlockBytes, InitialTransferSize = BlockBytes, MaximumConcurrency = 2 },
            },
            cancellationToken);
        return $"{_uploads.Name}/{name}";
    }

    /// <summary>Deletes an upload that no import reads.</summary>
    /// <param name="reference">What <see cref="UploadAsync"/> gave.</param>
    /// <param name="cancellationToken">Cancels the wait.</param>
    public Task DeleteAsync(string reference, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(reference);
        return _uploads.DeleteBlobIfExistsAsync(reference[(_uploads.Name.Length + 1)..], cancellationToken: cancellationToken);
    }

    /// <summary>Deletes all uploads for an import.</summary>
    /// <returns>How many there were.</returns>
    public async Task<int> DeleteUploadsAsync(string id, CancellationToken cancellationToken)
    {
        var deleted = 0;
        await foreach (var blob in _uploads.GetBlobsAsync(BlobTraits.None, BlobStates.None, id + UploadMark, cancellationToken))
        {
            deleted += await _uploads.DeleteBlobIfExistsAsync(blob.Name, cancellationToken: cancellationToken) ? 1 : 0;
        }

        return deleted;
    }

    /// <summary>A page of all uploads, in the order of their names, without what else people have put into the container.</summary>
    /// <param name="cursor">Where the page before ended; null to begin.</param>
    /// <param name="limit">Most of them.</param>
    /// <param name="cancellationToken">Cancels the wait.</param>
    /// <returns>The uploads, and where to go on; null at the end.</returns>
    public async Task<(IReadOnlyList<Upload> Uploads, string? Cursor)> ListUploadsAsync(
        string? cursor, int limit, CancellationToken cancellationToken)
    {
        await foreach (var page in _uploads.GetBlobsAsync(BlobTraits.None, BlobStates.None, null, cancellationToken).AsPages(cursor, limit))
        {
            return (
                [.. from blob in page.Values
                    let id = blob.Name.Split(UploadMark)[0]
                    where WorkflowId.IsValid(id) && id.Length < blob.Name.Length
                    select new Upload($"{_uploads.Name}/{blob.Name}", id, blob.Properties.LastModified ?? DateTimeOffset.MaxValue)],
                string.IsNullOrEmpty(page.ContinuationToken) ? null : page.ContinuationToken);
        }

        return ([], null);
    }

    /// <summary>Opens a file to import, from its start.</summary>
    /// <param name="reference">The blob, as <c>container/name</c>.</param>
    /// <param name="eTag">The version it must be; null for any.</param>
    /// <param name="cancellationToken">Cancels the wait.</param>
    /// <exception cref="Domain.Failures.PermanentTaskException">
    /// Imports may not read it, there is no such blob, or it has changed.
    /// </exception>
    public async Task<BlobDownloadStreamingResult> OpenAsync(string? reference, string? eTag, CancellationToken cancellationToken)
    {
        // Tasks can be started by themselves, so what a workflow may not read none of its tasks may.
        if (ImportCsvArgsValidator.SourceFault(reference, Containers) is { } fault)
        {
            throw new ImportFault("invalid-args", fault).ToException();
        }

        var slash = reference!.IndexOf('/', StringComparison.Ordinal);
        var blob = service.GetBlobContainerClient(reference[..slash]).GetBlobClient(reference[(slash + 1)..]);
        try
        {
            return await blob.DownloadStreamingAsync(
                new BlobDownloadOptions { Conditions = eTag is null ? null : new BlobRequestConditions { IfMatch = new ETag(eTag) } },
                cancellationToken);
        }
        catch (RequestFailedException e) when (e.Status == 404)
        {
            throw new ImportFault("source-missing", $"There is no blob '{reference}': store the file before it is imported.")
                .ToException(e);
        }
        catch (RequestFailedException e) when (e.Status == 412)
        {
            throw new ImportFault("source-changed", $"The blob '{reference}' was replaced while it was being imported: import it again.")
                .ToException(e);
        }
    }

    private string[] Containers => [_uploads.Name, .. options.Value.Sources];
}

/// <summary>A file that was uploaded.</summary>
/// <param name="Reference">As <see cref="ImportSources.UploadAsync"/> gave it.</param>
/// <param name="WorkflowId">The import that it is for.</param>
/// <param name="StoredAt">When it was stored, UTC.</param>
public sealed record Upload(string Reference, string WorkflowId, DateTimeOffset StoredAt);
