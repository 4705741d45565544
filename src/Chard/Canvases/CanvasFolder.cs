using System.Buffers;
using System.Collections.Concurrent;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text.Json;
using Chard.Domain.Canvases;
using Chard.Domain.Payloads;
using Chard.Domain.Tasks;

namespace Chard.Canvases;

/// <summary>
/// Folds a canvas that is too large for an orchestrator: what is large in it is stored and a reference stands in its place, so that
/// no history holds
/// more than an outline and the nodes that its own orchestration runs. The members that it writes are no author's (the parser
/// refuses them):
/// <list type="bullet">
/// <item><c>argsRef</c>, <c>overRef</c>: a value without references in it, stored;</item>
/// <item><c>argsTemplateRef</c>, <c>overTemplateRef</c>: one with references in it;</item>
/// <item><c>parts</c> beside an empty array of nodes: <c>{"first","count","ref","packs"}</c> of consecutive nodes, each an array that is
/// stored; <c>packs</c> says that all of them may run in packs.</item>
/// </list>
/// What is stored is named after its hash, so a repeated start stores the same under the same names, and another one spoils nothing.
/// </summary>
internal sealed class CanvasFolder(IPayloadStore payloads, string workflowId, Func<JsonElement, bool> packs) : IDisposable
{
    /// <summary>Documents up to this size stay as they are, but for large arguments of maps, which every chunk would carry.</summary>
    public const int MaxDocumentBytes = TaskValue.MaxInlineBytes;

    /// <summary>Largest arguments or items that stay in their node.</summary>
    public const int MaxValueBytes = 4 * 1024;

    /// <summary>Nodes of one part have about this size, or a hundredth of all if that is more, unless one alone has more.</summary>
    public const int MaxPartBytes = 64 * 1024;

    private const int WritesAtOnce = 16;

    private readonly SemaphoreSlim _writes = new(WritesAtOnce);
    private readonly ConcurrentDictionary<string, Task<PayloadReference>> _stored = new(StringComparer.Ordinal);
    private bool _isLarge;

    /// <summary>The folded document.</summary>
    public async Task<ReadOnlyMemory<byte>> FoldAsync(JsonElement document, CancellationToken cancellationToken)
    {
        _isLarge = Bytes(document) > MaxDocumentBytes;
        return await NodeAsync(document, cancellationToken);
    }

    /// <inheritdoc/>
    public void Dispose() => _writes.Dispose();

    private async Task<ReadOnlyMemory<byte>> NodeAsync(JsonElement node, CancellationToken token)
    {
        var buffer = new ArrayBufferWriter<byte>(256);
        using var writer = new Utf8JsonWriter(buffer);
        writer.WriteStartObject();
        foreach (JsonProperty property in node.EnumerateObject())
        {
            switch (property.Name)
            {
                case "args" when _isLarge:
                    await ValueAsync(writer, property, token);
                    break;
                case "map":
                    writer.WriteStartObject("map");
                    foreach (JsonProperty member in property.Value.EnumerateObject())
                    {
                        if (member.Name is "args" or "over")
                        {
                            await ValueAsync(writer, member, token);
                        }
                        else
                        {
                            member.WriteTo(writer);
                        }
                    }

                    writer.WriteEndObject();
                    break;
                case "chain" or "group":
                    await NodesAsync(writer, property, writer, token);
                    break;
                case "chord":
                    await ChordAsync(writer, property.Value, token);
                    break;
                case "onError":
                    writer.WritePropertyName("onError");
                    writer.WriteRawValue((await NodeAsync(property.Value, token)).Span, skipInputValidation: true);
                    break;
                default:
                    property.WriteTo(writer);
                    break;
            }
        }

        writer.WriteEndObject();
        writer.Flush();
        return buffer.WrittenMemory;
    }

    private async Task ChordAsync(Utf8JsonWriter writer, JsonElement chord, CancellationToken token)
    {
        var parts = new ArrayBufferWriter<byte>();
        using var beside = new Utf8JsonWriter(parts);
        beside.WriteStartObject();
        writer.WriteStartObject("chord");
        foreach (JsonProperty member in chord.EnumerateObject())
        {
            if (member.Name == "header")
            {
                await NodesAsync(writer, member, beside, token);
            }
            else
            {
                writer.WritePropertyName(member.Name);
                writer.WriteRawValue((await NodeAsync(member.Value, token)).Span, skipInputValidation: true);
            }
        }

        writer.WriteEndObject();
        beside.WriteEndObject();
        await beside.FlushAsync(token);
        if (JsonElement.Parse(parts.WrittenSpan).TryGetProperty("parts", out JsonElement folded))
        {
            writer.WritePropertyName("parts");
            folded.WriteTo(writer);
        }
    }

