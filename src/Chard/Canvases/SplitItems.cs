using System.Text.Json;
using Chard.Domain.Canvases;
using Chard.Domain.Failures;
using Chard.Domain.Payloads;
using Chard.Domain.Tasks;
using Microsoft.Azure.Functions.Worker;

namespace Chard.Canvases;

/// <summary>
/// Splits a stored array into chunks, each a payload of its own unless it is tiny, in constant memory. Safe to run twice.
/// </summary>
public sealed class SplitItems(IPayloadStore payloads)
{
    private const int WritesAtOnce = 8;

    /// <summary>
    /// Chunks up to this size travel by themselves, as long as all of them together stay far below the 1 MB of a message.
    /// </summary>
    private const int MaxInlineChunk = 512;

    private const int MaxInlineBytes = 128 * 1024;

    /// <summary>The activity.</summary>
    /// <exception cref="PermanentTaskException">
    /// <c>not-an-array</c>; <c>too-many-items</c>; <c>payload-missing</c> or <c>payload-altered</c>.
    /// </exception>
    [Function(nameof(SplitItems))]
    public async Task<ItemChunks> RunAsync([ActivityTrigger] ItemsToSplit work, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(work);
        try
        {
            int count = 0;
            await foreach (JsonElement _ in ItemsAsync(work.Over, cancellationToken))
            {
                if (++count > CanvasLimits.MaxItems)
                {
                    throw new PermanentTaskException("too-many-items", $"too-many-items: A map has at most {CanvasLimits.MaxItems} items.");
                }
            }

            int size = CanvasLimits.ChunkOf(count, work.Chunk, work.Most);
            int room = MaxInlineBytes;
            var chunks = new List<Task<TaskValue>>();
            var chunk = new List<JsonElement>(size);
            await foreach (JsonElement item in ItemsAsync(work.Over, cancellationToken))
            {
                chunk.Add(item);
                if (chunk.Count == size)
                {
                    await WriteAsync();
                }
            }

            if (chunk.Count > 0)
            {
                await WriteAsync();
            }

            return new(count, size, await Task.WhenAll(chunks));

            async Task WriteAsync()
            {
                if (chunks.Count >= WritesAtOnce)
                {
                    await chunks[^WritesAtOnce];
                }

                byte[] utf8 = JsonSerializer.SerializeToUtf8Bytes(chunk);
                chunk.Clear();
                bool fits = utf8.Length <= MaxInlineChunk && (room -= utf8.Length) >= 0;
                chunks.Add(fits ? Task.FromResult(TaskValue.Of(JsonElement.Parse(utf8))) : StoreAsync(utf8, chunks.Count));
            }

            async Task<TaskValue> StoreAsync(byte[] utf8, int index) => TaskValue.Of(await payloads.WriteAsync(
                work.WorkflowId,
                $"items/{work.Path}-{index}",
                utf8,
                cancellationToken));
        }
        catch (JsonException)
        {
            throw new PermanentTaskException(NodeFailure.NotAnArray, $"{NodeFailure.NotAnArray}: What the map goes over is no array.");
        }
    }

    private async IAsyncEnumerable<JsonElement> ItemsAsync(
        PayloadReference over, [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken token)
    {
        await using Stream stream = await payloads.OpenReadAsync(over, token);
        await foreach (JsonElement item in JsonSerializer.DeserializeAsyncEnumerable<JsonElement>(stream, cancellationToken: token))
        {
            yield return item;
        }
    }
}

/// <summary>Work for <see cref="SplitItems"/>.</summary>
/// <param name="WorkflowId">The workflow.</param>
/// <param name="Path">Position of the map.</param>
/// <param name="Over">The stored array.</param>
/// <param name="Chunk">Items of a chunk; null to choose.</param>
/// <param name="Most">Most items of a chunk that is chosen; null for the app's bound.</param>
public sealed record ItemsToSplit(string WorkflowId, string Path, PayloadReference Over, int? Chunk, int? Most = null);

/// <summary>The chunks of a map.</summary>
/// <param name="Count">Items in all.</param>
/// <param name="Size">Items of a chunk; the last may have fewer.</param>
/// <param name="Chunks">The chunks' items.</param>
public sealed record ItemChunks(int Count, int Size, IReadOnlyList<TaskValue> Chunks);
