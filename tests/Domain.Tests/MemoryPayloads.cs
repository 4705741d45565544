using System.Security.Cryptography;
using System.Text;
using System.Text.RegularExpressions;
using Chard.Domain.Failures;
using Chard.Domain.Payloads;

namespace Chard.Domain.Tests;

/// <summary>Payloads in memory, for running a task by itself.</summary>
internal sealed partial class MemoryPayloads : IPayloadStore
{
    private readonly Dictionary<string, byte[]> _blobs = new(StringComparer.Ordinal);

    public int Reads { get; private set; }

    public async Task<PayloadReference> WriteAsync(
        string workflowId, string name, Func<Stream, CancellationToken, Task> write, CancellationToken cancellationToken)
    {
        Assert.Matches(NamePattern(), name);
        using var stream = new MemoryStream();
        await write(stream, cancellationToken);
        return Put($"{workflowId}/{name}", stream.ToArray());
    }

    public Task<Stream> OpenReadAsync(PayloadReference reference, CancellationToken cancellationToken)
    {
        Reads++;
        return _blobs.TryGetValue(reference.Blob, out byte[]? data)
            ? Task.FromResult<Stream>(new MemoryStream(data, writable: false))
            : throw new PermanentTaskException("payload-missing", reference.Blob);
    }

    public Task<PayloadReference?> FindAsync(string workflowId, string name, CancellationToken cancellationToken) =>
        Task.FromResult(_blobs.TryGetValue($"{workflowId}/{name}", out byte[]? data) ? Put($"{workflowId}/{name}", data) : null);

    public Task DeleteAsync(string workflowId, string folder, CancellationToken cancellationToken)
    {
        foreach (string blob in _blobs.Keys.Where(b => b.StartsWith($"{workflowId}/{folder}/", StringComparison.Ordinal)).ToArray())
        {
            _blobs.Remove(blob);
        }

        return Task.CompletedTask;
    }

    public Task<int> DeleteAllAsync(string owner, int most, CancellationToken cancellationToken) =>
        Task.FromResult(_blobs.Keys.Where(b => b.StartsWith(owner + "/", StringComparison.Ordinal)).Take(most).ToArray()
            .Count(_blobs.Remove));

    public PayloadReference Put(string blob, string text) => Put(blob, Encoding.UTF8.GetBytes(text));

    public string Text(PayloadReference reference) => Encoding.UTF8.GetString(_blobs[reference.Blob]);

    private PayloadReference Put(string blob, byte[] data)
    {
        _blobs[blob] = data;
        return new(blob, Convert.ToHexStringLower(SHA256.HashData(data)), data.Length);
    }

    [GeneratedRegex(@"\A[A-Za-z0-9._/-]{1,200}\z")]
    private static partial Regex NamePattern();
}
