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
internal sealed partial class CanvasRun(TaskOrchestrationContext context, WorkflowHeader header, TaskValue input, CanvasProgress progress)
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
    public Task<NodeOutcome> RunAsync(CanvasNode canvas, LaneLeft? left) => RunAsync(canvas, RootPath, new(NodeOptions.None), left);

    /// <summary>Runs a node: from its beginning, or from where a pack has left it.</summary>
    public async Task<NodeOutcome> RunAsync(CanvasNode node, string path, NodeContext around, LaneLeft? left = null)
    {
        NodeOutcome outcome = await BeginAsync(node, path, around, left);
        if (node is TaskNode)
        {
            Count(outcome);
        }

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
    private async Task<NodeOutcome> BeginAsync(CanvasNode node, string path, NodeContext around, LaneLeft? left)
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

        if (begins >= around.Deadline && left?.Failed is null)
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
            TaskNode task => await TaskAsync(task, path, left?.Prev is { } prev ? inner with { Prev = prev } : inner, left?.Failed),
            ChainNode chain => await ChainAsync(chain, path, inner, left),
            GroupNode group => await GroupAsync(group, path, inner),
            ChordNode chord => await ChordAsync(chord, path, inner),
            MapNode map => await MapAsync(map, path, inner),
            _ => throw new InvalidOperationException($"There is no way to run a {node.GetType().Name}."),
        };
    }

    private async Task<NodeOutcome> TaskAsync(TaskNode node, string path, NodeContext inner, FailedTry? tried)
    {
        (TaskValue? args, NodeOutcome? failed) = node switch
        {
            { Args: { } template } => await ResolveAsync(template, inner.Prev, path, node.Task),
            { StoredArgs: { } stored } => await ResolveAsync(stored, inner.Prev, path, node.Task),
            _ => (inner.Prev ?? TaskValue.Null, null),
        };
        return failed
            ?? await CallAsync(node.Task, args!, CallOptions(path, inner) with { IdempotencyKey = node.IdempotencyKey }, tried);
    }

    private async Task<NodeOutcome> CallAsync(string task, TaskValue args, TaskCallOptions options, FailedTry? tried)
    {
        try
        {
            return NodeOutcome.Of(await CallTaskExtensions.ScopeOf(context).Prepare(task, args, options).RunAsync(tried));
        }
        catch (TaskExhaustedException e)
        {
            return NodeOutcome.Of(new NodeFailure(e.Failure.Code, e.Failure.Message, e.Task, e.Path));
        }
    }

    private void Count(NodeOutcome outcome) => progress.Add(outcome.Failure is null ? 1 : 0, outcome.Failure is null ? 0 : 1);

    private static TaskCallOptions CallOptions(string path, NodeContext inner) => new(inner.Options)
    {
        Path = path,
        Shard = inner.Shard,
        Deadline = DeadlineOf(inner),
    };

    private Task<NodeOutcome> ChainAsync(ChainNode node, string path, NodeContext inner, LaneLeft? left) =>
        node.Parts is { } parts ? LongChainAsync(Slices(parts), path, inner) : StepsAsync(node.Steps, 0, path, inner, left);

    private async Task<NodeOutcome> StepsAsync(
        IReadOnlyList<CanvasNode> steps, int first, string path, NodeContext inner, LaneLeft? left = null)
    {
        if (left is null && Slices(steps, first, inner) is { } slices)
        {
            return await LongChainAsync(slices, path, inner);
        }

        NodeOutcome outcome = NodeOutcome.Of(left?.Prev ?? TaskValue.Null);
        for (int i = left?.Step ?? 0; i < steps.Count; i++, left = null)
        {
            inner = left?.Prev is { } prev ? inner with { Prev = prev } : inner;
            if (left is null && PackedSteps(steps, i, inner) is > 0 and int count)
            {
                (TaskValue? result, LaneLeft? rest) = await PackedStepsAsync(steps, i, count, first, path, inner);
                if (rest is null)
                {
                    outcome = NodeOutcome.Of(result!);
                    inner = inner with { Prev = outcome.Result };
                    i += count - 1;
                    continue;
                }

                i += rest.Step;
                left = rest with { Step = 0 };
                inner = rest.Prev is { } before ? inner with { Prev = before } : inner;
            }

            outcome = await RunAsync(steps[i], TaskPath.Below(path, first + i), inner, left is null ? null : new(0, null, left.Failed));
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
        bool isWide = node.Count > CanvasLimits.MaxItemRows;
        PartOutcome outcome = node.Parts is { } parts
            ? await WideGroupAsync(Slices(parts), node.MaxInFlight, node.Failures.Collect, path, inner, isWide)
            : await MembersAsync(node.Members, 0, node.MaxInFlight, node.Failures.Collect, path, inner, new(IsPart: false, isWide));
        return Judge(node.Failures, outcome, node.Count);
    }

    /// <summary>Members side by side with a bound, and the array of what they gave.</summary>
    private Task<PartOutcome> MembersAsync(
        IReadOnlyList<CanvasNode> members, int first, int? maxInFlight, bool collect, string path, NodeContext inner, Width width) =>
        Slices(members, first, inner) is { } slices
            ? WideGroupAsync(slices, maxInFlight, collect, path, inner, width.IsWide)
            : LanesAsync(members, first, maxInFlight, collect, path, inner, width);

    private static NodeOutcome Judge(FailureRule rule, PartOutcome outcome, int members) =>
        rule.Fails(outcome.Failed)
            ? NodeOutcome.Of(NodeFailure.OfGroup(outcome.First!, outcome.Failed, members))
            : NodeOutcome.Of(outcome.Results);

    private static NodeOutcome Fail(CanvasNode node, string code, string message, string path) =>
        NodeOutcome.Of(new NodeFailure(code, message, (node as TaskNode)?.Task ?? (node as MapNode)?.Task, path));
}
