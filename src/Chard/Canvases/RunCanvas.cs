using Chard.Calls;
using Chard.Domain.Canvases;
using Chard.Domain.Failures;
using Chard.Domain.Tasks;
using Chard.Domain.Workflows;
using Microsoft.Azure.Functions.Worker;
using Microsoft.DurableTask;

namespace Chard.Canvases;

/// <summary>Interprets a canvas: what a start with <c>{"canvas":…}</c> runs. docs/canvas.md tells what each node does.</summary>
public static class RunCanvas
{
    /// <summary>Name of the orchestrator, and of the workflow in its status.</summary>
    public const string Name = "RunCanvas";

    /// <summary>The orchestrator. Its result is the canvas's.</summary>
    /// <exception cref="TaskExhaustedException">A task has failed for good and nothing in the canvas takes care of it.</exception>
    /// <exception cref="PermanentTaskException">A node has failed that is no task.</exception>
    [Function(Name)]
    public static Task<object?> RunAsync([OrchestrationTrigger] TaskOrchestrationContext context, WorkflowInput<CanvasArgs> input)
    {
        ArgumentNullException.ThrowIfNull(context);
        ArgumentNullException.ThrowIfNull(input);
        return context.TrackAsync<object?>(async () =>
        {
            TaskValue document = input.Args.Canvas.Reference is null
                ? input.Args.Canvas
                : await context.CallActivityAsync<TaskValue>(nameof(ReadCanvas), input.Args.Canvas, CanvasRun.LongRetries);
            var run = new CanvasRun(context, new(input.Id, input.Policies, input.Stamps, Name), input.Args.Input);
            NodeOutcome outcome = await run.RunAsync(CanvasReader.Read(CanvasReader.Unpack(document.ToElement())));
            return outcome switch
            {
                { Failure: { Task: { } task } failure } =>
                    throw new TaskExhaustedException(
                        task, failure.Path, new TaskFailure(FailureKind.Permanent, failure.Code, failure.Message), attempts: 0),
                { Failure: { } failure } => throw new PermanentTaskException(failure.Code, $"{failure.Code}: {failure.Message}"),
                { Result.Reference: { } reference } => reference,
                _ => outcome.Result?.Json,
            };
        });
    }

    /// <summary>
    /// A part of a wide canvas: members of a group, chunks of a map, or steps of a chain, as many as one history should hold.
    /// </summary>
    [Function(nameof(RunCanvasPart))]
    public static Task<PartOutcome> RunCanvasPart([OrchestrationTrigger] TaskOrchestrationContext context, WorkflowInput<CanvasPart> input)
    {
        ArgumentNullException.ThrowIfNull(context);
        ArgumentNullException.ThrowIfNull(input);
        return new CanvasRun(context, new(input.Id, input.Policies, input.Stamps, Name), input.Args.Input).RunPartAsync(input.Args);
    }
}

/// <summary>Arguments of <see cref="RunCanvas"/>.</summary>
/// <param name="Canvas">The document, checked.</param>
/// <param name="Input">What <c>$input</c> stands for.</param>
public sealed record CanvasArgs(TaskValue Canvas, TaskValue Input);
