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
        return RunAsync(context, new(input.Id, input.Policies, input.Stamps, Name), input.Args);
    }

    private static async Task<object?> RunAsync(TaskOrchestrationContext context, WorkflowHeader header, CanvasArgs args)
    {
        using var progress = new CanvasProgress(context, header.Id, args.Tasks);
        var run = new CanvasRun(context, header, args.Input, progress);
        CanvasNode? canvas = args.Canvas.Reference is null ? Read(args.Canvas) : null;
        WholeOutcome? whole = canvas is null ? null : await run.TryWholeAsync(canvas);
        if (whole is { IsEnd: true, Result: { } result })
        {
            return ResultOf(result);
        }

        return await context.TrackAsync(RunRestAsync, whole?.Beginning, () => progress.Now);

        async Task<object?> RunRestAsync()
        {
            if (whole?.Result is { } known)
            {
                // It was paused when all was done: its end is told now that it goes on.
                return ResultOf(known);
            }

            canvas ??= Read(await context.CallActivityAsync<TaskValue>(nameof(ReadCanvas), args.Canvas, CanvasRun.LongRetries));
            NodeOutcome outcome = await run.RunAsync(canvas, whole?.Left);
            return outcome switch
            {
                { Failure: { Task: { } task } failure } => throw new TaskExhaustedException(
                    task, failure.Path, new TaskFailure(FailureKind.Permanent, failure.Code, failure.Message), attempts: 0),
                { Failure: { } failure } => throw new PermanentTaskException(failure.Code, $"{failure.Code}: {failure.Message}"),
                _ => ResultOf(outcome.Result!),
            };
        }
    }

    private static CanvasNode Read(TaskValue document) => CanvasReader.Read(CanvasReader.Unpack(document.ToElement()));

    private static object? ResultOf(TaskValue result) => result.Reference is { } reference ? reference : result.Json;

    /// <summary>
    /// A part of a wide canvas: members of a group, chunks of a map, or steps of a chain, as many as one history should hold.
    /// </summary>
    [Function(nameof(RunCanvasPart))]
    public static Task<PartOutcome> RunCanvasPart([OrchestrationTrigger] TaskOrchestrationContext context, WorkflowInput<CanvasPart> input)
    {
        ArgumentNullException.ThrowIfNull(context);
        ArgumentNullException.ThrowIfNull(input);
        return RunPartAsync(context, new(input.Id, input.Policies, input.Stamps, Name), input.Args);
    }

    private static async Task<PartOutcome> RunPartAsync(TaskOrchestrationContext context, WorkflowHeader header, CanvasPart part)
    {
        // Its tasks are known to the canvas already.
        using var progress = new CanvasProgress(context, header.Id, total: 0, width: part.IsNested ? 0 : part.Tasks);
        PartOutcome outcome = await new CanvasRun(context, header, part.Input, progress).RunPartAsync(part);
        return outcome with { Progress = progress.Now };
    }
}

/// <summary>Arguments of <see cref="RunCanvas"/>.</summary>
/// <param name="Canvas">The document, checked.</param>
/// <param name="Input">What <c>$input</c> stands for.</param>
/// <param name="Tasks">How many tasks it has; items of maps only where they are written out.</param>
public sealed record CanvasArgs(TaskValue Canvas, TaskValue Input, int Tasks = 0);
