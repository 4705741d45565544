using System.Buffers;
using System.Globalization;
using System.Security.Cryptography;
using System.Text.Json;
using Azure;
using Azure.Storage.Blobs;
using Azure.Storage.Blobs.Models;
using Azure.Storage.Blobs.Specialized;
using Chard.Functions.Imports.Rules;
using Chard.Platform;

namespace Chard.Functions.Imports;

/// <summary>
/// The blobs of imports, in a container of their own: <c>{id}/source-…</c> an upload, <c>{id}/chunks/00000</c> its parts,
/// <c>{id}/errors/…</c> the bad rows of each part, <c>{id}/errors.jsonl</c> those of the file, and a few small JSON documents
/// between the steps. Every name is made from the workflow's id, so a step that runs twice overwrites its own blobs with the same
/// bytes. Uploads alone have names that never come again: a repeated one replaces nothing.
/// </summary>
public sealed class ImportBlobs(BlobServiceClient service, StorageNames names)
{
    /// <summary>The type of a document of errors: a JSON object a line.</summary>
    public const string ErrorsContentType = "application/x-ndjson";

    private const string FirstLineKey = "firstline";

    // A block of an upload: two of them are all that an upload of any size holds in memory.
    private const int BlockBytes = 4 << 20;

    private readonly BlobContainerClient _container = service.GetBlobContainerClient(names.ImportContainer);

    /// <summary>Makes the container if it is not there.</summary>
    public Task CreateContainerAsync(CancellationToken cancellationToken) =>
        _container.CreateIfNotExistsAsync(cancellationToken: cancellationToken);

    /// <summary>Stores an upload in blocks as it comes, under a name of its own. There is no blob before its end has been read.</summary>
    /// <returns>The reference by which an import knows the file.</returns>
    public async Task<string> UploadSourceAsync(string id, Stream content, CancellationToken cancellationToken)
    {
        var name = $"{id}/source-{RandomNumberGenerator.GetHexString(32, lowercase: true)}";
        await _container.GetBlobClient(name).UploadAsync(
            content,
            new BlobUploadOptions
            {
                TransferOptions = new() { MaximumTransferSize = BlockBytes, InitialTransferSize = BlockBytes, MaximumConcurrency = 2 },
            },
            cancellationToken);
        return $"{_container.Name}/{name}";
    }

    /// <summary>Deletes an upload that no import reads.</summary>
    /// <param name="reference">What <see cref="UploadSourceAsync"/> gave.</param>
    /// <param name="cancellationToken">Cancels the wait.</param>
    public Task DeleteSourceAsync(string reference, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(reference);
        return _container.DeleteBlobIfExistsAsync(reference[(_container.Name.Length + 1)..], cancellationToken: cancellationToken);
    }

    /// <summary>Opens a file to import, from its start.</summary>
    /// <param name="reference">The blob, as <c>container/name</c>.</param>
    /// <param name="eTag">The version it must be; null for any.</param>
    /// <param name="cancellationToken">Cancels the wait.</param>
    /// <exception cref="Domain.Failures.PermanentTaskException">There is no such blob, or it has changed.</exception>
    public async Task<BlobDownloadStreamingResult> OpenSourceAsync(string reference, string? eTag, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(reference);
        var slash = reference.IndexOf('/', StringComparison.Ordinal);
        var blob = service.GetBlobContainerClient(reference[..slash]).GetBlobClient(reference[(slash + 1)..]);
        try
        {
            return await blob.DownloadStreamingAsync(
                new BlobDownloadOptions { Conditions = eTag is null ? null : new BlobRequestConditions { IfMatch = new ETag(eTag) } },
                cancellationToken);
        }
        catch (RequestFailedException e) when (e.Status == 404)
        {
            throw ImportFailure.Of(new("source-missing", $"There is no blob '{reference}': store the file before it is imported."), e);
        }
        catch (RequestFailedException e) when (e.Status == 412)
        {
            throw ImportFailure.Of(
                new("source-changed", $"The blob '{reference}' was replaced while it was being imported: import it again."), e);
        }
    }

    /// <summary>Stores a small document.</summary>
    public Task WriteAsync<T>(string id, string name, T document, CancellationToken cancellationToken) =>
        _container.GetBlobClient($"{id}/{name}").UploadAsync(
            BinaryData.FromObjectAsJson(document, JsonSerializerOptions.Web), overwrite: true, cancellationToken);

    /// <summary>Reads a small document.</summary>
    public async Task<T> ReadAsync<T>(string id, string name, CancellationToken cancellationToken)
    {
        var content = await _container.GetBlobClient($"{id}/{name}").DownloadContentAsync(cancellationToken);
        return content.Value.Content.ToObjectFromJson<T>(JsonSerializerOptions.Web)!;
    }

    /// <summary>Stores a chunk, with the line it starts on.</summary>
    public Task WriteChunkAsync(string id, CsvChunk chunk, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(chunk);
        return _container.GetBlobClient(ChunkName(id, chunk.Index)).UploadAsync(
            new BinaryData(chunk.Content),
            new BlobUploadOptions
            {
                Metadata = new Dictionary<string, string> { [FirstLineKey] = chunk.FirstLine.ToString(CultureInfo.InvariantCulture) },
                TransferOptions = new() { InitialTransferSize = 2 * BlockBytes },
            },
            cancellationToken);
    }

