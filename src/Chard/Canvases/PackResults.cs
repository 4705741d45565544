using System.Buffers;
using System.Text.Json;
using Chard.Domain.Payloads;
using Chard.Domain.Tasks;

namespace Chard.Canvases;

/// <summary>What a pack came to, made fit to travel: hundreds of packs may be in one history.</summary>
public sealed class PackResults(IPayloadStore payloads)
{
    /// <summary>Largest results that travel by themselves.</summary>
    private const int MaxInlineBytes = 2 * 1024;

    /// <summary>The array of results, with null for lanes that have none; of a single lane its result. Null if that has none.</summary>
    public async Task<TaskValue?> KeepAsync(PackCall pack, IReadOnlyList<TaskValue?> results, CancellationToken token)
    {
        ArgumentNullException.ThrowIfNull(pack);
        ArgumentNullException.ThrowIfNull(results);
        if (pack.IsSingle)
        {
            return results.Count == 1 ? results[0] : null;
        }

        // Another round of the pack has other results, and the reference of this one may be in history.
        string name = $"packs/{TaskPath.Below(pack.Path, pack.First)}-{pack.Round}";
        if (results.Any(r => r?.Reference is not null))
        {
            return TaskValue.Of(await payloads.WriteAsync(
                pack.Workflow.Id,
                name,
                (stream, stop) => ResultArrays.WriteAsync(
                    payloads, stream, [.. results.Select(r => r ?? TaskValue.Null)], areArrays: false, stop),
                token));
        }

        var buffer = new ArrayBufferWriter<byte>(Math.Max(256, results.Count * 8));
        using (var writer = new Utf8JsonWriter(buffer))
        {
            writer.WriteStartArray();
            foreach (TaskValue? result in results)
            {
                (result ?? TaskValue.Null).ToElement().WriteTo(writer);
            }

            writer.WriteEndArray();
        }

        return buffer.WrittenCount <= MaxInlineBytes
            ? TaskValue.Of(JsonElement.Parse(buffer.WrittenSpan))
            : TaskValue.Of(await payloads.WriteAsync(pack.Workflow.Id, name, buffer.WrittenMemory, token));
    }
}
