using System.Text.Json;
using Chard.Domain.Tasks;
using Chard.Functions.Payloads;
using Microsoft.Azure.Functions.Worker;

namespace Chard.Functions.Canvases;

/// <summary>Reads the document of a canvas that is too large for an orchestrator's input; a start's document bounds it to 256 KiB.</summary>
public sealed class ReadCanvas(TaskValueStore values)
{
    /// <summary>The activity.</summary>
    /// <exception cref="Chard.Domain.Failures.PermanentTaskException"><c>payload-missing</c> or <c>payload-altered</c>.</exception>
    [Function(nameof(ReadCanvas))]
    public async Task<TaskValue> RunAsync([ActivityTrigger] TaskValue document, CancellationToken cancellationToken) =>
        TaskValue.Of(JsonElement.Parse((await values.CheckOutAsync(document, cancellationToken)).Span));
}
