using System.Diagnostics;
using Azure.Storage.Queues.Models;
using Chard.DeadLetters;
using Chard.Domain.Failures;
using Chard.Domain.Ledger;
using Chard.Domain.Routes;
using Chard.Domain.Tasks;
using Chard.Domain.Workflows;
using Chard.Platform;
using Chard.Running;
using Chard.Status;
using Microsoft.Azure.Functions.Worker;
using Microsoft.DurableTask.Client;
using Microsoft.Extensions.Logging;

namespace Chard.Calls;

/// <summary>
/// Runs tasks from the queue of slow ones and raises their ends as events. Results and failures of tasks are ends alike; what is
/// thrown to the queue is trouble of the platform, for which the message comes again. A message that the queue gives up becomes a
/// failure of its call, so that the call's retries decide.
/// </summary>
public sealed partial class RunSlowTask(
    TaskRunner runner,
    TaskCatalogue catalogue,
    ILedgerStore ledger,
    IWorkflowStatusStore workflows,
    MessageDeadLetters deadLetters,
    TimeProvider time,
    ILogger<RunSlowTask> logger)
{
    /// <summary>Class of the dead letter of a message that is no call.</summary>
    public const string InvalidClass = "invalid-message";

    /// <summary>Runs the call of one message. A second delivery of a running one is dropped: whoever runs it raises its end.</summary>
    [Function(nameof(RunSlowTask))]
    public async Task RunAsync(
        [QueueTrigger(StorageNames.SlowTaskQueueTrigger)] QueueMessage message,
        [DurableClient] DurableTaskClient client,
        CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(message);
        if (await ReadAsync(message, cancellationToken) is not { } order)
        {
            return;
        }

        TaskCall call = order.Call;
        if (await workflows.GetAsync(call.WorkflowId, cancellationToken) is { } workflow && WorkflowTransitions.IsFinal(workflow.Status))
        {
            LogEnded(logger, call.Task, call.WorkflowId, call.Path, workflow.Status);
            return;
        }

        SlowTaskEnd end = await EndAsync(order, cancellationToken);
        if (end.Again is { IsBusy: true })
        {
            LogBusy(logger, call.Task, call.WorkflowId, call.Path);
            return;
        }

        await RaiseAsync(client, order, end, cancellationToken);
    }

    /// <summary>
    /// Makes a message that the host gave up the failure of its call. A queue named so has no poison queue of its own: a message
    /// stays until that is done.
    /// </summary>
    [Function("PoisonedSlowTask")]
    public async Task RunPoisonedAsync(
        [QueueTrigger(StorageNames.PoisonedSlowTaskQueueTrigger)] QueueMessage message,
        [DurableClient] DurableTaskClient client,
        CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(message);
        if (await ReadAsync(message, cancellationToken) is not { } order)
        {
            return;
        }

        TaskCall call = order.Call;
        LedgerRow? row = call.WithoutLedger
            ? null
            : (await ledger.GetAsync(new(call.WorkflowId, call.Shard, call.Path), cancellationToken))?.Row;
        if (SlowTaskMonitor.Of(row, call.Turn, time.GetUtcNow()) == SlowTaskState.Alive)
        {
            LogBusy(logger, call.Task, call.WorkflowId, call.Path);
            return;
        }

        SlowTaskEnd end = (row is null ? null : SlowTaskEnd.Of(row, call.Turn)) ?? SlowTaskEnd.Of(new TransientTaskException(
            SlowTaskEnd.PoisonedCode,
            $"{SlowTaskEnd.PoisonedCode}: The host gave the task's message up after {StorageNames.MaxDequeueCount} tries; the "
                + "log tells why."));
        LogPoisoned(logger, call.Task, call.WorkflowId, call.Path, call.Attempt);
        await RaiseAsync(client, order, end, cancellationToken);
    }

    private async Task<SlowTaskMessage?> ReadAsync(QueueMessage message, CancellationToken cancellationToken)
    {
        if (SlowTaskMessage.TryParse(QueueText.Decode(message).Span, out SlowTaskMessage? order, out string? fault))
        {
            return order;
        }

        LogInvalid(logger, message.MessageId, fault);
        await deadLetters.AddAsync(message, Domain.DeadLetters.DeadLetterOrigin.TaskMessage, InvalidClass, fault, cancellationToken);
        return null;
    }

    private async Task<SlowTaskEnd> EndAsync(SlowTaskMessage order, CancellationToken cancellationToken)
    {
        TaskCall call = order.Call;
        if (!catalogue.TryGet(call.Task, out _))
        {
            // As an activity without a function: another try would meet the same app.
            return SlowTaskEnd.Of(new PermanentTaskException("task-not-found", $"task-not-found: There is no task '{call.Task}'."));
        }

        try
        {
            return SlowTaskEnd.Of(await runner.RunAsync(call, OriginOf(order), cancellationToken));
        }
        catch (TaskFailureException e)
        {
            return SlowTaskEnd.Of(e);
        }
    }

    private static TaskOrigin OriginOf(SlowTaskMessage order) =>
        new(
            TaskRoute.Slow,
            ActivityContext.TryParse(order.TraceParent, null, isRemote: true, out ActivityContext sender) ? sender : default);

    private static Task RaiseAsync(DurableTaskClient client, SlowTaskMessage order, SlowTaskEnd end, CancellationToken cancellationToken) =>
        InstanceEvents.RaiseAsync(
            client, order.InstanceId, SlowTaskEvents.NameOf(order.Call.Path, order.Call.Turn), end, cancellationToken);

    [LoggerMessage(EventId = 242, EventName = "SlowTaskDropped", Level = LogLevel.Information,
        Message = "Slow task {Task} of workflow {WorkflowId} at {Path} is not run: the workflow is {Status}")]
    private static partial void LogEnded(ILogger logger, string task, string workflowId, string path, WorkflowStatus status);

    [LoggerMessage(EventId = 243, EventName = "SlowTaskBusy", Level = LogLevel.Information,
        Message = "A second delivery of slow task {Task} of workflow {WorkflowId} at {Path} is dropped: another one is at work")]
    private static partial void LogBusy(ILogger logger, string task, string workflowId, string path);

    [LoggerMessage(EventId = 244, EventName = "SlowTaskPoisoned", Level = LogLevel.Error,
        Message = "The message of slow task {Task} of workflow {WorkflowId} at {Path}, attempt {Attempt}, failed too often and "
            + "was given up by the host")]
    private static partial void LogPoisoned(ILogger logger, string task, string workflowId, string path, int attempt);

    [LoggerMessage(EventId = 245, EventName = "SlowTaskInvalid", Level = LogLevel.Error,
        Message = "Message {MessageId} of the slow tasks' queue becomes a dead letter: {Fault}")]
    private static partial void LogInvalid(ILogger logger, string messageId, string fault);
}
