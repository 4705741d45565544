using System.Buffers;
using System.Runtime.InteropServices;
using System.Text.Json;
using Chard.Domain.Failures;
using Chard.Domain.Payloads;
using Chard.Domain.Tasks;

namespace Chard.Canvases;

/// <summary>What a chunk came to, made fit to travel: hundreds of chunks are in one history.</summary>
public sealed class ChunkResults(IPayloadStore payloads)
{
    /// <summary>Largest results that travel by themselves.</summary>
    private const int MaxInlineBytes = 2 * 1024;

    /// <summary>Arguments of failed items that travel by themselves, in all.</summary>
    private const int MaxInlineArgs = 64 * 1024;

    /// <summary>The array of results.</summary>
    public async Task<TaskValue> KeepAsync(ChunkCall chunk, TaskValue[] results, CancellationToken token)
    {
        ArgumentNullException.ThrowIfNull(chunk);
        ArgumentNullException.ThrowIfNull(results);

        // Another round of the chunk has other results, and the reference of this one may be in history.
        string name = $"chunks/{TaskPath.Below(chunk.Call.Path, chunk.First)}-{chunk.Round}";
        if (results.Any(r => r.Reference is not null))
        {
            return TaskValue.Of(await payloads.WriteAsync(
                chunk.Call.WorkflowId,
                name,
                (stream, stop) => ResultArrays.WriteAsync(payloads, stream, results, areArrays: false, stop),
                token));
        }

        var buffer = new ArrayBufferWriter<byte>(Math.Max(256, results.Length * 8));
        using (var writer = new Utf8JsonWriter(buffer))
        {
            writer.WriteStartArray();
            foreach (TaskValue result in results)
            {
                result.ToElement().WriteTo(writer);
            }

            writer.WriteEndArray();
        }

        return buffer.WrittenCount <= MaxInlineBytes
            ? TaskValue.Of(JsonElement.Parse(buffer.WrittenSpan))
            : TaskValue.Of(await payloads.WriteAsync(
                chunk.Call.WorkflowId, name, buffer.WrittenMemory, token));
    }

    /// <summary>Failures that fit into a message: many of them say less each, and large arguments are stored.</summary>
    public async Task<IReadOnlyList<ChunkFailure>> TrimAsync(ChunkCall chunk, ChunkFailure?[] failures, CancellationToken token)
    {
        ArgumentNullException.ThrowIfNull(chunk);
        ArgumentNullException.ThrowIfNull(failures);
        ChunkFailure[] found = [.. failures.Where(f => f is not null).Select(f => f!)];
        int longest = found.Length > 100 ? 200 : TaskFailure.MaxMessageLength;
        int room = MaxInlineArgs;
        for (int i = 0; i < found.Length; i++)
        {
            if (found[i].Message.Length > longest)
            {
                found[i] = found[i] with { Message = found[i].Message[..longest] };
            }

            if (found[i].Args is { Json: { } json } && (room -= JsonMarshal.GetRawUtf8Value(json).Length) < 0)
            {
                found[i] = found[i] with
                {
                    Args = TaskValue.Of(await payloads.WriteAsync(
                        chunk.Call.WorkflowId, "args/" + TaskPath.Below(chunk.Call.Path, chunk.First + found[i].Index),
                        (stream, stop) => JsonSerializer.SerializeAsync(stream, json, cancellationToken: stop), token)),
                };
            }
        }

        return found;
    }
}
