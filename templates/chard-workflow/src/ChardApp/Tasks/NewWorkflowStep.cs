using System.ComponentModel;
using Chard.Domain.Tasks;
using Chard.Running;
using Microsoft.Azure.Functions.Worker;

namespace ChardApp;

/// <summary>A step of NewWorkflow. Say here what it does.</summary>
[Description("A step of NewWorkflow.")]
public sealed class NewWorkflowStep : ITask<string, string>
{
    /// <inheritdoc/>
    public Task<string> RunAsync(string args, TaskContext context, CancellationToken cancellationToken) => Task.FromResult($"{args} done");
}

/// <summary>The activity function of <see cref="NewWorkflowStep"/>.</summary>
public sealed class NewWorkflowStepFunction(TaskRunner runner)
{
    /// <summary>Runs it.</summary>
    [Function(nameof(NewWorkflowStep))]
    public Task<TaskOutcome> NewWorkflowStep([ActivityTrigger] TaskCall call, FunctionContext context) =>
        runner.RunAsync<NewWorkflowStep>(call, context.CancellationToken);
}
