using Chard.Domain.Canvases;
using Chard.Domain.Tasks;

namespace Chard.Canvases;

/// <summary>Packs: tasks that share an activity (<see cref="RunPack"/>), whether in groups or in chains.</summary>
internal sealed partial class CanvasRun
{
    /// <summary>Fewest lanes of a pack in a group that could make several: what is less costs more to call than to run.</summary>
    private const int LeastLanes = 50;

    /// <summary>Packs that a group is cut into if it fills no more, so that several hosts have something to do.</summary>
    private const int PacksOfGroup = 4;

    /// <summary>Lanes of a pack whose nodes lie in a payload, so that two of them share what an orchestration of its own costs.</summary>
    private const int MostOfStored = CanvasLimits.MaxPackedWidth / 2;

    /// <summary>Members of a group, in packs as far as they may be; those by themselves as if there were no packs.</summary>
    private async Task<PartOutcome> LanesAsync(
        IReadOnlyList<CanvasNode> members, int first, int? maxInFlight, bool collect, string path, NodeContext inner, Width width)
    {
        PackLane?[] lanes = [.. members.Select((m, i) => LaneOf(m, TaskPath.Below(path, first + i), inner.Options))];
        PackLane[] packable = [.. lanes.OfType<PackLane>()];
        int steps = packable.Length == 0 ? 1 : packable.Max(l => l.Steps.Count);
        int most = packable.Length == 0 ? 1 : Math.Max(1, packable.Min(l => l.Pack) / steps);
        int size = width.IsPart
            ? most
            : Math.Clamp((members.Count + PacksOfGroup - 1) / PacksOfGroup, Math.Min(LeastLanes, most), most);
        var source = new PackSource(
            header.Id, path, collect,
            (begin, count) => PackOf(PackKind.Members, path, inner) with
            {
                First = begin,
                Take = count,
                Nodes = CanvasReader.Pack(members.Skip(begin - first).Take(count).Select(n => n.Source!.Value)),
                KeepsRows = !width.IsWide,
                Input = input,
            },
            (index, left) => RunAsync(members[index - first], TaskPath.Below(path, index), inner, left),
            (index, step) => Task.FromResult(lanes[index - first]!.Steps[step].Policy));
        var pool = new PackPool(context, source, progress, maxInFlight ?? CanvasLimits.MaxInFlight, size);
        for (int i = 0; i < lanes.Length;)
        {
            int begin = i;
            bool isPacked = lanes[i] is not null;
            while (i < lanes.Length && lanes[i] is not null == isPacked)
            {
                i++;
            }

            if (isPacked && (i - begin > 1 || lanes[begin]!.Steps.Count > 1))
            {
                pool.AddPack(first + begin, i - begin);
            }
            else
            {
                pool.AddAlone(first + begin, i - begin);
            }
        }

        return await EndAsync(pool, path, first, members.Count);
    }

    /// <summary>
    /// Members that lie in a payload and may all be packed: only what packs hand back makes this orchestration read them.
    /// </summary>
    private async Task<PartOutcome> StoredLanesAsync(CanvasPart part, NodeContext inner, Func<Task<CanvasNode[]>> readAsync)
    {
        var source = new PackSource(
            header.Id, part.Path, part.Collect,
            (begin, count) => PackOf(PackKind.Members, part.Path, inner) with
            {
                First = begin,
                Skip = begin - part.First,
                Take = count,
                StoredNodes = part.StoredNodes,
                KeepsRows = !part.IsWide,
                Input = input,
            },
            async (index, left) => await RunAsync(
                (await readAsync())[index - part.First], TaskPath.Below(part.Path, index), inner, left),
            async (index, step) => LaneOf(
                (await readAsync())[index - part.First], TaskPath.Below(part.Path, index), inner.Options)!.Steps[step].Policy);
        var pool = new PackPool(context, source, progress, part.MaxInFlight ?? CanvasLimits.MaxInFlight, MostOfStored);
        pool.AddPack(part.First, part.Take);
        return await EndAsync(pool, part.Path, part.First, part.Take);
    }

    private async Task<PartOutcome> EndAsync(PackPool pool, string path, int first, int count)
    {
        IReadOnlyList<TaskValue> results = await pool.RunAsync(
            (values, at) => AssembleAsync(values, areArrays: false, PlaceOf(path, at, values.Count)));
        return new(
            await AssembleAsync(results, areArrays: true, PlaceOf(path, first, count) + "-packs"),
            pool.Failures.Count, pool.Failures.Count == 0 ? null : pool.Failures.First().Value);
    }

