using System.Text.Json.Serialization;
using Chard.Domain.Tasks;

namespace Chard.Domain.Workflows;

/// <summary>
/// Input of every orchestrator: its arguments, and with them all that it may not read anywhere else without breaking a replay.
/// </summary>
/// <param name="Id">Id of the workflow, which for a sub-orchestration is not its instance id.</param>
/// <param name="Args">What to work on.</param>
/// <param name="Policies">Policies of the tasks it may call, by name; those equal to <see cref="TaskPolicy.Default"/> are left out.</param>
/// <param name="Stamps">Labels inherited by all below.</param>
/// <param name="Workflow">Name of the workflow, as in the catalogue; null for the orchestrator's own name.</param>
/// <param name="Path">Position of a sub-orchestration, the parent of its calls' positions; null for the workflow itself.</param>
public sealed record WorkflowInput<TArgs>(
    string Id,
    TArgs Args,
    [property: JsonConverter(typeof(SparsePoliciesConverter))] IReadOnlyDictionary<string, TaskPolicy>? Policies = null,
    IReadOnlyList<string>? Stamps = null,
    string? Workflow = null,
    string? Path = null);

/// <summary>The part of a <see cref="WorkflowInput{TArgs}"/> that calls of tasks need: all but the arguments.</summary>
/// <param name="Id">Id of the workflow.</param>
/// <param name="Policies">Policies of the tasks it may call.</param>
/// <param name="Stamps">Labels inherited by all below.</param>
/// <param name="Workflow">Name of the workflow.</param>
/// <param name="Path">Position of a sub-orchestration.</param>
public sealed record WorkflowHeader(
    string Id,
    [property: JsonConverter(typeof(SparsePoliciesConverter))] IReadOnlyDictionary<string, TaskPolicy>? Policies = null,
    IReadOnlyList<string>? Stamps = null,
    string? Workflow = null,
    string? Path = null)
{
    /// <summary>The policy of <paramref name="task"/> as it was when the workflow was started.</summary>
    public TaskPolicy PolicyOf(string task) =>
        Policies is not null && Policies.TryGetValue(task, out TaskPolicy? policy) ? policy : TaskPolicy.Default;
}
