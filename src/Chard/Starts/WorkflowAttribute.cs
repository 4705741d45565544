namespace Chard.Starts;

/// <summary>
/// Makes an orchestrator function startable by its name (<see cref="ChardBuilder.AddWorkflowsFrom{TMarker}"/>). Beside the context it takes
/// a <c>WorkflowInput</c> of a record, which is what a start has as its arguments; they are read strictly.
/// </summary>
/// <param name="tasks">Names of the tasks it may call: their policies travel with its input.</param>
[AttributeUsage(AttributeTargets.Method)]
public sealed class WorkflowAttribute(params string[] tasks) : Attribute
{
    /// <summary>Names of the tasks it may call.</summary>
    public IReadOnlyList<string> Tasks { get; } = tasks;
}
