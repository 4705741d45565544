using System.Buffers;
using System.Text.Json;
using Chard.Domain.Tasks;

namespace Chard.Canvases;

/// <summary>The results of packs, and those that came by themselves in their places.</summary>
internal sealed partial class PackPool
{
    private async Task<IReadOnlyList<TaskValue>> ResultsAsync(Func<IReadOnlyList<TaskValue>, int, Task<TaskValue>> assembleAsync)
    {
        var results = new List<TaskValue>();
        foreach (Segment segment in _segments.OrderBy(s => s.First))
        {
            results.Add(segment.Results is { } packed
                ? await PatchAsync(segment, packed)
                : await assembleAsync(
                    [.. Enumerable.Range(segment.First, segment.Count).Select(i => _patches.GetValueOrDefault(i, TaskValue.Null))],
                    segment.First));
        }

        return results;
    }

    /// <summary>A pack's results with those that came by themselves: here if all is small.</summary>
    private async Task<TaskValue> PatchAsync(Segment segment, TaskValue results)
    {
        Dictionary<int, TaskValue> patches = Enumerable.Range(0, segment.Count)
            .Where(i => _patches.ContainsKey(segment.First + i))
            .ToDictionary(i => i, i => _patches[segment.First + i]);
        if (patches.Count == 0)
        {
            return results;
        }

        if (results.Reference is null && patches.Values.All(p => p.Reference is null) && patches.Values.Sum(Bytes) <= 8 * 1024)
        {
            return Patched(results.ToElement(), patches);
        }

        return await context.CallActivityAsync<TaskValue>(
            nameof(PatchResults),
            new ResultsToPatch(source.WorkflowId, TaskPath.Below(source.Path, segment.First), results, patches),
            CanvasRun.LongRetries);
    }

    private static TaskValue Patched(JsonElement results, Dictionary<int, TaskValue> patches)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var writer = new Utf8JsonWriter(buffer))
        {
            writer.WriteStartArray();
            int index = 0;
            foreach (JsonElement result in results.EnumerateArray())
            {
                (patches.TryGetValue(index++, out TaskValue? given) ? given.ToElement() : result).WriteTo(writer);
            }

            writer.WriteEndArray();
        }

        return TaskValue.Of(JsonElement.Parse(buffer.WrittenSpan));
    }

    private static int Bytes(TaskValue value) => CanvasRun.Length(value.ToElement());
}
