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

    /// <summary>The policy of a call: the task's with what the options say.</summary>
    /// <exception cref="ArgumentException">Together they are out of bounds.</exception>
    public TaskPolicy PolicyFor(string task, NodeOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        TaskPolicy own = PolicyOf(task);
        TaskPolicy policy = options.Apply(own);
        if (options is TaskCallOptions { TimeLimitSeconds: { } seconds })
        {
            policy = policy with { TimeLimitSeconds = seconds };
        }

        return policy != own && TaskPolicyRules.Check(policy) is { Count: > 0 } faults
            ? throw new ArgumentException(string.Join(" ", faults.Select(f => f.Say($"{f.Member} of the call of {task}"))), nameof(options))
            : policy;
    }

    /// <summary>
    /// A call of a task at a position, as policy and options have it, without its arguments: what each of its tries begins with.
    /// </summary>
    public TaskCall CallOf(string task, string path, TaskPolicy policy, TaskCallOptions options)
    {
        ArgumentNullException.ThrowIfNull(policy);
        ArgumentNullException.ThrowIfNull(options);
        return new()
        {
            WorkflowId = Id,
            Path = path,
            Task = task,
            Args = TaskValue.Null,
            GivenKey = options.IdempotencyKey,
            Shard = options.Shard,
            WorkflowStamps = Stamps is { Count: > 0 } inherited ? inherited : null,
            Stamps = Identity.Stamps.Beyond(options.Stamps, Stamps),
            TimeLimitSeconds = policy.TimeLimitSeconds,
            Deadline = options.Deadline,
            LastAttempt = policy.Attempts,
            WithoutLedger = !policy.Ledger,
            InDoubt = policy.InDoubt,
        };
    }
}
