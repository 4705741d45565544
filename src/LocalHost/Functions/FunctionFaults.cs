using System.Runtime.ExceptionServices;
using Chard.LocalHost.Worker;
using Microsoft.Azure.WebJobs.Host;
using Microsoft.Azure.WebJobs.Host.Timers;
using Microsoft.Extensions.Logging;

namespace Chard.LocalHost.Functions;

/// <summary>What the WebJobs SDK does not know what to do with.</summary>
internal sealed class FunctionFaults(WorkerSupervisor workers, ILogger<FunctionFaults> logger) : IWebJobsExceptionHandler
{
    private static readonly TimeSpan Grace = TimeSpan.FromSeconds(5);

    public Task OnTimeoutExceptionAsync(ExceptionDispatchInfo exceptionInfo, TimeSpan timeoutGracePeriod)
    {
        if (exceptionInfo.SourceException is FunctionTimeoutException { Task: { } task } exception)
        {
            // Not waited for: the caller gets its answer now.
            _ = EndAsync(exception.MethodName, task);
        }

        return Task.CompletedTask;
    }

    public Task OnUnhandledExceptionAsync(ExceptionDispatchInfo exceptionInfo)
    {
        logger.LogError(exceptionInfo.SourceException, "A listener failed");
        return Task.CompletedTask;
    }

    /// <summary>
    /// The function was told to stop. Where it does not, the worker is ended, as on Azure: the function would run on beside its successor.
    /// </summary>
    private async Task EndAsync(string function, Task running)
    {
        await Task.WhenAny(running, Task.Delay(Grace, TimeProvider.System));
        if (!running.IsCompleted)
        {
            logger.LogWarning("{Function} ran on after its time limit; the worker is ended for it", function);
            workers.Restart();
        }
    }
}
