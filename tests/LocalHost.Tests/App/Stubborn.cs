using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;

namespace Chard.LocalHost.Tests.App;

/// <summary>Functions that fail, or go on.</summary>
public sealed class Stubborn(Once once)
{
    [Function("Retried")]
    [FixedDelayRetry(2, "00:00:00.05")]
    public void Retried([TimerTrigger("0 0 0 1 1 *", UseMonitor = false)] TimerInfo timer, FunctionContext context)
    {
        once.Notes.Enqueue($"{context.RetryContext?.RetryCount} of {context.RetryContext?.MaxRetryCount}");
        if (once.Notes.Count < 3)
        {
            throw new InvalidOperationException("not yet");
        }
    }

    [Function("BacksOff")]
    [ExponentialBackoffRetry(1, "00:00:00.05", "00:00:00.1")]
    public void BacksOff([TimerTrigger("0 0 0 1 1 *", UseMonitor = false)] TimerInfo timer)
    {
        once.Notes.Enqueue("again");
        throw new InvalidOperationException("never");
    }

    [Function("TakesLong")]
    public async Task TakesLong([HttpTrigger("get")] HttpRequest request, CancellationToken cancellation)
    {
        await Task.Delay(Timeout.InfiniteTimeSpan, cancellation).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        once.Gate.SetResult();
    }
}
