using System.Text.Json;
using Chard.Domain.Failures;
using Chard.Domain.Identity;
using Chard.Domain.Ledger;
using Chard.Domain.Tasks;
using Chard.Domain.Workflows;
using Chard.Platform;
using Chard.Running;
using Chard.Status;
using Microsoft.Azure.Functions.Worker;
using Microsoft.DurableTask.Client;
using Microsoft.Extensions.Logging;

namespace Chard.Canvases;

/// <summary>
/// Runs many tasks in one activity, side by side and one after another, under one lease: a pack that is delivered twice runs nothing that
/// is recorded. It retries nothing and waits for nothing: what fails, has to wait, or has not been begun when its time is over goes back
/// to the orchestrator.
/// </summary>
/// <remarks>
/// The pack has a row, claimed before and ended after. Each task has one that says what it came to, written in transactions with the
/// pack's row within <see cref="PackRecord.Interval"/> of its end. None is written for the tasks of wide maps and groups that only compute:
/// if the pack dies, all of them run again. Tasks whose policy wants to know of a run that died are claimed one by one.
/// </remarks>
public sealed class RunPack(
    TaskRunner runner,
    TaskLedger ledger,
    TaskValueStore values,
    PackResults results,
    RunningWorkflows workflows,
    BeginWorkflow beginning,
    WorkflowStates states,
    ChardMetrics metrics,
    TimeProvider time,
    ILogger<RunPack> logger)
{
    /// <summary>Lanes at work at once, unless fewer are asked for: few enough for tasks that hold connections.</summary>
    public const int Width = 64;

    /// <summary>The activity.</summary>
    /// <exception cref="PermanentTaskException">
    /// <c>payload-missing</c> or <c>payload-altered</c>; <c>cancelled</c> if the workflow has been ended.
    /// </exception>
    /// <exception cref="TransientTaskException">A later round of the pack has run.</exception>
    [Function(nameof(RunPack))]
    public async Task<PackOutcome> RunAsync(
        [ActivityTrigger] PackCall pack, [DurableClient] DurableTaskClient client, FunctionContext context)
    {
        ArgumentNullException.ThrowIfNull(pack);
        ArgumentNullException.ThrowIfNull(context);
        CancellationToken hostStops = context.CancellationToken;
        using RunningWorkflow workflow = await workflows.EnterAsync(pack.Workflow.Id, hostStops);
        if (!pack.IsWhole)
        {
            workflow.ThrowIfEnded();
        }

        PackTasks tasks = await PackTasks.ReadAsync(pack, values, hostStops);
        TaskCall call = CallOf(pack, tasks);
        (LedgerLease? lease, WorkflowBeginning? begun) = await TryBeginTogetherAsync(pack, call, hostStops);
        ClaimResult? claim = lease is null ? await ledger.ClaimAsync(call, runner.NextRunner(), hostStops) : null;
        lease ??= claim?.Lease;
        if (lease is null)
        {
            metrics.Duplicate(call.Task);
            return claim switch
            {
                { Recorded.Result: { } recorded } => await EndAsync(pack, await OutcomeAsync(recorded, hostStops), client, hostStops),
                { BusyFor: { } rest } => PackOutcome.Busy(rest),
                _ => throw new TransientTaskException(
                    "superseded", "superseded: A later round of this pack has run; nobody waits for this one."),
            };
        }

        await using var record = new PackRecord(lease, tasks.Total, KeepsRows(pack, tasks), ledger, time, logger, hostStops);
        try
        {
            begun ??= pack.IsWhole ? await beginning.RunAsync(pack.Workflow.Id, client, record.Token) : null;
            if (begun is { Proceed: false } or { WaitUntil: not null } or { ExpiresAt: not null })
            {
                // It is to begin later, to be watched while it runs, or not at all: the orchestrator sees to that.
                var left = new PackOutcome { Beginning = begun };
                return await RecordAsync(pack, call, tasks, record, left) ? left : PackOutcome.Busy(TimeSpan.FromSeconds(1));
            }

            var run = new PackRun(pack, tasks, record, runner, workflow, time);
            if (claim?.InDoubt is not null)
            {
                await KnowAsync(pack, call, run, hostStops);
            }

            PackOutcome outcome = await OutcomeAsync(pack, run, record.Token) with { Beginning = begun };
            if (outcome.Begun == 0)
            {
                // Nothing has happened that a record could say: this very call is made again, and has to find its row free.
                await record.ReleaseAsync();
                return outcome;
            }

            return await TryEndTogetherAsync(pack, call, record, outcome) switch
            {
                JointEnd.Together => outcome with { IsEnd = true },
                JointEnd.Neither when await RecordAsync(pack, call, tasks, record, outcome) =>
                    await EndAsync(pack, outcome, client, hostStops),
                _ => PackOutcome.Busy(TimeSpan.FromSeconds(1)),
            };
        }
        catch (OperationCanceledException) when (record.IsLost)
        {
            return PackOutcome.Busy(TimeSpan.FromSeconds(1));
        }
        catch (PermanentTaskException) when (workflow.Ended.IsCancellationRequested)
        {
            await record.EndAsync(TaskValue.Null, TaskFailure.Cancelled);
            throw;
        }
        catch (Exception)
        {
            // Whoever gets the pack next need not wait for this lease.
            await record.ReleaseAsync();
            throw;
        }
    }

    private static bool KeepsRows(PackCall pack, PackTasks tasks) => pack.KeepsRows || !tasks.IsPure;

    /// <summary>
    /// The pack as a call, for its row: the position says from which lane to which, the attempt which round of tries it is.
    /// </summary>
    private static TaskCall CallOf(PackCall pack, PackTasks tasks) => new()
    {
        WorkflowId = pack.Workflow.Id,
        Path = (KeepsRows(pack, tasks) ? LedgerRow.PackPrefix : "")
            + (pack.Kind == PackKind.Node ? pack.Path : PartPlace.Of(pack.Path, pack.First, pack.Take)),
        Task = tasks.Name,
        Args = TaskValue.Null,
        Attempt = pack.Round,
        Shard = pack.Shard,
        Stamps = Stamps.Beyond(pack.Options.Stamps, pack.Workflow.Stamps),
    };

    /// <summary>
    /// Claims the pack's row and begins its workflow in one request, if it is the whole and nothing speaks against it; else does neither.
    /// </summary>
    private async Task<(LedgerLease? Lease, WorkflowBeginning? Begun)> TryBeginTogetherAsync(
        PackCall pack, TaskCall call, CancellationToken token) =>
        pack.IsWhole && beginning.TryJoin(pack.Workflow.Id) is { } join
            && await ledger.TryClaimAsync(call, runner.NextRunner(), join, token) is { } lease
            ? (lease, BeginWorkflow.BeginningOf(join.State))
            : (null, null);

    /// <summary>Records the pack and ends its workflow in one request, if it is the whole and all has gone well.</summary>
    private async Task<JointEnd> TryEndTogetherAsync(PackCall pack, TaskCall call, PackRecord record, PackOutcome outcome) =>
        EndOf(pack, outcome) is { } end && await states.TryJoinAsync(end, record.Token) is { } join
            ? await record.TryEndAsync(await KeptAsync(pack, call, outcome, record.Token), join)
            : JointEnd.Neither;

    /// <summary>Finds out what a run that died has recorded.</summary>
    private async Task KnowAsync(PackCall pack, TaskCall call, PackRun run, CancellationToken token)
    {
        if (pack.Kind == PackKind.Node && await ledger.FindAsync(call with { Path = pack.Path }, token) is { } own)
        {
            run.Know(own.Row);
        }

        await foreach (LedgerRow row in ledger.ListBelowAsync(call, pack.Path, token))
        {
            run.Know(row);
        }
    }

    private async Task<PackOutcome> OutcomeAsync(PackCall pack, PackRun run, CancellationToken token)
    {
        await run.RunAsync(
            pack.Results is { } before ? (await PackTasks.LoadAsync(before, values, token), pack.IsSingle) : null, token);
        return new()
        {
            Results = await results.KeepAsync(pack, run.Results, token),
            Begun = run.Begun,
            Succeeded = run.Succeeded,
            Rest = run.Rest(),
            IsPaused = run.IsPaused,
        };
    }

    private async Task<bool> RecordAsync(PackCall pack, TaskCall call, PackTasks tasks, PackRecord record, PackOutcome outcome)
    {
        // A row that says success answers every later round: one that leaves anything to a next round must not.
        LaneFailure? first = outcome.Rest.FirstOrDefault(r => r.Failure is not null)?.Failure;
        string why = first is null ? "." : $"; one failed: {first.Message}";
        return await record.EndAsync(
            await KeptAsync(pack, call, outcome, record.Token),
            outcome.Rest.Count == 0 ? null : new(
                FailureKind.Transient, first is null ? LedgerRow.TasksLeft : LedgerRow.TasksFailed,
                $"{outcome.Rest.Count} of {tasks.Count} have not come to their end{why}"));
    }

    private Task<TaskValue> KeptAsync(PackCall pack, TaskCall call, PackOutcome outcome, CancellationToken token) => values.CheckInAsync(
        pack.Workflow.Id, $"packs/{call.Path}-{call.Attempt}-outcome", JsonSerializer.SerializeToUtf8Bytes(outcome), token);

    /// <summary>Ends a workflow of which the pack is the whole, if all has gone well. Safe to run twice.</summary>
    private async Task<PackOutcome> EndAsync(
        PackCall pack, PackOutcome outcome, DurableTaskClient client, CancellationToken cancellationToken)
    {
        if (EndOf(pack, outcome) is not { } end)
        {
            return outcome;
        }

        await states.UpdateAsync(end, client, cancellationToken);
        return outcome with { IsEnd = true };
    }

    /// <summary>
    /// The end of the workflow that a pack is the whole of; null if it has not come, or waits for the workflow to be resumed.
    /// </summary>
    private static WorkflowUpdate? EndOf(PackCall pack, PackOutcome outcome) =>
        pack.IsWhole && outcome is { IsPaused: false, Rest.Count: 0, Begun: > 0, Results: { } result }
            ? new(
                pack.Workflow.Id, WorkflowStatus.Completed, new(outcome.Succeeded, outcome.Succeeded, 0),
                Result: result.Reference is null ? result.ToElement() : null, ResultReference: result.Reference)
            : null;

    private async Task<PackOutcome> OutcomeAsync(TaskValue recorded, CancellationToken token) =>
        (await PackTasks.LoadAsync(recorded, values, token)).Deserialize<PackOutcome>()
            ?? throw TaskFailure.Cancelled.ToException();
}
