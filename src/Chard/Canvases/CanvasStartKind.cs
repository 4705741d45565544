using System.Text.Json;
using Chard.Domain.Canvases;
using Chard.Domain.Json;
using Chard.Domain.Limits;
using Chard.Domain.Payloads;
using Chard.Domain.Tasks;
using Chard.Domain.Workflows;
using Chard.Running;
using Chard.Starts;

namespace Chard.Canvases;

/// <summary>A start of a canvas: <c>{"canvas":{…},"args":…}</c>; the arguments are what <c>$input</c> stands for in it.</summary>
public sealed class CanvasStartKind(
    TaskCatalogue catalogue, TaskSchemas schemas, TaskValueStore values, IPayloadStore payloads, LimitCatalogue limits) : IStartKind
{
    private readonly CanvasTasks _tasks = new(catalogue, schemas, limits);

    /// <inheritdoc/>
    public string Member => "canvas";

    /// <inheritdoc/>
    public IReadOnlyList<string> Options { get; } = ["args"];

    /// <inheritdoc/>
    public StartPlan? Plan(JsonElement form, IReadOnlyList<string> stamps, ICollection<JsonFault> faults)
    {
        ArgumentNullException.ThrowIfNull(faults);
        JsonElement document = form.GetProperty(Member);
        CanvasNode? canvas = CanvasParser.Parse(document, _tasks, out IReadOnlyList<JsonFault> found, stamps);
        foreach (JsonFault fault in found)
        {
            faults.Add(new("/canvas" + fault.Pointer, fault.Message));
        }

        JsonElement args = form.TryGetProperty("args", out JsonElement given) ? given : TaskJson.Null;
        if (CanvasReader.Depth(args) > CanvasLimits.MaxValueDepth)
        {
            faults.Add(new("/args", CanvasLimits.ValueDepthRule));
        }

        return canvas is null ? null : new(RunCanvas.Name, RunCanvas.Name, async (start, token) =>
        {
            using var folder = new CanvasFolder(payloads, start.Id);
            ReadOnlyMemory<byte> outline = await folder.FoldAsync(document, token);
            TaskValue kept = outline.Length <= CanvasFolder.MaxDocumentBytes
                ? TaskValue.Of(CanvasReader.Pack(JsonElement.Parse(outline.Span, CanvasReader.Deep)))
                : await values.CheckInAsync(start.Id, $"starts/{start.RequestHash}-canvas", outline, token);
            TaskValue input = await values.CheckInAsync(
                start.Id, $"starts/{start.RequestHash}-args", JsonSerializer.SerializeToUtf8Bytes(args), token);
            return new WorkflowInput<CanvasArgs>(
                start.Id,
                new(kept, input),
                catalogue.PoliciesOf(CanvasReader.TasksIn(canvas)),
                start.Stamps.Count == 0 ? null : start.Stamps,
                RunCanvas.Name);
        });
    }
}
