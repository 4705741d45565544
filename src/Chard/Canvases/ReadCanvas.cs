using System.Text.Json;
using Chard.Domain.Canvases;
using Chard.Domain.Tasks;
using Chard.Running;
using Microsoft.Azure.Functions.Worker;

namespace Chard.Canvases;

/// <summary>
/// Reads the outline of a canvas, or nodes of it, that were stored: about 100 KiB at most, since what is larger in them is stored
/// by itself (<see cref="CanvasFolder"/>).
/// </summary>
public sealed class ReadCanvas(TaskValueStore values)
{
    /// <summary>The activity.</summary>
    /// <exception cref="Chard.Domain.Failures.PermanentTaskException"><c>payload-missing</c> or <c>payload-altered</c>.</exception>
    [Function(nameof(ReadCanvas))]
    public async Task<TaskValue> RunAsync([ActivityTrigger] TaskValue document, CancellationToken cancellationToken) =>
        TaskValue.Of(CanvasReader.Pack(
            JsonElement.Parse((await values.CheckOutAsync(document, cancellationToken)).Span, CanvasReader.Deep)));
}
