using Microsoft.Azure.Functions.Worker;
using Microsoft.Azure.Functions.Worker.Middleware;

namespace Chard.Running;

/// <summary>
/// Counts the work of a worker (<see cref="WorkerAge"/>): activities and messages of queues. Requests, turns of orchestrations and the
/// clock are short, and go on to its end.
/// </summary>
public sealed class WorkerAgeMiddleware(WorkerAge age) : IFunctionsWorkerMiddleware
{
    /// <inheritdoc/>
    public async Task Invoke(FunctionContext context, FunctionExecutionDelegate next)
    {
        ArgumentNullException.ThrowIfNull(context);
        ArgumentNullException.ThrowIfNull(next);
        if (!IsWork(context.FunctionDefinition))
        {
            await next(context);
            return;
        }

        using IDisposable work = await age.EnterAsync(context.CancellationToken);
        await next(context);
    }

    private static bool IsWork(FunctionDefinition function)
    {
        foreach (BindingMetadata binding in function.InputBindings.Values)
        {
            if (binding.Type.Equals("activityTrigger", StringComparison.OrdinalIgnoreCase)
                || binding.Type.Equals("queueTrigger", StringComparison.OrdinalIgnoreCase))
            {
                return true;
            }
        }

        return false;
    }
}
