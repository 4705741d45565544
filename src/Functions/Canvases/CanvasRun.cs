using System.Text.Json;
using Chard.Domain.Canvases;
using Chard.Domain.Failures;
using Chard.Domain.Tasks;
using Chard.Functions.Tasks;
using Microsoft.DurableTask;

namespace Chard.Functions.Canvases;

/// <summary>
/// The interpreter. A node's failure is a value that it passes outwards, so that every group decides by its own rule; nothing is thrown
/// but mistakes. A task's position is its node's: <c>0</c> the root, then the index of a step, member or item, <c>h</c> a chord's header, <c>b</c>
/// its body, <c>e</c> an <c>onError</c>.
/// </summary>
internal sealed partial class CanvasRun(TaskOrchestrationContext context, string workflowId, TaskValue input)
{
    public const string RootPath = "0";

    /// <summary>What a node has around it.</summary>
    /// <param name="Prev">What came before; null if nothing did.</param>
    /// <param name="Retry">What the nodes around it say of retries, the inner ones first.</param>
    /// <param name="OnExhausted">What they say of failures for good.</param>
    /// <param name="Deadline">When the innermost of their time limits ends, UTC.</param>
    /// <param name="ReachedAt">When the workflow reached it; null for now.</param>
    internal readonly record struct Surroundings(
        TaskValue? Prev, RetryOptions? Retry = null, OnExhausted? OnExhausted = null, DateTime? Deadline = null, DateTime? ReachedAt = null);

    public async Task<NodeOutcome> RunAsync(CanvasNode node, string path, Surroundings around)
    {
        NodeOutcome outcome = await BeginAsync(node, path, around);
        return outcome.Failure is { } failure && node.OnError is { } handler
            ? await RunAsync(handler, path + ".e", around with { Prev = TaskValue.Of(failure.ToJson()), ReachedAt = null })
            : outcome;
    }

    /// <summary>Waits until the node may begin, and runs it if that is not too late.</summary>
    private async Task<NodeOutcome> BeginAsync(CanvasNode node, string path, Surroundings around)
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
        var inner = new Surroundings(
            around.Prev,
            node.Retry?.Over(around.Retry) ?? around.Retry,
            node.OnExhausted ?? around.OnExhausted,
            deadline < (around.Deadline ?? DateTime.MaxValue) ? deadline : around.Deadline);
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

    private async Task<NodeOutcome> TaskAsync(TaskNode node, string path, Surroundings inner)
    {
        (TaskValue? args, NodeOutcome? failed) = node.Args is { } template
            ? await ResolveAsync(template, inner.Prev, path, node.Task)
            : (inner.Prev ?? TaskValue.Null, null);
        return failed ?? await CallAsync(node.Task, args!, path, inner);
    }

    private async Task<NodeOutcome> CallAsync(string task, TaskValue args, string path, Surroundings inner)
    {
        try
        {
            return NodeOutcome.Of((await context.CallTaskAsync<TaskValue>(task, args, Options(path, inner)))!);
        }
        catch (TaskExhaustedException e)
        {
            return NodeOutcome.Of(new NodeFailure(e.Failure.Code, e.Failure.Message, e.Task, e.Path));
        }
    }

    private static TaskCallOptions Options(string path, Surroundings inner) => new()
    {
        Path = path,
        Retry = inner.Retry,
        OnExhausted = inner.OnExhausted,
        Deadline = inner.Deadline is { } deadline ? new DateTimeOffset(DateTime.SpecifyKind(deadline, DateTimeKind.Utc)) : null,
    };

    private async Task<NodeOutcome> ChainAsync(ChainNode node, string path, Surroundings inner)
    {
        NodeOutcome outcome = null!;
        for (int i = 0; i < node.Steps.Count; i++)
        {
            outcome = await RunAsync(node.Steps[i], TaskPath.Below(path, i), inner);
            if (outcome.Failure is not null)
            {
                break;
            }

            inner = inner with { Prev = outcome.Result };
        }

        return outcome;
    }

    private async Task<NodeOutcome> ChordAsync(ChordNode node, string path, Surroundings inner)
    {
        NodeOutcome header = await RunAsync(node.Header, path + ".h", inner);
        return header.Failure is not null ? header : await RunAsync(node.Body, path + ".b", inner with { Prev = header.Result });
    }

    private Task<NodeOutcome> GroupAsync(GroupNode node, string path, Surroundings inner)
    {
        DateTime reached = context.CurrentUtcDateTime;
        return SideBySideAsync(
            node.Members.Count, node.MaxInFlight, node.Failures, path, index => RunAsync(node.Members[index], TaskPath.Below(path, index), inner with { ReachedAt = reached }));
    }

    /// <summary>Runs members with a bound, judges their failures by the rule, and makes the array of what they gave.</summary>
    private async Task<NodeOutcome> SideBySideAsync(int count, int? maxInFlight, FailureRule rule, string path, Func<int, Task<NodeOutcome>> run)
    {
        var outcomes = new NodeOutcome[count];
        await SlidingWindow.RunAsync(count, maxInFlight ?? CanvasLimits.MaxInFlight, async index => outcomes[index] = await run(index));

        NodeFailure[] failures = [.. outcomes.Where(o => o.Failure is not null).Select(o => o.Failure!)];
        return rule.Fails(failures.Length)
            ? NodeOutcome.Of(NodeFailure.OfGroup(failures[0], failures.Length, count))
            : NodeOutcome.Of(await AssembleAsync(
                [.. outcomes.Select(o => o.Result ?? (rule.Collect ? TaskValue.Of(o.Failure!.ToResult()) : TaskValue.Null))], areArrays: false, path));
    }

    private async Task<NodeOutcome> MapAsync(MapNode node, string path, Surroundings inner)
    {
        (TaskValue? over, NodeOutcome? failed) = await ResolveAsync(node.Over, inner.Prev, path, null);
        if (failed is not null)
        {
            return failed;
        }

        JsonElement items = over!.ToElement();
        if (items.ValueKind != JsonValueKind.Array)
        {
            return Fail(node, NodeFailure.NotAnArray, $"What the map goes over is no array but {items.ValueKind.ToString().ToLowerInvariant()}.", path);
        }

        return await SideBySideAsync(items.GetArrayLength(), node.MaxInFlight, node.Failures, path, async index =>
        {
            string at = TaskPath.Below(path, index);
            TaskValue item = TaskValue.Of(items[index]);
            (TaskValue? args, NodeOutcome? fault) = node.Args is { } template ? await ResolveAsync(template, inner.Prev, at, node.Task, item) : (item, null);
            return fault ?? await CallAsync(node.Task, args!, at, inner);
        });
    }

    private static NodeOutcome Fail(CanvasNode node, string code, string message, string path) =>
        NodeOutcome.Of(new NodeFailure(code, message, (node as TaskNode)?.Task ?? (node as MapNode)?.Task, path));
}
