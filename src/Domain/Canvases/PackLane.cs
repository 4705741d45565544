using Chard.Domain.Tasks;

namespace Chard.Domain.Canvases;

/// <summary>
/// What a pack runs as one: a task, or tasks one after another. Whether a node is such a lane depends on nothing but the node and the
/// policies of its tasks, so an orchestrator may ask on every replay.
/// </summary>
/// <param name="Steps">The tasks, one at least.</param>
public sealed record PackLane(IReadOnlyList<PackStep> Steps)
{
    /// <summary>Most tasks of a pack that this lane is in.</summary>
    public int Pack => Steps.Min(s => s.Policy.Pack);

    /// <summary>Seconds after which such a pack begins no more.</summary>
    public double Seconds => Steps.Min(s => s.Policy.PackSeconds);

    /// <summary>True if all that it runs only compute their results.</summary>
    public bool IsPure => Steps.All(s => s.Policy.Pure);

    /// <summary>
    /// The node as a lane; null if it is none: no task and no chain of tasks, or one that has to wait, that is stored in parts, or that
    /// has a task of the slow route or under a limit, where a permit is asked for each try.
    /// </summary>
    /// <param name="node">A node.</param>
    /// <param name="path">Its position.</param>
    /// <param name="around">What the nodes around it say.</param>
    /// <param name="policyOf">The policy of a task with what the nodes around it say.</param>
    public static PackLane? Of(CanvasNode node, string path, NodeOptions around, Func<string, NodeOptions, TaskPolicy> policyOf)
    {
        ArgumentNullException.ThrowIfNull(node);
        ArgumentNullException.ThrowIfNull(policyOf);
        if (!BeginsAtOnce(node))
        {
            return null;
        }

        switch (node)
        {
            case TaskNode task when PackStep.Of(task, path, around, policyOf) is { } step:
                return new([step]);

            case ChainNode { Parts: null } chain:
                NodeOptions inner = chain.Options.Over(around);
                var steps = new PackStep[chain.Steps.Count];
                for (int i = 0; i < steps.Length; i++)
                {
                    if (chain.Steps[i] is not TaskNode member
                        || !BeginsAtOnce(member)
                        || PackStep.Of(member, TaskPath.Below(path, i), inner, policyOf) is not { } next)
                    {
                        return null;
                    }

                    steps[i] = next;
                }

                return new(steps);

            default:
                return null;
        }
    }

    private static bool BeginsAtOnce(CanvasNode node) => node is { CountdownSeconds: null, ExpiresInSeconds: null, TimeLimitSeconds: null };
}

/// <summary>One task of a lane.</summary>
/// <param name="Node">The task.</param>
/// <param name="Path">Its position.</param>
/// <param name="Options">What it and the nodes around it say.</param>
/// <param name="Policy">Its policy with these options.</param>
public sealed record PackStep(TaskNode Node, string Path, NodeOptions Options, TaskPolicy Policy)
{
    /// <summary>True if tasks of this policy may run in a pack.</summary>
    public static bool IsPackable(TaskPolicy policy) => policy is { Route: TaskRoute.Fast, Limit: null };

    /// <summary>The task as a step; null if its policy keeps it out of packs.</summary>
    public static PackStep? Of(TaskNode node, string path, NodeOptions around, Func<string, NodeOptions, TaskPolicy> policyOf)
    {
        ArgumentNullException.ThrowIfNull(node);
        ArgumentNullException.ThrowIfNull(policyOf);
        NodeOptions options = node.Options.Over(around);
        TaskPolicy policy = policyOf(node.Task, options);
        return IsPackable(policy) ? new(node, path, options, policy) : null;
    }
}
