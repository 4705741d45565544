using System.Buffers;
using System.Text.Json;
using Chard.Domain.Payloads;
using Chard.Domain.Tasks;

namespace Chard.Domain.Canvases;

/// <summary>
/// Reads a canvas that <see cref="CanvasParser"/> has passed before: what an orchestrator does on every replay, so it depends on nothing
/// but the document.
/// </summary>
public static class CanvasReader
{
    /// <summary>Reads as deep as a canvas may nest.</summary>
    public static readonly JsonDocumentOptions Deep = new() { MaxDepth = CanvasLimits.MaxJsonDepth };

    /// <summary>The node in <paramref name="json"/>.</summary>
    /// <exception cref="ArgumentException">It is no node: the document was not checked.</exception>
    public static CanvasNode Read(JsonElement json)
    {
        var reads = new CanvasMembers(tasks: null);
        CanvasNode node = json switch
        {
            _ when json.TryGetProperty("task", out JsonElement task) =>
                new TaskNode(task.GetString()!, Optional(json, "args"))
                {
                    StoredArgs = Stored(json, "args"),
                    IdempotencyKey = reads.IdempotencyKey(json, ""),
                },
            _ when json.TryGetProperty("chain", out JsonElement steps) => new ChainNode(Nodes(steps)) { Parts = Parts(json) },
            _ when json.TryGetProperty("group", out JsonElement members) => Group(json, members),
            _ when json.TryGetProperty("chord", out JsonElement chord) =>
                new ChordNode(Group(json, chord.GetProperty("header")), Read(chord.GetProperty("body"))),
            _ when json.TryGetProperty("map", out JsonElement map) => new MapNode(
                map.GetProperty("task").GetString()!,
                Optional(map, "args"),
                Optional(map, "over") ?? default,
                Whole(map, "chunk"),
                Whole(map, "maxInFlight"),
                Rule(map))
            {
                StoredArgs = Stored(map, "args"),
                StoredOver = Stored(map, "over"),
            },
            _ => throw new ArgumentException("This is no node of a canvas.", nameof(json)),
        };
        return node with
        {
            Source = json,
            Id = Optional(json, "id")?.GetString(),
            Options = reads.Options(json, "", reads.StampsOf(json, "", [])),
            CountdownSeconds = Number(json, "countdown"),
            ExpiresInSeconds = Number(json, "expiresIn"),
            TimeLimitSeconds = Number(json, "timeLimit"),
            OnError = Optional(json, "onError") is { } handler ? Read(handler) : null,
        };
    }

    /// <summary>
    /// <paramref name="json"/> as it may stand within other JSON: what nests deeper than most readers take is packed into a string.
    /// </summary>
    public static JsonElement Pack(JsonElement json) => Depth(json) <= 40 ? json : JsonSerializer.SerializeToElement(json.GetRawText());

    /// <summary>An array of nodes, packed.</summary>
    public static JsonElement Pack(IEnumerable<JsonElement> nodes)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var writer = new Utf8JsonWriter(buffer))
        {
            writer.WriteStartArray();
            foreach (JsonElement node in nodes)
            {
                node.WriteTo(writer);
            }

            writer.WriteEndArray();
        }

        return Pack(JsonElement.Parse(buffer.WrittenSpan, Deep));
    }

    /// <summary>What was packed.</summary>
    public static JsonElement Unpack(JsonElement packed) => packed.ValueKind != JsonValueKind.String
        ? packed
        : JsonElement.Parse(packed.GetString()!, Deep);

    /// <summary>How many levels of arrays and objects <paramref name="json"/> has.</summary>
    public static int Depth(JsonElement json) => json.ValueKind switch
    {
        JsonValueKind.Object => 1 + json.EnumerateObject().Select(p => Depth(p.Value)).DefaultIfEmpty().Max(),
        JsonValueKind.Array => 1 + json.EnumerateArray().Select(Depth).DefaultIfEmpty().Max(),
        _ => 0,
    };

    /// <summary>A map as JSON, without what it goes over: for the orchestrations of its parts.</summary>
    public static JsonElement WithoutItems(MapNode node)
    {
        ArgumentNullException.ThrowIfNull(node);
        var buffer = new ArrayBufferWriter<byte>();
        using (var writer = new Utf8JsonWriter(buffer))
        {
            writer.WriteStartObject();
            writer.WriteStartObject("map");
            foreach (JsonProperty member in node.Source!.Value.GetProperty("map").EnumerateObject())
            {
                if (!member.Name.StartsWith("over", StringComparison.Ordinal))
                {
                    member.WriteTo(writer);
                }
            }

            writer.WriteEndObject();
            writer.WriteEndObject();
        }

        return JsonElement.Parse(buffer.WrittenSpan);
    }

    /// <summary>The names of all tasks in <paramref name="node"/>, each once.</summary>
    public static IReadOnlySet<string> TasksIn(CanvasNode node)
    {
        var names = new HashSet<string>(StringComparer.OrdinalIgnoreCase);
        Collect(node, names);
        return names;
    }

    private static void Collect(CanvasNode node, HashSet<string> names)
    {
        IEnumerable<CanvasNode> below = node switch
        {
            ChainNode chain => chain.Steps,
            GroupNode group => group.Members,
            ChordNode chord => [chord.Header, chord.Body],
            _ => [],
        };
        if ((node as TaskNode)?.Task is { } task)
        {
            names.Add(task);
        }
        else if (node is MapNode map)
        {
            names.Add(map.Task);
        }

        foreach (CanvasNode inner in below)
        {
            Collect(inner, names);
        }

        if (node.OnError is { } handler)
        {
            Collect(handler, names);
        }
    }

    private static GroupNode Group(JsonElement owner, JsonElement members) =>
        new(Nodes(members), Whole(owner, "maxInFlight"), Rule(owner)) { Parts = Parts(owner) };

    private static StoredNodes[]? Parts(JsonElement owner) => Optional(owner, "parts")?.Deserialize<StoredNodes[]>(TaskJson.Options);

    private static StoredValue? Stored(JsonElement owner, string member) =>
        Optional(owner, member + "Ref") is { } plain ? Stored(plain, isTemplate: false)
            : Optional(owner, member + "TemplateRef") is { } template ? Stored(template, isTemplate: true)
            : null;

    private static StoredValue Stored(JsonElement reference, bool isTemplate) =>
        new(reference.Deserialize<PayloadReference>(TaskJson.Options)!, isTemplate);

    private static CanvasNode[] Nodes(JsonElement array) => [.. array.EnumerateArray().Select(Read)];

    private static FailureRule Rule(JsonElement owner) => Optional(owner, "failures") switch
    {
        { ValueKind: JsonValueKind.Object } rule => FailureRule.Tolerate((int)rule.GetProperty("tolerate").GetDouble()),
        { } rule when rule.GetString() == "collect" => FailureRule.CollectAll,
        _ => FailureRule.Fail,
    };

    private static JsonElement? Optional(JsonElement owner, string member) =>
        owner.TryGetProperty(member, out JsonElement value) ? value : null;

    private static double? Number(JsonElement owner, string member) => Optional(owner, member)?.GetDouble();

    private static int? Whole(JsonElement owner, string member) => (int?)Number(owner, member);
}
