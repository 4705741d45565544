using Chard.Domain.Routes;
using Chard.Domain.Tasks;
using Microsoft.DurableTask;

namespace Chard.Calls;

/// <summary>
/// The orchestrator side of the slow route: one call as a message, its end as an external event. The wait is raced against a
/// durable timer, after which an activity looks whether anybody is at work, so neither a lost message nor a lost event leaves the
/// instance waiting. It retries nothing: that is <see cref="DurableCall"/>'s.
/// </summary>
internal sealed class SlowRoute(TaskOrchestrationContext context)
{
    /// <summary>Sends the call and gives its end, whatever it is.</summary>
    public async Task<SlowTaskEnd> CallAsync(TaskCall call)
    {
        // Before the message is out, so that no event can come before its waiter. One that never comes keeps no instance open.
        Task<SlowTaskEnd> arrived = context.WaitForExternalEvent<SlowTaskEnd>(SlowTaskEvents.NameOf(call.Path, call.Turn));
        var message = new SlowTaskMessage(call, context.InstanceId);
        DateTimeOffset sentAt = await SendAsync(message);
        for (int look = 0; !await ComesAsync(arrived, SlowTaskMonitor.Interval(look, call.WithoutLedger, call.TimeLimitSeconds)); look++)
        {
            SlowTaskCheck check = await context.CallActivityAsync<SlowTaskCheck>(
                nameof(LookAfterSlowTask), SlowTaskQuestion.About(call, sentAt), DurableCall.LongRetries);
            if (arrived.IsCompleted)
            {
                break;
            }

            if (check.End is { } end)
            {
                return end;
            }

            if (check.State == SlowTaskState.Missing)
            {
                sentAt = await SendAsync(message);
            }
        }

        return await arrived;
    }

    private Task<DateTimeOffset> SendAsync(SlowTaskMessage message) =>
        context.CallActivityAsync<DateTimeOffset>(nameof(SendSlowTask), message, DurableCall.LongRetries);

    /// <summary>True if the event comes within the time.</summary>
    private async Task<bool> ComesAsync(Task arrived, TimeSpan within)
    {
        if (arrived.IsCompleted)
        {
            return true;
        }

        // An open timer would keep the instance from completing, so the loser of the race is cancelled.
        using var over = new CancellationTokenSource();
        Task timer = context.CreateTimer(within, over.Token);
        if (await Task.WhenAny(arrived, timer) == timer)
        {
            return false;
        }

        // CancelAsync would leave the orchestrator's thread, and with it the orchestration.
        over.Cancel();
        return true;
    }
}
