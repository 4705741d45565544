using System.Text.Json;
using Chard.Domain.DeadLetters;
using Chard.Domain.Failures;
using Chard.Domain.Ledger;
using Chard.Domain.Tasks;
using Chard.Running;

namespace Chard.Canvases;

/// <summary>One run of a pack: its lanes side by side, the steps of each one after another, as long as there is time.</summary>
internal sealed class PackRun(
    PackCall pack, PackTasks tasks, PackRecord record, TaskRunner runner, RunningWorkflow workflow, TimeProvider time)
{
    /// <summary>With more failures than these each says less of itself.</summary>
    private const int ManyFailures = 100;

    private readonly Dictionary<string, LedgerRow> _known = new(StringComparer.Ordinal);
    private readonly TaskValue?[] _ended = new TaskValue?[tasks.Count];
    private readonly LaneRest?[] _rest = new LaneRest?[tasks.Count];
    private readonly long _since = time.GetTimestamp();
    private readonly TimeSpan _patience = TimeSpan.FromSeconds(tasks.Seconds);
    private int _isFull;
    private int _succeeded;

    /// <summary>How many tasks have succeeded.</summary>
    public int Succeeded => _succeeded;

    /// <summary>How many lanes it is about, from the first one.</summary>
    public int Begun { get; private set; }

    /// <summary>True if it stopped because the workflow is paused.</summary>
    public bool IsPaused => workflow.IsPaused;

    /// <summary>The results of the lanes it is about; null for those that have none.</summary>
    public TaskValue?[] Results => _ended[..Begun];

    /// <summary>Takes note of a row that a run which died has left.</summary>
    public void Know(LedgerRow row) => _known[row.Key.Path] = row;

    /// <summary>Lanes that have not come to their end.</summary>
    public IReadOnlyList<LaneRest> Rest()
    {
        LaneRest[] all = [.. _rest.OfType<LaneRest>().Where(r => r.At.Index < Begun)];
        if (all.Length <= ManyFailures)
        {
            return all;
        }

        return [.. all.Select(r => r.Failure is { } failure
            ? r with { Failure = failure with { Message = Short(failure.Message), Chain = null } }
            : r)];
    }

    /// <summary>Runs what is to be run.</summary>
    /// <param name="before">
    /// The results of earlier rounds, and whether that is the result of a single lane; null in the first round.
    /// </param>
    /// <param name="token">Fires when the host stops or the lease is lost.</param>
    public async Task RunAsync((JsonElement Results, bool IsSingle)? before, CancellationToken token)
    {
        IReadOnlyList<LaneStart> starts = pack.Again
            ?? [.. Enumerable.Range(0, Math.Min(tasks.Count, tasks.Most)).Select(i => new LaneStart(i))];
        if (before is { IsSingle: false } earlier)
        {
            int index = 0;
            foreach (JsonElement result in earlier.Results.EnumerateArray())
            {
                _ended[index++] = TaskValue.Of(result);
            }
        }

        int last = -1;
        await Parallel.ForEachAsync(
            starts,
            new ParallelOptions { MaxDegreeOfParallelism = Math.Max(1, pack.Width), CancellationToken = token },
            async (start, stop) =>
            {
                if (ReferenceEquals(start, starts[0]) ? StopsAtOnce() : Stops())
                {
                    _rest[start.Index] = new(start);
                    return;
                }

                InterlockedMax(ref last, start.Index);
                await LaneAsync(start, stop);
            });

        workflow.ThrowIfEnded();

        // Lanes begin in their order, so those that have not are the last ones, but for a few that lost a race for the last moment.
        Begun = pack.Again is null ? last + 1 : pack.Again.Count == 0 ? 0 : tasks.Count;
    }

    private static string Short(string message) => message.Length <= 200 ? message : message[..200];

    private async Task LaneAsync(LaneStart start, CancellationToken token)
    {
        LaneStart at = start;
        int steps = tasks.StepsOf(at.Index);
        if (steps == 0)
        {
            _rest[at.Index] = new(at, IsAlone: true);
            return;
        }

        while (true)
        {
            LaneFailure? failure;
            (TaskValue? result, failure) = await StepAsync(at, token);
            if (failure is not null)
            {
                _rest[at.Index] = new(at, failure);
                return;
            }

            Interlocked.Increment(ref _succeeded);
            at = new(at.Index, at.Step + 1, result);
            if (at.Step == steps)
            {
                _ended[at.Index] = result;
                return;
            }

            if (Stops())
            {
                _rest[at.Index] = new(at);
                return;
            }
        }
    }

    private async Task<(TaskValue? Result, LaneFailure? Failure)> StepAsync(LaneStart at, CancellationToken token)
    {
        TaskCall call = tasks.CallOf(at.Index, at.Step);
        bool isClaimed = !call.WithoutLedger && call.InDoubt != InDoubt.RunAgain;
        bool isRecorded = !call.WithoutLedger && !isClaimed;
        TaskValue args;
        try
        {
            args = await tasks.ArgsAsync(at.Index, at.Step, at.Prev, token);
        }
        catch (PermanentTaskException e)
        {
            return (null, new(e.Kind, e.Code, e.Message, IsUncalled: true));
        }

        call = call with
        {
            Args = args, Attempt = at.Attempt, Wait = at.Wait, ScheduledAt = pack.ScheduledAt, WithoutLedger = !isClaimed,
        };
        if (isRecorded && Recorded(call) is { } row)
        {
            record.Count();
            return row.Status == LedgerStatus.Succeeded ? (row.Result ?? TaskValue.Null, null) : (null, FailureOf(row.Failure!));
        }

        DateTimeOffset startedAt = time.GetUtcNow();
        TaskValue? result = null;
        TaskFailure? failure = null;
        IReadOnlyList<DeadLetterCause>? chain = null;
        try
        {
            TaskOutcome outcome = await runner.RunAsync(call, token);
            failure = outcome.Again?.ToFailure();
            result = failure is null ? outcome.Result ?? TaskValue.Null : null;
        }
        catch (TaskFailureException e)
        {
            failure = TaskFailure.Parse(FailureType.Of(e), e.Message);
            chain = failure.Kind == FailureKind.Permanent || at.Attempt >= call.LastAttempt ? ChainOf(e) : null;
        }

        if (isRecorded)
        {
            record.Ended(call, startedAt, result, failure);
        }

        return (result, failure is null ? null : FailureOf(failure) with { Chain = chain });
    }

    /// <summary>As the engine tells of exceptions of activities.</summary>
    private static List<DeadLetterCause> ChainOf(Exception e)
    {
        var chain = new List<DeadLetterCause>();
        for (Exception? link = e; link is not null && chain.Count < DeadLetter.MaxChain; link = link.InnerException)
        {
            chain.Add(new(
                FailureType.Of(link),
                link.Message.Length <= TaskFailure.MaxMessageLength ? link.Message : link.Message[..TaskFailure.MaxMessageLength]));
        }

        return chain;
    }

    /// <summary>The row that answers a call; null if it is to run.</summary>
    private LedgerRow? Recorded(TaskCall call) =>
        _known.TryGetValue(call.Path, out LedgerRow? row)
        && (row.Status == LedgerStatus.Succeeded || (row.Turn == call.Turn && row.Failure is not null))
            ? row
            : null;

    private static LaneFailure FailureOf(TaskFailure failure) =>
        new(failure.Kind, failure.Code, failure.Message, failure.RetryAfter?.TotalSeconds);

    /// <summary>True if nothing more is to be begun.</summary>
    private bool Stops()
    {
        if (_isFull == 0 && (StopsAtOnce() || time.GetElapsedTime(_since) >= _patience))
        {
            _isFull = 1;
        }

        return _isFull == 1;
    }

    /// <summary>True if not even one is to be begun: else a pack whose time is short would never come to its end.</summary>
    private bool StopsAtOnce() => workflow.IsPaused || workflow.Ended.IsCancellationRequested || pack.Deadline <= time.GetUtcNow();

    private static void InterlockedMax(ref int place, int value)
    {
        int seen = Volatile.Read(ref place);
        while (value > seen && Interlocked.CompareExchange(ref place, value, seen) is var now && now != seen)
        {
            seen = now;
        }
    }
}
