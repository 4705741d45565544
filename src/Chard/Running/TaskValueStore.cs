using System.Security.Cryptography;
using System.Text.Json;
using Chard.Domain.Payloads;
using Chard.Domain.Tasks;

namespace Chard.Running;

/// <summary>The claim check: what is too large to travel goes to a blob by itself, and comes back from it.</summary>
public sealed class TaskValueStore(IPayloadStore payloads)
{
    /// <summary>
    /// <paramref name="utf8"/> as a value that may travel. What is over <see cref="TaskValue.MaxInlineBytes"/> is stored first,
    /// under a name with its hash in it: a run that lost its lease cannot write over what the record refers to.
    /// </summary>
    /// <param name="workflowId">The workflow it belongs to.</param>
    /// <param name="name">What it is, such as <c>results/2.0.17</c>.</param>
    /// <param name="utf8">JSON.</param>
    /// <param name="cancellationToken">Cancels the call.</param>
    public async Task<TaskValue> CheckInAsync(
        string workflowId,
        string name,
        ReadOnlyMemory<byte> utf8,
        CancellationToken cancellationToken)
    {
        if (utf8.Length <= TaskValue.MaxInlineBytes)
        {
            return TaskValue.Of(JsonElement.Parse(utf8.Span));
        }

        string hash = Convert.ToHexStringLower(SHA256.HashData(utf8.Span))[..16];
        return TaskValue.Of(await payloads.WriteAsync(
            workflowId, $"{name}.{hash}", utf8, cancellationToken));
    }

    /// <summary>The JSON of <paramref name="value"/>, wherever it is.</summary>
    /// <exception cref="Chard.Domain.Failures.PermanentTaskException"><c>payload-missing</c> or <c>payload-altered</c>.</exception>
    public async Task<ReadOnlyMemory<byte>> CheckOutAsync(TaskValue value, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(value);
        if (value.Reference is not { } reference)
        {
            return JsonSerializer.SerializeToUtf8Bytes(value.ToElement());
        }

        await using Stream stream = await payloads.OpenReadAsync(reference, cancellationToken);
        using var buffer = new MemoryStream((int)Math.Min(reference.Bytes, Array.MaxLength));
        await stream.CopyToAsync(buffer, cancellationToken);
        return buffer.GetBuffer().AsMemory(0, (int)buffer.Length);
    }
}
