using Chard.Calls;
using Chard.Domain.Canvases;
using Chard.Domain.Failures;
using Chard.Domain.Identity;
using Chard.Domain.Retries;
using Chard.Domain.Tasks;
using Microsoft.DurableTask;

namespace Chard.Canvases;

/// <summary>
/// Runs lanes in packs, no more of them at work at once than a bound: what packs hand back is packed anew or called by itself. For
/// orchestrators: everything stays on their thread.
/// </summary>
/// <param name="context">The orchestrator's context.</param>
/// <param name="source">The lanes.</param>
/// <param name="progress">Told of the tasks that have ended in packs.</param>
/// <param name="bound">How many lanes may be at work at once.</param>
/// <param name="size">Most lanes of one pack; smaller from the first pack on that has not begun all of its lanes in its time.</param>
/// <param name="countsPacks">True if the bound is one of packs, however many of their lanes are at work at once.</param>
internal sealed partial class PackPool(
    TaskOrchestrationContext context, PackSource source, CanvasProgress progress, int bound, int size, bool countsPacks = false)
{
    /// <summary>
    /// Failed lanes of one pack up to which each is tried again by itself, at its own time. More of them are tried again together: no
    /// history should grow by a call for each of thousands that have met the same fault.
    /// </summary>
    private const int MaxAlone = 20;

    private static readonly TimeSpan WaitForResume = TimeSpan.FromSeconds(1);

    private readonly LinkedList<Work> _waiting = new();
    private readonly List<Task> _running = [];
    private readonly List<Segment> _segments = [];
    private readonly Dictionary<int, TaskValue> _patches = [];
    private int _size = size;
    private int _free = Math.Max(1, bound);

    /// <summary>The failures, by index.</summary>
    public SortedDictionary<int, NodeFailure> Failures { get; } = [];

    /// <summary>Adds lanes that may be packed.</summary>
    public void AddPack(int first, int count) => _waiting.AddLast(new Work(first, count, IsPack: true, null));

    /// <summary>Adds lanes that run each by itself.</summary>
    public void AddAlone(int first, int count)
    {
        _segments.Add(new(first, count, null));
        for (int i = 0; i < count; i++)
        {
            _waiting.AddLast(new Work(first + i, 1, IsPack: false, null));
        }
    }

    /// <summary>Runs what was added. Gives arrays of results, in order, which together have one for each lane.</summary>
    /// <param name="assembleAsync">Makes an array of values: those of the lanes from an index on.</param>
    public async Task<IReadOnlyList<TaskValue>> RunAsync(Func<IReadOnlyList<TaskValue>, int, Task<TaskValue>> assembleAsync)
    {
        Begin();

        // What ends begins others before it is over, so the list is whole when its last one has ended.
        for (int i = 0; i < _running.Count; i++)
        {
            await _running[i];
        }

        return await ResultsAsync(assembleAsync);
    }

    private void Begin()
    {
        while (_free > 0 && _waiting.First is { } first)
        {
            Work work = first.Value;
            _waiting.RemoveFirst();
            if (work.IsPack && work.Count > _size)
            {
                _waiting.AddFirst(work with { First = work.First + _size, Count = work.Count - _size });
                work = work with { Count = _size };
            }

            int width = Math.Min(RunPack.Width, work.Count);
            int taken = 1;
            if (work.IsPack && !countsPacks)
            {
                taken = width = Math.Min(width, _free);
            }

            _free -= taken;
            _running.Add(RunAsync(work, width, taken));
        }
    }

    private async Task RunAsync(Work work, int width, int taken)
    {
        try
        {
            await (work.IsPack ? PackAsync(work.First, work.Count, width) : AloneAsync(work.First, work.Left));
        }
        finally
        {
            _free += taken;
            Begin();
        }
    }

    private async Task AloneAsync(int index, LaneLeft? left)
    {
        NodeOutcome outcome = await source.RunAloneAsync(index, left);
        if (outcome.Failure is { } failure)
        {
            Fail(index, failure);
        }
        else if (outcome.Result != TaskValue.Null)
        {
            _patches[index] = outcome.Result!;
        }
    }

    private void Fail(int index, NodeFailure failure)
    {
        Failures[index] = failure;
        if (source.Collect)
        {
            _patches[index] = TaskValue.Of(failure.ToResult());
        }
    }

    /// <summary>One pack until each of its lanes has ended or has been handed on.</summary>
    private async Task PackAsync(int first, int count, int width)
    {
        DateTime begun = context.CurrentUtcDateTime;
        PackCall call = source.PackOf(first, count) with { Width = width };
        bool goesOn;
        do
        {
            PackOutcome outcome = await CallAsync(context, call);
            progress.Add(outcome.Succeeded, 0);
            if (call.Again is null && outcome.Begun < count)
            {
                await ShrinkAsync(first, count, outcome, call.Deadline);
                if (outcome.Begun == 0)
                {
                    return;
                }

                count = outcome.Begun;
                call = call with { Take = count };
            }

            (List<LaneStart> again, TimeSpan delay) = await SortAsync(first, outcome.Rest, begun, call.Deadline);

            // What is handed on need not wait for the rounds of the others.
            Begin();
            call = call with { Results = outcome.Results, Again = again, Round = call.Round + 1 };
            goesOn = again.Count > 0;
            delay = outcome.IsPaused && delay < WaitForResume ? WaitForResume : delay;
            if (goesOn && delay > TimeSpan.Zero)
            {
                await context.CreateTimer(delay, CancellationToken.None);
            }
        }
        while (goesOn);

        _segments.Add(new(first, count, call.Results!));
    }

    /// <summary>Calls a pack until no other delivery of it is at work.</summary>
    public static async Task<PackOutcome> CallAsync(TaskOrchestrationContext context, PackCall call)
    {
        PackOutcome outcome;
        do
        {
            outcome = await context.CallActivityAsync<PackOutcome>(
                nameof(RunPack),
                call with { ScheduledAt = new DateTimeOffset(DateTime.SpecifyKind(context.CurrentUtcDateTime, DateTimeKind.Utc)) },
                CanvasRun.LongRetries);
            if (outcome.BusySeconds is { } seconds)
            {
                // The same call again: it gets what the other delivery records.
                await context.CreateTimer(TimeSpan.FromSeconds(seconds), CancellationToken.None);
            }
        }
        while (outcome.BusySeconds is not null);

        return outcome;
    }

    /// <summary>Lanes that a pack has not begun are packed anew, and no more of them at once than it has begun.</summary>
    private async Task ShrinkAsync(int first, int count, PackOutcome outcome, DateTimeOffset? deadline)
    {
        if (outcome.Begun > 0)
        {
            _size = Math.Min(_size, outcome.Begun);
        }
        else
        {
            await context.CreateTimer(WaitForResume, CancellationToken.None);
        }

        if (IsOver(deadline))
        {
            AddAlone(first + outcome.Begun, count - outcome.Begun);
        }
        else
        {
            _waiting.AddFirst(new Work(first + outcome.Begun, count - outcome.Begun, IsPack: true, null));
        }
    }

    /// <summary>What becomes of lanes that have not come to their end: those to be packed anew, and after what time.</summary>
    private async Task<(List<LaneStart> Again, TimeSpan Delay)> SortAsync(
        int first, IReadOnlyList<LaneRest> rest, DateTime begun, DateTimeOffset? deadline)
    {
        var again = new List<LaneStart>();
        TimeSpan delay = TimeSpan.Zero;
        bool together = rest.Count(r => r.Failure is { IsUncalled: false }) > MaxAlone;
        foreach (LaneRest lane in rest.Reverse())
        {
            // The last one first: each is handed on, or packed anew, before those that come after it.
            int index = first + lane.At.Index;
            if (lane.Failure is not { } failed)
            {
                if (lane.IsAlone || IsOver(deadline))
                {
                    HandOn(index, new(lane.At.Step, lane.At.Prev, null));
                }
                else
                {
                    again.Insert(0, lane.At);
                }
            }
            else if (failed.IsUncalled)
            {
                // No try would make its arguments. By itself it comes to the same failure, and to what its node does about it.
                if (source.UncalledOf is { } uncalledOf)
                {
                    Fail(index, uncalledOf(index, failed));
                    progress.Add(0, 1);
                }
                else
                {
                    HandOn(index, new(lane.At.Step, lane.At.Prev, null));
                }
            }
            else if (together && await NextAsync(index, lane, failed, begun, deadline) is { } next)
            {
                again.Insert(0, lane.At with { Attempt = next.Turn.Attempt, Wait = next.Turn.Wait });
                delay = next.Decision.Delay > delay ? next.Decision.Delay : delay;
            }
            else
            {
                HandOn(index, new(lane.At.Step, lane.At.Prev, FailedTryOf(lane.At, failed, begun)));
            }
        }

        return (again, delay);
    }

    private async Task<NextTry?> NextAsync(int index, LaneRest lane, LaneFailure failed, DateTime begun, DateTimeOffset? deadline)
    {
        NextTry next = NextTry.After(
            await source.PolicyOf(index, lane.At.Step), FailureOf(failed), TurnOf(lane.At), CallTurn.First,
            context.CurrentUtcDateTime - begun, deadline?.UtcDateTime - context.CurrentUtcDateTime, source.WorkflowId,
            TaskPath.Below(source.Path, index));
        return next.Decision.Retries ? next : null;
    }

    /// <summary>A try that has failed in a pack, to go on from.</summary>
    public static FailedTry FailedTryOf(LaneStart at, LaneFailure failed, DateTime begun) =>
        new(FailureOf(failed), TurnOf(at), begun, failed.Chain ?? []);

    private void HandOn(int index, LaneLeft left) => _waiting.AddFirst(new Work(index, 1, IsPack: false, left));

    private bool IsOver(DateTimeOffset? deadline) => deadline?.UtcDateTime <= context.CurrentUtcDateTime;

    private static CallTurn TurnOf(LaneStart at) => new(0, at.Attempt, at.Wait);

    private static TaskFailure FailureOf(LaneFailure failed) => new(
        failed.Kind,
        failed.Code,
        failed.Message,
        failed.Seconds is { } asked ? TimeSpan.FromSeconds(Math.Min(asked, RetryAfter.Longest.TotalSeconds)) : null);

    private readonly record struct Work(int First, int Count, bool IsPack, LaneLeft? Left);

    private sealed record Segment(int First, int Count, TaskValue? Results);
}
