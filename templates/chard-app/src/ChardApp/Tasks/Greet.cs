using System.ComponentModel;
using Chard.Domain.Failures;
using Chard.Domain.Tasks;
using Chard.Running;
using Microsoft.Azure.Functions.Worker;

namespace ChardApp;

/// <summary>Greets somebody.</summary>
[Description("Greets somebody.")]
public sealed class Greet : ITask<string, string>
{
    /// <inheritdoc/>
    public Task<string> RunAsync(string args, TaskContext context, CancellationToken cancellationToken) =>
        string.IsNullOrWhiteSpace(args)
            ? throw new PermanentTaskException("nobody", "Nobody is to be greeted: give a name.")
            : Task.FromResult($"Hello, {args}");
}

/// <summary>The activity function of <see cref="Greet"/>.</summary>
public sealed class GreetFunction(TaskRunner runner)
{
    /// <summary>Runs it.</summary>
    [Function(nameof(Greet))]
    public Task<TaskOutcome> Greet([ActivityTrigger] TaskCall call, FunctionContext context) =>
        runner.RunAsync<Greet>(call, context.CancellationToken);
}
