using System.Text.Json;
using Chard.Domain.Canvases;
using Chard.Domain.Json;

namespace Chard.Starts;

/// <summary>A start by workflow name: <c>{"workflow":"ImportCsv","args":{…}}</c>.</summary>
public sealed class WorkflowStartKind(WorkflowCatalogue catalogue) : IStartKind
{
    private static readonly JsonElement NoArgs = JsonElement.Parse("{}");

    /// <inheritdoc/>
    public string Member => "workflow";

    /// <inheritdoc/>
    public IReadOnlyList<string> Options { get; } = ["args"];

    /// <inheritdoc/>
    public StartPlan? Plan(JsonElement form, IReadOnlyList<string> stamps, ICollection<JsonFault> faults)
    {
        ArgumentNullException.ThrowIfNull(faults);
        JsonElement name = form.GetProperty(Member);
        string known = string.Join(", ", catalogue.Names);
        if (name.ValueKind != JsonValueKind.String)
        {
            faults.Add(new("/workflow", $"Name the workflow to start. There are: {known}."));
            return null;
        }

        if (!catalogue.TryGet(name.GetString(), out IWorkflowDefinition? definition))
        {
            faults.Add(new("/workflow", $"There is no workflow '{name.GetString()}'. There are: {known}."));
            return null;
        }

        JsonElement args = form.TryGetProperty("args", out JsonElement given) && given.ValueKind != JsonValueKind.Null ? given : NoArgs;
        if (CanvasReader.Depth(args) > CanvasLimits.MaxValueDepth)
        {
            faults.Add(new("/args", CanvasLimits.ValueDepthRule));
            return null;
        }

        foreach (JsonFault fault in definition.Validate(args))
        {
            faults.Add(fault with { Pointer = "/args" + fault.Pointer });
        }

        return new(definition.Name, definition.Name, (start, token) => definition.CreateInputAsync(start, args, token));
    }
}
