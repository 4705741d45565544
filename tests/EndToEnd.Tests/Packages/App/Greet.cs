using Chard.Domain.Tasks;
using Chard.Running;
using Microsoft.Azure.Functions.Worker;

namespace Team;

/// <summary>Greets somebody.</summary>
public sealed class Greet : ITask<string, string>
{
    /// <inheritdoc/>
    public Task<string> RunAsync(string name, TaskContext context, CancellationToken cancellationToken) =>
        Task.FromResult($"Hello, {name}");
}

/// <summary>The activity functions of the tasks.</summary>
public sealed class TaskFunctions(TaskRunner runner)
{
    [Function("Greet")]
    public Task<TaskOutcome> Greet([ActivityTrigger] TaskCall call, FunctionContext context) =>
        runner.RunAsync<Greet>(call, context.CancellationToken);
}
