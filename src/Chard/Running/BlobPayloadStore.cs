using System.Globalization;
using System.IO.Compression;
using System.Text.RegularExpressions;
using Azure;
using Azure.Storage.Blobs;
using Azure.Storage.Blobs.Models;
using Azure.Storage.Blobs.Specialized;
using Chard.Domain.Failures;
using Chard.Domain.Payloads;
using Chard.Platform;

namespace Chard.Running;

/// <summary>
/// Payloads as blobs <c>{workflowId}/{name}</c> in a container of their own, compressed with Brotli. A blob appears whole or not
/// at all.
/// </summary>
public sealed partial class BlobPayloadStore(BlobServiceClient blobs, StorageNames names, ChardMetrics metrics) : IPayloadStore
{
    private const string HashKey = "sha256";
    private const string BytesKey = "bytes";
    private const int DeletesAtOnce = 8;

    private readonly BlobContainerClient _container = blobs.GetBlobContainerClient(names.PayloadContainer);

    /// <inheritdoc/>
    public async Task<PayloadReference> WriteAsync(
        string workflowId,
        string name,
        Func<Stream, CancellationToken, Task> write,
        CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(write);
        CheckOwner(workflowId);
        CheckName(name);
        string blob = $"{workflowId}/{name}";
        var headers = new BlobHttpHeaders { ContentType = "application/vnd.chard.payload+br" };
        await using var writer = new BlockBlobWriter(_container.GetBlockBlobClient(blob), headers, cancellationToken);
        PayloadReference reference;
        await using (var compressor = new BrotliStream(writer, CompressionLevel.Fastest, leaveOpen: true))
        await using (var hashing = new HashingStream(compressor))
        {
            await write(hashing, cancellationToken);
            reference = new(blob, hashing.Sha256(), hashing.Bytes);
        }

        await writer.CommitAsync(new Dictionary<string, string>
        {
            [HashKey] = reference.Sha256,
            [BytesKey] = reference.Bytes.ToString(CultureInfo.InvariantCulture),
        });
        metrics.PayloadWritten(writer.Written);
        return reference;
    }

    /// <inheritdoc/>
    public async Task<PayloadReference?> FindAsync(string workflowId, string name, CancellationToken cancellationToken)
    {
        string blob = $"{workflowId}/{name}";
        try
        {
            IDictionary<string, string> told =
                (await _container.GetBlobClient(blob).GetPropertiesAsync(cancellationToken: cancellationToken)).Value.Metadata;
            return told.TryGetValue(HashKey, out string? hash) && told.TryGetValue(BytesKey, out string? bytes)
                ? new(blob, hash, long.Parse(bytes, CultureInfo.InvariantCulture))
                : null;
        }
        catch (RequestFailedException e) when (e.Status == 404)
        {
            return null;
        }
    }

    /// <inheritdoc/>
    public async Task<Stream> OpenReadAsync(PayloadReference reference, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(reference);
        try
        {
            BlobDownloadStreamingResult download = await _container.GetBlobClient(reference.Blob)
                .DownloadStreamingAsync(cancellationToken: cancellationToken);
            return new VerifyingStream(new BrotliStream(download.Content, CompressionMode.Decompress), download, reference);
        }
        catch (RequestFailedException e) when (e.Status == 404)
        {
            throw new PermanentTaskException(
                "payload-missing", $"Payload '{reference.Blob}' is not there: it was purged or deleted. Run the task that made it again.",
                e);
        }
    }

    /// <inheritdoc/>
    public async Task DeleteAsync(string workflowId, string folder, CancellationToken cancellationToken)
    {
        CheckOwner(workflowId);
        CheckName(folder);
        string prefix = $"{workflowId}/{folder}/";
        await Parallel.ForEachAsync(
            _container.GetBlobsAsync(BlobTraits.None, BlobStates.None, prefix, cancellationToken),
            new ParallelOptions { MaxDegreeOfParallelism = DeletesAtOnce, CancellationToken = cancellationToken },
            async (blob, token) => await _container.DeleteBlobIfExistsAsync(blob.Name, cancellationToken: token));
    }

    /// <inheritdoc/>
    public async Task<int> DeleteAllAsync(string owner, int most, CancellationToken cancellationToken)
    {
        CheckOwner(owner);
        ArgumentOutOfRangeException.ThrowIfLessThan(most, 1);
        int deleted = 0;
        await Parallel.ForEachAsync(
            _container.GetBlobsAsync(BlobTraits.None, BlobStates.None, owner + "/", cancellationToken).Take(most),
            new ParallelOptions { MaxDegreeOfParallelism = DeletesAtOnce, CancellationToken = cancellationToken },
            async (blob, token) =>
            {
                await _container.DeleteBlobIfExistsAsync(blob.Name, cancellationToken: token);
                Interlocked.Increment(ref deleted);
            });
        return deleted;
    }

    private static void CheckOwner(string workflowId)
    {
        if (!OwnerPattern().IsMatch(workflowId))
        {
            throw new ArgumentException(
                $"'{workflowId}' is no id of a workflow or a dead letter, so it can own no payload.", nameof(workflowId));
        }
    }

    private static void CheckName(string name)
    {
        if (!NamePattern().IsMatch(name))
        {
            throw new ArgumentException(
                $"'{name}' is no name of a payload: 1 to 200 of A-Z, a-z, 0-9, '.', '_', '~', '-' and '/'.", nameof(name));
        }
    }

    [GeneratedRegex(@"\A[A-Za-z0-9._~-]{1,200}\z", RegexOptions.CultureInvariant)]
    private static partial Regex OwnerPattern();

    [GeneratedRegex(@"\A[A-Za-z0-9._~/-]{1,200}\z", RegexOptions.CultureInvariant)]
    private static partial Regex NamePattern();
}
