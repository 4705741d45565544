using System.Text.Json;
using Chard.Domain.Canvases;
using Chard.Domain.Tasks;
using Chard.Domain.Workflows;
using Chard.Functions.Payloads;
using Chard.Functions.Tasks;
using Chard.Functions.Workflows;

namespace Chard.Functions.Canvases;

/// <summary>A start of a canvas: <c>{"canvas":{…},"args":…}</c>; the arguments are what <c>$input</c> stands for in it.</summary>
public sealed class CanvasStartKind(TaskCatalogue catalogue, TaskSchemas schemas, TaskValueStore values) : IStartKind
{
    // The start's document around it may have 64.
    private const int MaxJsonDepth = 60;

    private readonly CanvasTasks _tasks = new(catalogue, schemas);

    /// <inheritdoc/>
    public string Member => "canvas";

    /// <inheritdoc/>
    public IReadOnlyList<string> Options { get; } = ["args"];

    /// <inheritdoc/>
    public StartPlan? Plan(JsonElement form, IReadOnlyList<string> stamps, ICollection<StartFault> faults)
    {
        ArgumentNullException.ThrowIfNull(faults);
        JsonElement document = form.GetProperty(Member);
        CanvasNode? canvas = CanvasParser.Parse(document, _tasks, out IReadOnlyList<CanvasFault> found, stamps);
        foreach (CanvasFault fault in found)
        {
            faults.Add(new("/canvas" + fault.Pointer, fault.Message));
        }

        if (CanvasReader.Depth(document) > MaxJsonDepth)
        {
            faults.Add(new("/canvas", $"The document has more than {MaxJsonDepth} levels of arrays and objects."));
        }

        JsonElement args = form.TryGetProperty("args", out JsonElement given) ? given : TaskJson.Null;
        return canvas is null ? null : new(RunCanvas.Name, RunCanvas.Name, async (start, token) =>
        {
            TaskValue kept = await values.CheckInAsync(start.Id, $"starts/{start.RequestHash}-canvas", JsonSerializer.SerializeToUtf8Bytes(CanvasReader.Pack(document)), token);
            TaskValue input = await values.CheckInAsync(start.Id, $"starts/{start.RequestHash}-args", JsonSerializer.SerializeToUtf8Bytes(args), token);
            return new WorkflowInput<CanvasArgs>(
                start.Id, new(kept, input), catalogue.PoliciesOf(CanvasReader.TasksIn(canvas)), start.Stamps.Count == 0 ? null : start.Stamps, RunCanvas.Name);
        });
    }
}
