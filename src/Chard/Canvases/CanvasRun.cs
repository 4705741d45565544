using Chard.Calls;
using Chard.Domain.Canvases;
using Chard.Domain.Failures;
using Chard.Domain.Tasks;
using Chard.Domain.Workflows;
using Microsoft.DurableTask;

namespace Chard.Canvases;

/// <summary>
/// The interpreter. A node's failure is a value that it passes outwards, so that every group decides by its own rule; nothing is thrown
/// but mistakes. A task's position is its node's: <c>0</c> the root, then the index of a step, member or item, <c>h</c> a chord's
/// header, <c>b</c>
/// its body, <c>e</c> an <c>onError</c>.
/// </summary>
internal sealed partial class CanvasRun(TaskOrchestrationContext context, WorkflowHeader header, TaskValue input)
{
    public const string RootPath = "0";

    /// <summary>What a node has around it.</summary>
    /// <param name="Options">What the nodes around it say of the tasks in it.</param>
    /// <param name="Prev">What came before; null if nothing did.</param>
    /// <param name="Deadline">When the innermost of their time limits ends, UTC.</param>
    /// <param name="ReachedAt">When the workflow reached it; null for now.</param>
    /// <param name="Shard">Part of the ledger for its tasks.</param>
    internal readonly record struct NodeContext(
        NodeOptions Options, TaskValue? Prev = null, DateTime? Deadline = null, DateTime? ReachedAt = null, string? Shard = null);

    /// <summary>Runs the whole canvas.</summary>
    public Task<NodeOutcome> RunAsync(CanvasNode canvas) => RunAsync(canvas, RootPath, new(NodeOptions.None));

    public async Task<NodeOutcome> RunAsync(CanvasNode node, string path, NodeContext around)
    {
        NodeOutcome outcome = await BeginAsync(node, path, around);
        return outcome.Failure is { } failure && node.OnError is { } handler
            ? await NextAsync(
                node with { OnError = null }, handler, path + ".e",
                around with
                {
                    Prev = TaskValue.Of(failure.ToJson()),
                    ReachedAt = null,
                    Options = around.Options with { Stamps = node.Options.Over(around.Options).Stamps },
                })
            : outcome;
    }

    /// <summary>Waits until the node may begin, and runs it if that is not too late.</summary>
    private async Task<NodeOutcome> BeginAsync(CanvasNode node, string path, NodeContext around)
    {
        DateTime reached = around.ReachedAt ?? context.CurrentUtcDateTime;
        DateTime? expires = node.ExpiresInSeconds is { } seconds ? reached.AddSeconds(seconds) : null;
        DateTime begins = reached.AddSeconds(node.CountdownSeconds ?? 0);
        if (begins < context.CurrentUtcDateTime)
        {
            begins = context.CurrentUtcDateTime;
        }

        if (begins >= expires)
        {
            return Fail(node, NodeFailure.Expired, $"It was not begun within its {node.ExpiresInSeconds} seconds.", path);
        }

        if (begins >= around.Deadline)
        {
            return Fail(node, NodeFailure.TimeLimit, "The time limit around it was over before it began.", path);
        }

        if (begins > context.CurrentUtcDateTime)
        {
            await context.CreateTimer(begins, CancellationToken.None);
        }

        DateTime? deadline = node.TimeLimitSeconds is { } limit ? context.CurrentUtcDateTime.AddSeconds(limit) : null;
        var inner = new NodeContext(
            node.Options.Over(around.Options),
            around.Prev,
            deadline < (around.Deadline ?? DateTime.MaxValue) ? deadline : around.Deadline,
            Shard: around.Shard);
        return node switch
        {
            TaskNode task => await TaskAsync(task, path, inner),
            ChainNode chain => await ChainAsync(chain, path, inner),
            GroupNode group => await GroupAsync(group, path, inner),
            ChordNode chord => await ChordAsync(chord, path, inner),
            MapNode map => await MapAsync(map, path, inner),
            _ => throw new InvalidOperationException($"There is no way to run a {node.GetType().Name}."),
        };
    }

    private async Task<NodeOutcome> TaskAsync(TaskNode node, string path, NodeContext inner)
    {
        (TaskValue? args, NodeOutcome? failed) = node switch
        {
            { Args: { } template } => await ResolveAsync(template, inner.Prev, path, node.Task),
            { StoredArgs: { } stored } => await ResolveAsync(stored, inner.Prev, path, node.Task),
            _ => (inner.Prev ?? TaskValue.Null, null),
        };
        return failed ?? await CallAsync(node.Task, args!, CallOptions(path, inner) with { IdempotencyKey = node.IdempotencyKey });
    }

