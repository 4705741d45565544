using Azure.Storage.Queues;
using Azure.Storage.Queues.Models;
using Chard.Domain.Identity;
using Chard.Domain.Ledger;
using Chard.Domain.Routes;
using Chard.Domain.Tasks;
using Chard.Platform;
using Microsoft.Azure.Functions.Worker;
using Microsoft.Extensions.Logging;

namespace Chard.Calls;

/// <summary>
/// Looks whether anybody is at work on a call of the slow route: one point read of the ledger, and where that shows nobody, one
/// glance at the queue's first message. Changes nothing.
/// </summary>
public sealed partial class LookAfterSlowTask(
    ILedgerStore ledger, QueueServiceClient queues, StorageNames names, TimeProvider time, ILogger<LookAfterSlowTask> logger)
{
    [Function(nameof(LookAfterSlowTask))]
    public async Task<SlowTaskCheck> RunAsync([ActivityTrigger] SlowTaskQuestion question, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(question);
        var turn = new CallTurn(question.Generation, question.Attempt, question.Wait);
        LedgerRow? row = question.WithoutLedger ? null
            : (await ledger.GetAsync(new(question.WorkflowId, question.Shard, question.Path), cancellationToken))?.Row;
        SlowTaskState state = SlowTaskMonitor.Of(row, turn, time.GetUtcNow());
        switch (state)
        {
            case SlowTaskState.Ended:
                LogUnheard(logger, question.WorkflowId, question.Path, question.Attempt);
                return new(state, SlowTaskEnd.Of(row!, turn));

            case SlowTaskState.Missing when !SlowTaskMonitor.MayWait(await FirstInsertedAsync(cancellationToken), question.SentAt):
                LogMissing(logger, question.WorkflowId, question.Path, question.Attempt, question.SentAt);
                return new(state);

            default:
                return new(SlowTaskState.Alive);
        }
    }

    private async Task<DateTimeOffset?> FirstInsertedAsync(CancellationToken cancellationToken)
    {
        PeekedMessage? first = await queues.GetQueueClient(names.SlowTaskQueue).PeekMessageAsync(cancellationToken);
        return first?.InsertedOn;
    }

    [LoggerMessage(EventId = 240, EventName = "SlowTaskUnheard", Level = LogLevel.Warning,
        Message = "The slow task of workflow {WorkflowId} at {Path}, attempt {Attempt}, had ended and its event had not come: "
            + "its end is taken from the ledger")]
    private static partial void LogUnheard(ILogger logger, string workflowId, string path, int attempt);

    [LoggerMessage(EventId = 241, EventName = "SlowTaskSentAgain", Level = LogLevel.Warning,
        Message = "Nobody is at work on the slow task of workflow {WorkflowId} at {Path}, attempt {Attempt}, whose message was "
            + "sent at {SentAt}: it is sent again")]
    private static partial void LogMissing(ILogger logger, string workflowId, string path, int attempt, DateTimeOffset sentAt);
}

/// <summary>Which call to look after: what its row is found and told by. Small, since each look stays in history.</summary>
/// <param name="WorkflowId">The workflow.</param>
/// <param name="Shard">As <see cref="TaskCall.Shard"/>.</param>
/// <param name="Path">The position.</param>
/// <param name="Generation">As <see cref="TaskCall.Generation"/>.</param>
/// <param name="Attempt">As <see cref="TaskCall.Attempt"/>.</param>
/// <param name="Wait">As <see cref="TaskCall.Wait"/>.</param>
/// <param name="WithoutLedger">As <see cref="TaskCall.WithoutLedger"/>.</param>
/// <param name="SentAt">When its message was last sent, by the queue's clock.</param>
public sealed record SlowTaskQuestion(
    string WorkflowId, string? Shard, string Path, int Generation, int Attempt, int Wait, bool WithoutLedger, DateTimeOffset SentAt)
{
    /// <summary>The question about a call.</summary>
    public static SlowTaskQuestion About(TaskCall call, DateTimeOffset sentAt)
    {
        ArgumentNullException.ThrowIfNull(call);
        return new(call.WorkflowId, call.Shard, call.Path, call.Generation, call.Attempt, call.Wait, call.WithoutLedger, sentAt);
    }
}

/// <summary>What a check showed.</summary>
/// <param name="State">How the call stands.</param>
/// <param name="End">Its end, if it has ended.</param>
public sealed record SlowTaskCheck(SlowTaskState State, SlowTaskEnd? End = null);
