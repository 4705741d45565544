using System.Text.Json;
using System.Text.Json.Serialization;
using Chard.Domain.Canvases;
using Chard.Domain.Failures;
using Chard.Domain.Identity;
using Chard.Domain.Json;
using Chard.Domain.Tasks;
using Chard.Domain.Workflows;
using Chard.Platform;
using Chard.Running;
using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;
using Microsoft.DurableTask.Client;

namespace Chard.Canvases;

/// <summary>Tells what a workflow was started with.</summary>
public sealed class WorkflowStartApi(TaskValueStore values)
{
    /// <summary>Most that is shown, in bytes of JSON: 256 KiB.</summary>
    public const int MaxBytes = 256 * 1024;

    /// <summary>
    /// <c>GET /api/workflows/{id}/start</c>: the canvas and the arguments, as the engine keeps them; 404 once it does not any more. Wide
    /// groups of a large canvas are told by their <c>parts</c> alone.
    /// </summary>
    [Function("GetWorkflowStart")]
    [Answers(200, 400, 404, 410)]
    public async Task<IResult> GetAsync(
        [HttpTrigger(AuthorizationLevel.Function, "get", Route = "workflows/{id}/start")] HttpRequest request,
        string id,
        [DurableClient] DurableTaskClient client,
        CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(client);
        if (new QueryReader(request).Problem is { } problem)
        {
            return problem;
        }

        if (!WorkflowId.IsValid(id))
        {
            return Problems.InvalidRequest(WorkflowId.Rule);
        }

        if (await client.GetInstanceAsync(id, getInputsAndOutputs: true, cancellationToken) is not { SerializedInput: { } input } instance)
        {
            return Problems.Problem(
                StatusCodes.Status404NotFound, "start-gone", "Nothing is known of its start.",
                $"The engine has no instance '{id}': it was never there, was purged after its end, or has not been scheduled yet.");
        }

        try
        {
            return Results.Json(
                instance.Name == RunCanvas.Name
                    ? await CanvasAsync(id, JsonSerializer.Deserialize<WorkflowInput<CanvasArgs>>(input)!.Args, cancellationToken)
                    : Document(id, instance.Name, null, ArgsOf(input)),
                TaskJson.Options);
        }
        catch (PermanentTaskException e)
        {
            return Problems.Problem(StatusCodes.Status410Gone, "start-gone", "What it was started with is no longer there.", e.Message);
        }
    }

    private async Task<WorkflowStartDocument> CanvasAsync(string id, CanvasArgs args, CancellationToken cancellationToken)
    {
        long bytes = (args.Canvas.Reference?.Bytes ?? 0) + (args.Input.Reference?.Bytes ?? 0);
        return bytes > MaxBytes
            ? new(id, RunCanvas.Name, null, null, bytes, true)
            : Document(id, RunCanvas.Name, await TextAsync(args.Canvas, cancellationToken), await TextAsync(args.Input, cancellationToken));
    }

    /// <summary>The arguments in an orchestrator's input (<see cref="WorkflowInput{TArgs}"/>); else the input as it is.</summary>
    private static string ArgsOf(string input)
    {
        using JsonDocument document = JsonDocument.Parse(input, new() { MaxDepth = CanvasReader.Deep.MaxDepth });
        return document.RootElement.ValueKind == JsonValueKind.Object
            && document.RootElement.TryGetProperty(nameof(WorkflowInput<>.Args), out JsonElement args)
                ? args.GetRawText()
                : input;
    }

    private async Task<string> TextAsync(TaskValue value, CancellationToken cancellationToken) =>
        System.Text.Encoding.UTF8.GetString((await values.CheckOutAsync(value, cancellationToken)).Span);

    private static WorkflowStartDocument Document(string id, string orchestrator, string? canvas, string? args)
    {
        long bytes = (canvas?.Length ?? 0) + (args?.Length ?? 0);
        return bytes > MaxBytes
            ? new(id, orchestrator, null, null, bytes, true)
            : new(id, orchestrator, Parse(canvas), Parse(args), bytes, false);

        static JsonElement? Parse(string? text) => text is null ? null : JsonElement.Parse(text, CanvasReader.Deep);
    }
}

/// <summary>What a workflow was started with.</summary>
/// <param name="Id">The workflow.</param>
/// <param name="Orchestrator">Name of its orchestrator.</param>
/// <param name="Canvas">The canvas; null if it is none. A task alone is a canvas of one node with <c>$input</c> for its arguments.</param>
/// <param name="Args">The arguments; of a canvas what <c>$input</c> stands for.</param>
/// <param name="Bytes">Size of both.</param>
/// <param name="Omitted">True if that is too much to be shown.</param>
public sealed record WorkflowStartDocument(
    string Id,
    string Orchestrator,
    [property: JsonConverter(typeof(ExactNumbers))] JsonElement? Canvas,
    [property: JsonConverter(typeof(ExactNumbers))] JsonElement? Args,
    long Bytes,
    bool Omitted);
