using System.Text.Json;
using System.Text.Json.Nodes;

namespace Chard.Starts;

/// <summary>
/// A request to start a workflow: the body of <c>POST /api/workflows</c> and of a message on queue <c>workflow-starts</c>.
/// </summary>
public sealed record StartRequest
{
    /// <summary>A start of the kind that <paramref name="form"/> tells.</summary>
    /// <param name="form">The members that belong to the kind: <c>workflow</c> and <c>args</c>, or <c>task</c>
    /// and a node's options, …</param>
    public StartRequest(JsonElement form) => Form = form;

    /// <summary>A start of a workflow by name.</summary>
    /// <param name="Workflow">Name of the workflow, as in the catalogue.</param>
    /// <param name="Args">Its arguments; their shape is the workflow's business.</param>
    /// <param name="Id">Id to give it; null for a fresh one.</param>
    /// <param name="Owner">Whose it is; up to 256 characters, shown in the status.</param>
    public StartRequest(string? Workflow, JsonElement? Args, string? Id = null, string? Owner = null)
        : this(WorkflowForm(Workflow, Args))
    {
        this.Id = Id;
        this.Owner = Owner;
    }

    /// <summary>What to start: a JSON object of the members that belong to one <see cref="IStartKind"/>.</summary>
    public JsonElement Form { get; }

    /// <summary>
    /// What tells a repeated start from another one where <see cref="Form"/> cannot: an upload lies under another name each
    /// time. Null for <see cref="Form"/>.
    /// </summary>
    public JsonElement? ComparedForm { get; init; }

    /// <summary>Id to give it; null for one made from <see cref="IdempotencyKey"/>, or a fresh one.</summary>
    public string? Id { get; init; }

    /// <summary>
    /// Key that makes the start itself idempotent; null for none. Not together with <see cref="Id"/>, which is one already.
    /// </summary>
    public string? IdempotencyKey { get; init; }

    /// <summary>Whose it is; up to 256 characters.</summary>
    public string? Owner { get; init; }

    /// <summary>Not to begin before; null for at once.</summary>
    public DateTimeOffset? StartAt { get; init; }

    /// <summary>Seconds from now in which it has to be finished; null for no such limit.</summary>
    public double? ExpiresIn { get; init; }

    /// <summary>Labels that everything below inherits.</summary>
    public IReadOnlyList<string> Stamps { get; init; } = [];

    private static JsonElement WorkflowForm(string? workflow, JsonElement? args)
    {
        var form = new JsonObject { ["workflow"] = workflow };
        if (args is { ValueKind: not JsonValueKind.Undefined } given)
        {
            form["args"] = JsonSerializer.SerializeToNode(given);
        }

        return JsonSerializer.SerializeToElement(form);
    }
}