    /// <summary>An array of nodes: as it is if it is small, else empty and in parts, which are told by <paramref name="beside"/>.</summary>
    private async Task NodesAsync(Utf8JsonWriter writer, JsonProperty array, Utf8JsonWriter beside, CancellationToken token)
    {
        ReadOnlyMemory<byte>[] nodes = await Task.WhenAll(array.Value.EnumerateArray().Select(node => NodeAsync(node, token)));
        bool fold = _isLarge && (nodes.Length > CanvasLimits.MaxWidth || nodes.Sum(n => (long)n.Length) > MaxDocumentBytes);
        writer.WriteStartArray(array.Name);
        if (!fold)
        {
            foreach (ReadOnlyMemory<byte> node in nodes)
            {
                writer.WriteRawValue(node.Span, skipInputValidation: true);
            }
        }

        writer.WriteEndArray();
        if (!fold)
        {
            return;
        }

        // Packs read their nodes themselves, so the part that they are from may be larger than what an orchestrator would read.
        bool[] packed = [.. array.Value.EnumerateArray().Select(packs)];
        long bytesOfPart = Math.Max(MaxPartBytes, nodes.Sum(n => (long)n.Length) / CanvasWeight.Max);
        var parts = new List<Task<StoredNodes>>();
        for (int first = 0; first < nodes.Length;)
        {
            int alike = Array.IndexOf(packed, false, first) is >= 0 and int next ? next - first : nodes.Length - first;
            int most = alike >= CanvasLimits.MaxWidth ? Math.Min(alike, CanvasLimits.MaxPackedWidth) : CanvasLimits.MaxWidth;
            int count = 0;
            long bytes = 0;
            while (first + count < nodes.Length && count < most && (count == 0 || bytes + nodes[first + count].Length <= bytesOfPart))
            {
                bytes += nodes[first + count++].Length + 1;
            }

            parts.Add(PartAsync(first, count, count <= alike));
            first += count;
        }

        beside.WritePropertyName("parts");
        JsonSerializer.Serialize(beside, await Task.WhenAll(parts), TaskJson.Options);

        async Task<StoredNodes> PartAsync(int first, int count, bool isPacked) =>
            new(first, count, await StoreAsync(Join(nodes.AsSpan(first, count)), token), isPacked);
    }

    private async Task ValueAsync(Utf8JsonWriter writer, JsonProperty property, CancellationToken token)
    {
        if (Bytes(property.Value) <= MaxValueBytes)
        {
            property.WriteTo(writer);
            return;
        }

        PayloadReference reference = await StoreAsync(JsonMarshal.GetRawUtf8Value(property.Value).ToArray(), token);
        writer.WritePropertyName(property.Name + (References.IsPlain(property.Value) ? "Ref" : "TemplateRef"));
        JsonSerializer.Serialize(writer, reference, TaskJson.Options);
    }

    private Task<PayloadReference> StoreAsync(byte[] utf8, CancellationToken token) =>
        _stored.GetOrAdd(Convert.ToHexStringLower(SHA256.HashData(utf8)), hash => WriteAsync(hash, utf8, token));

    private async Task<PayloadReference> WriteAsync(string hash, byte[] utf8, CancellationToken token)
    {
        await _writes.WaitAsync(token);
        try
        {
            return await payloads.WriteAsync(workflowId, "canvas/" + hash, utf8, token);
        }
        finally
        {
            _writes.Release();
        }
    }

    private static byte[] Join(ReadOnlySpan<ReadOnlyMemory<byte>> nodes)
    {
        var buffer = new ArrayBufferWriter<byte>();
        buffer.Write("["u8);
        for (int i = 0; i < nodes.Length; i++)
        {
            if (i > 0)
            {
                buffer.Write(","u8);
            }

            buffer.Write(nodes[i].Span);
        }

        buffer.Write("]"u8);
        return buffer.WrittenSpan.ToArray();
    }

    private static int Bytes(JsonElement value) => JsonMarshal.GetRawUtf8Value(value).Length;
}
