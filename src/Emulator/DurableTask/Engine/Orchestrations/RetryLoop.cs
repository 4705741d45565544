using Microsoft.DurableTask;

namespace Chard.Emulator.DurableTask;

/// <summary>
/// Repeats a call inside the orchestrator, as the real engine does: each delay is a durable timer, each try a new task.
/// </summary>
internal sealed class RetryLoop(EngineOrchestrationContext context, OrchestrationRun run, TaskRetryOptions retry)
{
    public Task<T> RunAsync<T>(Func<Task<T>> call) =>
        retry.Policy is { } policy ? ByPolicyAsync(policy, call) : ByHandlerAsync(retry.Handler!, call);

    private async Task<T> ByPolicyAsync<T>(RetryPolicy policy, Func<Task<T>> call)
    {
        var first = run.Now;
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                return await call();
            }
            catch (TaskFailedException failed) when (!Failure.IsNonRetriable(failed.FailureDetails))
            {
                if (attempt == policy.MaxNumberOfAttempts)
                {
                    // The real engine keeps this timer for the sake of old histories; it takes an id, so it has to be here.
                    await context.CreateOneTimer(run.Now, CancellationToken.None);
                    throw;
                }

                if (!IsWorthRetry(policy, failed) || IsOver(policy, first))
                {
                    throw;
                }
            }

            await context.CreateTimer(run.Now + DelayAfter(policy, attempt), CancellationToken.None);
        }
    }

    private async Task<T> ByHandlerAsync<T>(AsyncRetryHandler handler, Func<Task<T>> call)
    {
        var first = run.Now;
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                return await call();
            }
            catch (TaskFailedException failed) when (!Failure.IsNonRetriable(failed.FailureDetails))
            {
                var asked = new RetryContext(context, attempt, failed.FailureDetails, run.Now - first, CancellationToken.None);
                if (!await handler(asked))
                {
                    throw;
                }
            }
        }
    }

    private static bool IsWorthRetry(RetryPolicy policy, TaskFailedException failed)
    {
        try
        {
            return policy.Handle(failed);
        }
#pragma warning disable CA1031 // An exception in the filter means no: the failure of the task is what counts.
        catch (Exception)
#pragma warning restore CA1031
        {
            return false;
        }
    }

    private bool IsOver(RetryPolicy policy, DateTime first) =>
        policy.RetryTimeout != Timeout.InfiniteTimeSpan && run.Now - first >= policy.RetryTimeout;

    private static TimeSpan DelayAfter(RetryPolicy policy, int attempt)
    {
        var longest = policy.MaxRetryInterval == Timeout.InfiniteTimeSpan ? TimeSpan.MaxValue : policy.MaxRetryInterval;
        var delay = policy.FirstRetryInterval.TotalMilliseconds * Math.Pow(policy.BackoffCoefficient, attempt - 1);
        return delay < longest.TotalMilliseconds ? TimeSpan.FromMilliseconds(delay) : longest;
    }
}
