using Chard.Domain.Workflows;
using Microsoft.Azure.Functions.Worker;
using Microsoft.DurableTask;

namespace Chard.Functions.Tests.Tasks;

/// <summary>The workflow whose body a test gives, and the app's bookkeeping in memory.</summary>
public sealed class EagerFunctions(Stores stores)
{
    [Function("TestWorkflow")]
    public Task<object?> RunAsync([OrchestrationTrigger] TaskOrchestrationContext context) => stores.Bodies[context.InstanceId](context);

    [Function("UpdateWorkflowStatus__Eager")]
    public void Update([ActivityTrigger] WorkflowUpdate update) => stores.Statuses.Enqueue(update.Status);

    [Function("UnparkWorkflow__Eager")]
    public void Unpark([ActivityTrigger] string id)
    {
        stores.Unparked.Enqueue(id);
        stores.Statuses.Enqueue(WorkflowStatus.Running);
    }
}
