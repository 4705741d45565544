using System.Collections.Concurrent;
using System.Security.Cryptography;
using Chard.Domain.Failures;
using Chard.Domain.Payloads;

namespace Chard.Functions.Tests.InMemory;

/// <summary>Payloads in memory, for tests without storage.</summary>
public sealed class InMemoryPayloadStore : IPayloadStore
{
    private readonly ConcurrentDictionary<string, byte[]> _blobs = new(StringComparer.Ordinal);

    public IEnumerable<string> Names => _blobs.Keys;

    public IReadOnlyCollection<int> Sizes => [.. _blobs.Values.Select(b => b.Length)];

    public async Task<PayloadReference> WriteAsync(
        string workflowId, string name, Func<Stream, CancellationToken, Task> write, CancellationToken cancellationToken)
    {
        using var stream = new MemoryStream();
        await write(stream, cancellationToken);
        byte[] data = stream.ToArray();
        string blob = $"{workflowId}/{name}";
        _blobs[blob] = data;
        return new(blob, Convert.ToHexStringLower(SHA256.HashData(data)), data.Length);
    }

    public Task<Stream> OpenReadAsync(PayloadReference reference, CancellationToken cancellationToken) =>
        _blobs.TryGetValue(reference.Blob, out byte[]? data)
            ? Task.FromResult<Stream>(new MemoryStream(data, writable: false))
            : throw new PermanentTaskException("payload-missing", $"There is no payload '{reference.Blob}'.");

    public Task<PayloadReference?> FindAsync(string workflowId, string name, CancellationToken cancellationToken) =>
        Task.FromResult(_blobs.TryGetValue($"{workflowId}/{name}", out byte[]? data)
            ? new PayloadReference($"{workflowId}/{name}", Convert.ToHexStringLower(SHA256.HashData(data)), data.Length)
            : null);

    public Task DeleteAsync(string workflowId, string folder, CancellationToken cancellationToken)
    {
        foreach (string blob in _blobs.Keys.Where(b => b.StartsWith($"{workflowId}/{folder}/", StringComparison.Ordinal)))
        {
            Remove(blob);
        }

        return Task.CompletedTask;
    }

    public Task<int> DeleteAllAsync(string owner, int most, CancellationToken cancellationToken) =>
        Task.FromResult(_blobs.Keys.Where(b => b.StartsWith(owner + "/", StringComparison.Ordinal)).Take(most).ToArray()
            .Count(b => _blobs.TryRemove(b, out _)));

    public void Remove(string blob) => _blobs.TryRemove(blob, out _);
}
