using System.ComponentModel;
using Chard.Domain.Failures;
//#if (limited)
using Chard.Domain.Limits;
//#endif
using Chard.Domain.Tasks;
using Chard.Running;
using Microsoft.Azure.Functions.Worker;

namespace ChardApp;

/// <summary>What NewTask is given: ids and references, no objects, for it may run much later.</summary>
/// <param name="Id">What it is about.</param>
public sealed record NewTaskArgs([property: Description("What it is about.")] string Id);

/// <summary>What NewTask gives.</summary>
/// <param name="Id">What it was about.</param>
public sealed record NewTaskResult(string Id);

/// <summary>Say here what it does.</summary>
[Description("Say here what it does.")]
//#if (hasPolicy)
[TaskPolicy(
    Attempts = ATTEMPTS,
//#if (slow)
    Route = TaskRoute.Slow,
//#endif
//#if (packed)
    Pack = PACK,
//#endif
    OnExhausted = OnExhausted.ON_EXHAUSTED)]
//#endif
//#if (limited)
[TaskLimit("LIMIT", PerSecond = PER_SECOND)]
//#endif
public sealed class NewTask : ITask<NewTaskArgs, NewTaskResult>
{
    /// <inheritdoc/>
    public Task<NewTaskResult> RunAsync(NewTaskArgs args, TaskContext context, CancellationToken cancellationToken)
    {
        if (string.IsNullOrWhiteSpace(args.Id))
        {
            // No other try would succeed. What may, throws TransientTaskException; "come back at nine" is a RateLimitedTaskException.
            throw new PermanentTaskException("no-id", "The arguments have no id.");
        }

        // The work goes here, by an interface of yours in the constructor. Hand context.IdempotencyKey to whoever must not act twice.
        return Task.FromResult(new NewTaskResult(args.Id));
    }
}

/// <summary>The activity function of <see cref="NewTask"/>.</summary>
public sealed class NewTaskFunction(TaskRunner runner)
{
    /// <summary>Runs it.</summary>
    [Function(nameof(NewTask))]
    public Task<TaskOutcome> NewTask([ActivityTrigger] TaskCall call, FunctionContext context) =>
        runner.RunAsync<NewTask>(call, context.CancellationToken);
}
