using System.ComponentModel;
using Chard.Domain.Tasks;
using Chard.Running;
using Microsoft.Azure.Functions.Worker;

namespace ChardApp;

/// <summary>The end of NewWorkflow. Say here what it does.</summary>
[Description("The end of NewWorkflow.")]
//#if (chain)
public sealed class NewWorkflowEnd : ITask<string, string>
{
    /// <inheritdoc/>
    public Task<string> RunAsync(string args, TaskContext context, CancellationToken cancellationToken) =>
        Task.FromResult($"{args}, ended");
}
//#else
public sealed class NewWorkflowEnd : ITask<IReadOnlyList<string>, string>
{
    /// <inheritdoc/>
    public Task<string> RunAsync(IReadOnlyList<string> args, TaskContext context, CancellationToken cancellationToken) =>
        Task.FromResult(string.Join(", ", args));
}
//#endif

/// <summary>The activity function of <see cref="NewWorkflowEnd"/>.</summary>
public sealed class NewWorkflowEndFunction(TaskRunner runner)
{
    /// <summary>Runs it.</summary>
    [Function(nameof(NewWorkflowEnd))]
    public Task<TaskOutcome> NewWorkflowEnd([ActivityTrigger] TaskCall call, FunctionContext context) =>
        runner.RunAsync<NewWorkflowEnd>(call, context.CancellationToken);
}
