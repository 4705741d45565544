using System.Text.Json;
using System.Text.Json.Nodes;
using Chard.Domain.Tasks;
using Chard.Starts;

namespace Chard.Testing;

/// <summary>
/// What a test starts: a task, a workflow or a canvas, with what <c>POST /api/workflows</c> takes beside it (docs/http-api.md). Arguments
/// are written as JSON in camel case, as the app reads them.
/// </summary>
public sealed record Start
{
    private static readonly JsonSerializerOptions Deep = new() { MaxDepth = StartDocument.MaxDepth };

    private Start(JsonObject form) => Form = form;

    /// <summary>Its id, and the key that makes the start idempotent: with it a start can be sent again. Default: a fresh one.</summary>
    public string Id { get; init; } = $"test-{Guid.NewGuid():N}";

    /// <summary>Whose it is; null for nobody's.</summary>
    public string? Owner { get; init; }

    /// <summary>Labels that everything below inherits.</summary>
    public IReadOnlyList<string> Stamps { get; init; } = [];

    /// <summary>Not to begin before; null for at once.</summary>
    public DateTimeOffset? StartAt { get; init; }

    /// <summary>In which it has to be finished, from the start on; null for no such limit.</summary>
    public TimeSpan? ExpiresIn { get; init; }

    private JsonObject Form { get; init; }

    /// <summary>A task by itself.</summary>
    /// <param name="task">Its name: that of its class.</param>
    /// <param name="args">Its arguments; a string, number or record.</param>
    public static Start Task(string task, object? args = null) => new(new JsonObject { ["task"] = task, ["args"] = Json(args) });

    /// <summary>A workflow by name.</summary>
    public static Start Workflow(string workflow, object? args = null) =>
        new(new JsonObject { ["workflow"] = workflow, ["args"] = Json(args ?? new { }) });

    /// <summary>A canvas: chains, groups, chords and maps as JSON (docs/canvas.md).</summary>
    /// <param name="canvas">Its JSON.</param>
    /// <param name="args">What <c>$input</c> stands for in it.</param>
    /// <exception cref="JsonException">It is not JSON.</exception>
    public static Start Canvas(string canvas, object? args = null)
    {
        JsonNode? parsed = JsonNode.Parse(canvas, documentOptions: new JsonDocumentOptions { MaxDepth = StartDocument.MaxDepth });
        var form = new JsonObject { ["canvas"] = parsed };
        if (args is not null)
        {
            form["args"] = Json(args);
        }

        return new(form);
    }

    /// <summary>This start with another member of its form, such as <c>retry</c> or <c>onExhausted</c> of a task.</summary>
    public Start With(string member, object? value)
    {
        var form = (JsonObject)Form.DeepClone();
        form[member] = Json(value);
        return this with { Form = form };
    }

    /// <summary>The body of the request.</summary>
    public string ToJson()
    {
        var body = (JsonObject)Form.DeepClone();
        body["id"] = Id;
        if (Owner is not null)
        {
            body["owner"] = Owner;
        }

        if (Stamps.Count > 0)
        {
            body["stamps"] = Json(Stamps);
        }

        if (StartAt is { } startAt)
        {
            body["startAt"] = Json(startAt);
        }

        if (ExpiresIn is { } expiresIn)
        {
            body["expiresIn"] = expiresIn.TotalSeconds;
        }

        return body.ToJsonString(Deep);
    }

    /// <inheritdoc/>
    public override string ToString() => ToJson();

    private static JsonNode? Json(object? value) => JsonSerializer.SerializeToNode(value, TaskJson.Options);
}