    /// <summary>Reads a chunk into a borrowed buffer, which disposing it gives back.</summary>
    public async Task<StoredChunk> ReadChunkAsync(string id, int index, CancellationToken cancellationToken)
    {
        using var blob =
            (await _container.GetBlobClient(ChunkName(id, index)).DownloadStreamingAsync(cancellationToken: cancellationToken)).Value;
        var length = checked((int)blob.Details.ContentLength);
        var buffer = ArrayPool<byte>.Shared.Rent(length);
        await blob.Content.ReadExactlyAsync(buffer.AsMemory(0, length), cancellationToken);
        return new StoredChunk(buffer, length, long.Parse(blob.Details.Metadata[FirstLineKey], CultureInfo.InvariantCulture));
    }

    /// <summary>Stores the errors of a part of the file.</summary>
    public async Task WriteErrorsAsync(string id, string part, IEnumerable<RowError> errors, CancellationToken cancellationToken)
    {
        using var content = new MemoryStream();
        RowErrorLog.Write(content, errors);
        content.Position = 0;
        await _container.GetBlobClient($"{id}/errors/{part}.jsonl").UploadAsync(content, overwrite: true, cancellationToken);
    }

    /// <summary>The name of a chunk's part of the errors.</summary>
    public static string ErrorPart(int chunk) => chunk.ToString("D5", CultureInfo.InvariantCulture);

    /// <summary>Makes one document out of the errors of all parts, in the order of lines.</summary>
    /// <param name="id">The workflow's id.</param>
    /// <param name="limit">How many errors it may hold.</param>
    /// <param name="cancellationToken">Cancels the call.</param>
    /// <returns>The first error, even if none may be held; null if there are none.</returns>
    public async Task<RowError?> MergeErrorsAsync(string id, int limit, CancellationToken cancellationToken)
    {
        await using var content = await _container.GetBlockBlobClient($"{id}/errors.jsonl").OpenWriteAsync(
            overwrite: true, new BlockBlobOpenWriteOptions { HttpHeaders = new BlobHttpHeaders { ContentType = ErrorsContentType } },
            cancellationToken);
        var merged = RowErrorLog.MergeAsync(
            ReadErrorsAsync(id, "split", cancellationToken), ReadChunkErrorsAsync(id, cancellationToken), Math.Max(limit, 1));
        RowError? first = null;
        await foreach (var error in merged.WithCancellation(cancellationToken))
        {
            first ??= error;
            if (limit > 0)
            {
                RowErrorLog.Write(content, [error]);
            }
        }

        return first;
    }

    /// <summary>Opens the document of errors, or gives null if there is none.</summary>
    public async Task<Stream?> OpenErrorsAsync(string id, CancellationToken cancellationToken)
    {
        try
        {
            BlobClient errors = _container.GetBlobClient($"{id}/errors.jsonl");
            return (await errors.DownloadStreamingAsync(cancellationToken: cancellationToken)).Value.Content;
        }
        catch (RequestFailedException e) when (e.Status == 404)
        {
            return null;
        }
    }

    /// <summary>Deletes what only the steps need: chunks and their errors.</summary>
    public async Task DeletePartsAsync(string id, CancellationToken cancellationToken)
    {
        foreach (var prefix in (string[])[$"{id}/chunks/", $"{id}/errors/"])
        {
            await foreach (var blob in _container.GetBlobsAsync(BlobTraits.None, BlobStates.None, prefix, cancellationToken))
            {
                await _container.DeleteBlobIfExistsAsync(blob.Name, cancellationToken: cancellationToken);
            }
        }
    }

    private static string ChunkName(string id, int index) => string.Create(CultureInfo.InvariantCulture, $"{id}/chunks/{index:D5}");

    // Chunks follow each other in the file, so their errors do too.
    private async IAsyncEnumerable<RowError> ReadChunkErrorsAsync(
        string id, [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var prefix = $"{id}/errors/";
        await foreach (var blob in _container.GetBlobsAsync(BlobTraits.None, BlobStates.None, prefix, cancellationToken))
        {
            var part = Path.GetFileNameWithoutExtension(blob.Name);
            if (part != "split")
            {
                await foreach (var error in ReadErrorsAsync(id, part, cancellationToken))
                {
                    yield return error;
                }
            }
        }
    }

    private async IAsyncEnumerable<RowError> ReadErrorsAsync(
        string id, string part, [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var blob = _container.GetBlobClient($"{id}/errors/{part}.jsonl");
        if (!await blob.ExistsAsync(cancellationToken))
        {
            yield break;
        }

        await using var content = (await blob.DownloadStreamingAsync(cancellationToken: cancellationToken)).Value.Content;
        await foreach (var error in RowErrorLog.ReadAsync(content, cancellationToken))
        {
            yield return error;
        }
    }
}
