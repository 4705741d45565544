using System.Text.Json;
using Chard.Control;
using Chard.Domain.Failures;
using Chard.Domain.Payloads;
using Chard.Domain.Workflows;
using Chard.Status;
using Microsoft.DurableTask;

namespace Chard.Calls;

/// <summary>Keeps a workflow's status row true from inside its orchestrator.</summary>
public static class WorkflowTracking
{
    /// <summary>
    /// Storage may be away for long, and an end must not be lost meanwhile: a week of tries, 1 s doubling to a minute. A missing
    /// row will not come.
    /// </summary>
    internal static readonly TaskOptions LongRetries = TaskOptions.FromRetryPolicy(
        new RetryPolicy(10_000, TimeSpan.FromSeconds(1), 2, TimeSpan.FromMinutes(1))
        {
            HandleFailure = failure => failure.ErrorType != FailureType.Missing,
        });

    /// <summary>
    /// Runs <paramref name="body"/> as a workflow: waits for its time to begin, reports it as running, and at the end as completed with
    /// its result or as failed with its error (<see cref="WorkflowErrors.From(Exception)"/>). Does nothing if the workflow has ended
    /// already: cancelled before it began, or run to its end by an instance before this one. Its time limit ends it and everything
    /// below it.
    /// </summary>
    /// <param name="context">The orchestrator's context; its instance id is the workflow's id.</param>
    /// <param name="body">The workflow. A <see cref="PayloadReference"/> as its result stands for the data it names.</param>
    /// <returns>The body's result; default if the workflow had ended already.</returns>
    public static Task<TResult?> TrackAsync<TResult>(this TaskOrchestrationContext context, Func<Task<TResult>> body) =>
        context.TrackAsync(body, begun: null, progress: null);

    /// <summary>
    /// As <see cref="TrackAsync{TResult}(TaskOrchestrationContext, Func{Task{TResult}})"/>, from a beginning that was made elsewhere if
    /// there is one; its end tells how far it has come.
    /// </summary>
    internal static async Task<TResult?> TrackAsync<TResult>(
        this TaskOrchestrationContext context, Func<Task<TResult>> body, WorkflowBeginning? begun, Func<WorkflowProgress>? progress)
    {
        ArgumentNullException.ThrowIfNull(context);
        ArgumentNullException.ThrowIfNull(body);
        string id = context.InstanceId;

        WorkflowBeginning beginning =
            begun ?? await context.CallActivityAsync<WorkflowBeginning>(nameof(BeginWorkflow), id, LongRetries);
        while (beginning is { Proceed: true, WaitUntil: { } due })
        {
            await context.CreateTimer(DateTime.SpecifyKind(due, DateTimeKind.Utc), CancellationToken.None);
            beginning = await context.CallActivityAsync<WorkflowBeginning>(nameof(BeginWorkflow), id, LongRetries);
        }

        if (!beginning.Proceed)
        {
            return default;
        }

        TResult result;
        try
        {
            result = beginning.ExpiresAt is { } limit
                ? await RunUntilAsync(context, body, DateTime.SpecifyKind(limit, DateTimeKind.Utc))
                : await body();
        }
        catch (Exception e)
        {
            await ReportAsync(context, new(id, WorkflowStatus.Failed, progress?.Invoke(), WorkflowErrors.From(e)));
            throw;
        }

        await ReportAsync(context, result is PayloadReference reference
            ? new(id, WorkflowStatus.Completed, progress?.Invoke(), ResultReference: reference)
            : new(
                id, WorkflowStatus.Completed, progress?.Invoke(),
                Result: JsonSerializer.SerializeToElement(result, JsonSerializerOptions.Web)));
        return result;
    }

    /// <summary>Tells how far the workflow is, in its status row.</summary>
    public static Task ReportProgressAsync(this TaskOrchestrationContext context, WorkflowProgress progress)
    {
        ArgumentNullException.ThrowIfNull(context);
        return ReportAsync(context, new(context.InstanceId, WorkflowStatus.Running, progress));
    }

    private static async Task<TResult> RunUntilAsync<TResult>(TaskOrchestrationContext context, Func<Task<TResult>> body, DateTime limit)
    {
        // An open timer would keep the instance from completing, so the loser of the race is cancelled.
        using var ended = new CancellationTokenSource();
        Task timer = context.CreateTimer(limit, ended.Token);
        Task<TResult> run = body();
        if (await Task.WhenAny(run, timer) == timer)
        {
            await context.CallActivityAsync(nameof(ExpireWorkflow), context.InstanceId, LongRetries);
        }
        else
        {
            // CancelAsync would leave the orchestrator's thread, and with it the orchestration.
            ended.Cancel();
        }

        return await run;
    }

    private static Task ReportAsync(TaskOrchestrationContext context, WorkflowUpdate update) =>
        context.CallActivityAsync(nameof(UpdateWorkflowStatus), update, LongRetries);
}