    /// <summary>
    /// Steps of a chain that share an activity, from one on; 0 if that step has one of its own. No more than each of them allows.
    /// </summary>
    private int PackedSteps(IReadOnlyList<CanvasNode> steps, int begin, NodeContext inner)
    {
        int count = 0;
        int most = TaskPolicyRules.MaxPack;
        while (begin + count < steps.Count && count < most
            && LaneOf(steps[begin + count], path: "", inner.Options) is { Steps: [{ Policy.Pack: > 1 } step] }
            && steps[begin + count] is TaskNode && count < step.Policy.Pack)
        {
            most = Math.Min(most, step.Policy.Pack);
            count++;
        }

        return count > 1 ? count : 0;
    }

    /// <summary>Runs steps of a chain as one pack: the result of the last one, or what is left of them.</summary>
    private async Task<(TaskValue? Result, LaneLeft? Left)> PackedStepsAsync(
        IReadOnlyList<CanvasNode> steps, int begin, int count, int first, string path, NodeContext inner)
    {
        DateTime begun = context.CurrentUtcDateTime;
        PackOutcome outcome = await PackPool.CallAsync(context, PackOf(PackKind.Steps, path, inner) with
        {
            First = first + begin,
            Take = count,
            Nodes = CanvasReader.Pack(steps.Skip(begin).Take(count).Select(n => n.Source!.Value)),
            KeepsRows = true,
            Input = input,
        });
        progress.Add(outcome.Succeeded, 0);
        return outcome is { Begun: 1, Rest.Count: 0 } ? (outcome.Results!, null)
            : (null, LeftOf(outcome, begun) ?? new(Step: 0, Prev: null, Failed: null));
    }

    /// <summary>
    /// Runs a canvas that one pack may run, with its beginning and its end, in one activity. Null if it is none of that kind.
    /// </summary>
    public async Task<WholeOutcome?> TryWholeAsync(CanvasNode canvas)
    {
        if (PackLane.Of(canvas, RootPath, NodeOptions.None, header.PolicyFor) is not { } lane
            || (lane.Steps.Count > 1 && lane.Steps.Count > lane.Pack))
        {
            return null;
        }

        DateTime begun = context.CurrentUtcDateTime;
        PackOutcome outcome = await PackPool.CallAsync(context, PackOf(PackKind.Node, RootPath, new(NodeOptions.None)) with
        {
            Take = 1,
            Nodes = CanvasReader.Pack([canvas.Source!.Value]),
            KeepsRows = true,
            IsWhole = true,
            Input = input,
        });
        progress.Add(outcome.Succeeded, 0);
        return new(
            outcome.Beginning!, outcome.IsEnd, outcome is { Begun: 1, Rest.Count: 0 } ? outcome.Results : null,
            outcome.Begun == 0 ? null : LeftOf(outcome, begun));
    }

    private static LaneLeft? LeftOf(PackOutcome outcome, DateTime begun) => outcome.Rest is [var rest]
        ? new(
            rest.At.Step, rest.At.Prev,
            rest.Failure is { IsUncalled: false } failed ? PackPool.FailedTryOf(rest.At, failed, begun) : null)
        : null;

    private PackLane? LaneOf(CanvasNode node, string path, NodeOptions around) =>
        PackLane.Of(node, path, around, header.PolicyFor) is { Pack: > 1 } lane ? lane : null;

    private PackCall PackOf(PackKind kind, string path, NodeContext inner) => new()
    {
        Workflow = header,
        Kind = kind,
        Path = path,
        Take = 1,
        Options = inner.Options,
        Prev = inner.Prev,
        Deadline = DeadlineOf(inner),
        Shard = inner.Shard,
        Width = 1,
    };

    private static DateTimeOffset? DeadlineOf(NodeContext inner) =>
        inner.Deadline is { } deadline ? new DateTimeOffset(DateTime.SpecifyKind(deadline, DateTimeKind.Utc)) : null;

    /// <summary>How much of a group is here.</summary>
    /// <param name="IsPart">True if there are other parts of it beside this one.</param>
    /// <param name="IsWide">True if the whole has more members than have rows of their own where they only compute.</param>
    private readonly record struct Width(bool IsPart, bool IsWide);
}

/// <summary>What a pack came to that is a whole workflow.</summary>
/// <param name="Beginning">How the workflow has begun.</param>
/// <param name="IsEnd">True if it has ended well, and its status says so.</param>
/// <param name="Result">Its result if it has one; null if it goes on.</param>
/// <param name="Left">Where to go on; null for the beginning.</param>
internal sealed record WholeOutcome(Chard.Status.WorkflowBeginning Beginning, bool IsEnd, TaskValue? Result, LaneLeft? Left);
