using System.Text.Json;
using Chard.Domain.Json;
using Chard.Domain.Tasks;
using Chard.Starts;

namespace Chard.Canvases;

/// <summary>A start of a canvas: <c>{"canvas":{…},"args":…}</c>; the arguments are what <c>$input</c> stands for in it.</summary>
public sealed class CanvasStartKind(CanvasPlans plans) : IStartKind
{
    /// <inheritdoc/>
    public string Member => "canvas";

    /// <inheritdoc/>
    public IReadOnlyList<string> Options { get; } = ["args"];

    /// <inheritdoc/>
    public StartPlan? Plan(JsonElement form, IReadOnlyList<string> stamps, ICollection<JsonFault> faults)
    {
        JsonElement args = form.TryGetProperty("args", out JsonElement given) ? given : TaskJson.Null;
        return plans.Plan(form.GetProperty(Member), args, "/canvas", stamps, faults);
    }
}
