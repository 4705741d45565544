using System.Text.Json;
using Chard.Domain.Canvases;
using Chard.Domain.Json;
using Chard.Domain.Tasks;
using Chard.Starts;

namespace Chard.Canvases;

/// <summary>
/// A start of one task: <c>{"task":"Flaky","args":{…},"retry":{…},"onExhausted":"park"}</c>. It is a canvas of one node, with all that
/// such a node may have; only its arguments are taken as they are, whatever looks like a reference in them.
/// </summary>
public sealed class TaskStartKind(CanvasPlans plans, TaskCatalogue catalogue, TaskSchemas schemas) : IStartKind
{
    private const string Args = "args";

    /// <inheritdoc/>
    public string Member => "task";

    /// <inheritdoc/>
    public IReadOnlyList<string> Options { get; } =
        [.. CanvasParser.TaskMembers.Except(["task", .. StartDocument.CommonMembers], StringComparer.Ordinal)];

    /// <inheritdoc/>
    public StartPlan? Plan(JsonElement form, IReadOnlyList<string> stamps, ICollection<JsonFault> faults)
    {
        ArgumentNullException.ThrowIfNull(faults);
        JsonElement args = form.TryGetProperty(Args, out JsonElement given) ? given : TaskJson.Null;
        StartPlan? plan = plans.Plan(Node(form), args, "", stamps, faults);
        if (plan is null || !catalogue.TryGet(form.GetProperty(Member).GetString(), out TaskDescriptor? task))
        {
            return null;
        }

        foreach (JsonFault fault in schemas.Check(task.Name, args))
        {
            faults.Add(fault with { Pointer = "/" + Args + fault.Pointer });
        }

        return plan;
    }

    /// <summary>The node: what is null is left out, and the arguments come in as the canvas's input.</summary>
    private static JsonElement Node(JsonElement form)
    {
        Dictionary<string, JsonElement> members = form.EnumerateObject()
            .Where(m => m.Value.ValueKind != JsonValueKind.Null)
            .ToDictionary(m => m.Name, m => m.Value);
        members[Args] = JsonElement.Parse("\"$input\"");
        return JsonSerializer.SerializeToElement(members, Deep);
    }

    private static readonly JsonSerializerOptions Deep = new() { MaxDepth = StartDocument.MaxDepth + 8 };
}
