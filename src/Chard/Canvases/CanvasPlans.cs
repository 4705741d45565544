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

/// <summary>Checks canvases that are to be started, and makes the orchestrator's input of them.</summary>
public sealed class CanvasPlans(
    TaskCatalogue catalogue, TaskSchemas schemas, TaskValueStore values, IPayloadStore payloads, LimitCatalogue limits)
{
    private readonly CanvasTasks _tasks = new(catalogue, schemas, limits);

    /// <summary>The plan of a start.</summary>
    /// <param name="document">The canvas: one node.</param>
    /// <param name="args">What <c>$input</c> stands for in it.</param>
    /// <param name="at">Where the canvas stands in the start document, a JSON Pointer.</param>
    /// <param name="stamps">Labels of the workflow.</param>
    /// <param name="faults">Takes what is wrong.</param>
    /// <returns>The plan; null if the canvas has faults.</returns>
    public StartPlan? Plan(
        JsonElement document, JsonElement args, string at, IReadOnlyList<string> stamps, ICollection<JsonFault> faults)
    {
        ArgumentNullException.ThrowIfNull(faults);
        CanvasNode? canvas = CanvasParser.Parse(document, _tasks, out IReadOnlyList<JsonFault> found, stamps);
        foreach (JsonFault fault in found)
        {
            faults.Add(fault with { Pointer = at + fault.Pointer });
        }

        if (CanvasReader.Depth(args) > CanvasLimits.MaxValueDepth)
        {
            faults.Add(new("/args", CanvasLimits.ValueDepthRule));
        }

        if (canvas is null)
        {
            return null;
        }

        int tasks = CanvasWeight.TasksIn(canvas);
        return new(RunCanvas.Name, RunCanvas.Name, async (start, token) =>
        {
            IReadOnlyDictionary<string, TaskPolicy>? policies = catalogue.PoliciesOf(CanvasReader.TasksIn(canvas));
            var header = new WorkflowHeader(start.Id, policies);
            using var folder = new CanvasFolder(
                payloads, start.Id,
                node => PackLane.Of(CanvasReader.Read(node), CanvasRun.RootPath, NodeOptions.None, header.PolicyFor)?.Pack > 1);
            ReadOnlyMemory<byte> outline = await folder.FoldAsync(document, token);
            TaskValue kept = outline.Length <= CanvasFolder.MaxDocumentBytes
                ? TaskValue.Of(CanvasReader.Pack(JsonElement.Parse(outline.Span, CanvasReader.Deep)))
                : await values.CheckInAsync(start.Id, $"starts/{start.RequestHash}-canvas", outline, token);
            TaskValue input = await values.CheckInAsync(
                start.Id, $"starts/{start.RequestHash}-args", JsonSerializer.SerializeToUtf8Bytes(args), token);
            return new WorkflowInput<CanvasArgs>(
                start.Id,
                new(kept, input, tasks),
                policies,
                start.Stamps.Count == 0 ? null : start.Stamps,
                RunCanvas.Name);
        }) { Tasks = tasks };
    }
}