    private async Task<NodeOutcome> CallAsync(string task, TaskValue args, TaskCallOptions options)
    {
        try
        {
            return NodeOutcome.Of((await context.CallTaskAsync<TaskValue>(task, args, options))!);
        }
        catch (TaskExhaustedException e)
        {
            return NodeOutcome.Of(new NodeFailure(e.Failure.Code, e.Failure.Message, e.Task, e.Path));
        }
    }

    private static TaskCallOptions CallOptions(string path, NodeContext inner) => new(inner.Options)
    {
        Path = path,
        Shard = inner.Shard,
        Deadline = inner.Deadline is { } deadline ? new DateTimeOffset(DateTime.SpecifyKind(deadline, DateTimeKind.Utc)) : null,
    };

    private Task<NodeOutcome> ChainAsync(ChainNode node, string path, NodeContext inner) =>
        node.Parts is { } parts ? LongChainAsync(Slices(parts), path, inner) : StepsAsync(node.Steps, 0, path, inner);

    private async Task<NodeOutcome> StepsAsync(IReadOnlyList<CanvasNode> steps, int first, string path, NodeContext inner)
    {
        if (Slices(steps, first) is { } slices)
        {
            return await LongChainAsync(slices, path, inner);
        }

        NodeOutcome outcome = null!;
        for (int i = 0; i < steps.Count; i++)
        {
            outcome = await RunAsync(steps[i], TaskPath.Below(path, first + i), inner);
            if (outcome.Failure is not null)
            {
                break;
            }

            inner = inner with { Prev = outcome.Result };
        }

        return outcome;
    }

    private async Task<NodeOutcome> ChordAsync(ChordNode node, string path, NodeContext inner)
    {
        NodeOutcome header = await RunAsync(node.Header, path + ".h", inner);
        return header.Failure is not null
            ? header
            : await NextAsync(node.Header, node.Body, path + ".b", inner with { Prev = header.Result });
    }

    /// <summary>What follows a node: here, unless both are too much for one history.</summary>
    private Task<NodeOutcome> NextAsync(CanvasNode node, CanvasNode next, string path, NodeContext around) =>
        CanvasWeight.IsTooMuch(CanvasWeight.Of(node), CanvasWeight.Of(next))
            ? ApartAsync(next, path, around)
            : RunAsync(next, path, around);

    private async Task<NodeOutcome> GroupAsync(GroupNode node, string path, NodeContext inner)
    {
        inner = inner with { ReachedAt = context.CurrentUtcDateTime };
        PartOutcome outcome = node.Parts is { } parts
            ? await WideGroupAsync(Slices(parts), node.MaxInFlight, node.Failures.Collect, path, inner)
            : await MembersAsync(node.Members, 0, node.MaxInFlight, node.Failures.Collect, path, inner);
        return Judge(node.Failures, outcome, node.Count);
    }

    /// <summary>Members side by side with a bound, and the array of what they gave.</summary>
    private async Task<PartOutcome> MembersAsync(
        IReadOnlyList<CanvasNode> members, int first, int? maxInFlight, bool collect, string path, NodeContext inner)
    {
        if (Slices(members, first) is { } slices)
        {
            return await WideGroupAsync(slices, maxInFlight, collect, path, inner);
        }

        var outcomes = new NodeOutcome[members.Count];
        await SlidingWindow.RunAsync(
            members.Count,
            maxInFlight ?? CanvasLimits.MaxInFlight,
            async index => outcomes[index] = await RunAsync(members[index], TaskPath.Below(path, first + index), inner));

        TaskValue results = await AssembleAsync(
            [.. outcomes.Select(o => o.Result ?? (collect ? TaskValue.Of(o.Failure!.ToResult()) : TaskValue.Null))],
            areArrays: false,
            PlaceOf(path, first, members.Count));
        return new(results, outcomes.Count(o => o.Failure is not null), outcomes.FirstOrDefault(o => o.Failure is not null)?.Failure);
    }

    private static NodeOutcome Judge(FailureRule rule, PartOutcome outcome, int members) =>
        rule.Fails(outcome.Failed)
            ? NodeOutcome.Of(NodeFailure.OfGroup(outcome.First!, outcome.Failed, members))
            : NodeOutcome.Of(outcome.Results);

    private static NodeOutcome Fail(CanvasNode node, string code, string message, string path) =>
        NodeOutcome.Of(new NodeFailure(code, message, (node as TaskNode)?.Task ?? (node as MapNode)?.Task, path));
}
