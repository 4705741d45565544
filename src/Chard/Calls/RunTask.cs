using Chard.Domain.Tasks;
using Chard.Domain.Workflows;
using Microsoft.Azure.Functions.Worker;
using Microsoft.DurableTask;

namespace Chard.Calls;

/// <summary>One task as a workflow: what a start with <c>{"task":…}</c> runs.</summary>
public static class RunTask
{
    /// <summary>Name of the orchestrator, and of the workflow in its status.</summary>
    public const string Name = "RunTask";

    /// <summary>The orchestrator. Its result is the task's.</summary>
    [Function(Name)]
    public static Task<object?> RunAsync([OrchestrationTrigger] TaskOrchestrationContext context, WorkflowInput<RunTaskArgs> input)
    {
        ArgumentNullException.ThrowIfNull(context);
        ArgumentNullException.ThrowIfNull(input);
        return context.TrackAsync<object?>(async () =>
        {
            RunTaskArgs args = input.Args;
            if (args.CountdownSeconds is { } seconds)
            {
                await context.CreateTimer(TimeSpan.FromSeconds(seconds), CancellationToken.None);
            }

            TaskValue result = (await context.CallTaskAsync<TaskValue>(args.Task, args.Args, args.Options))!;
            return result.Reference is { } reference ? reference : result.Json;
        });
    }
}

/// <summary>Arguments of <see cref="RunTask"/>.</summary>
/// <param name="Task">Name of the task.</param>
/// <param name="Args">Its arguments, stored if they are large.</param>
/// <param name="Options">What the start wants different from the task's policy.</param>
/// <param name="CountdownSeconds">Seconds to wait first; null for none.</param>
public sealed record RunTaskArgs(string Task, TaskValue Args, TaskCallOptions Options, double? CountdownSeconds = null);
