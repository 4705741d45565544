using Microsoft.DurableTask.Client;

namespace Chard.Emulator.DurableTask;

/// <summary>
/// Takes a failed instance back to before its last failure, and its failed children with it. What succeeded stays: results of activities
/// that were asked for before that point are kept, failed ones run again. What the code asked for after that point it asks for again.
/// </summary>
internal sealed class RewindOperation(EngineRuntime runtime, string instanceId) : ICommitOperation
{
    private readonly TaskCompletionSource completion = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly List<(OrchestrationInstance Instance, InstanceHistory History)> rewound = [];
    private Exception? refusal;

    public Task Task => completion.Task;

    public void Write(CommitBatch batch)
    {
        var row = runtime.Store.Reader.Find(instanceId, withInput: false);
        if (row is null or { IsEntity: true })
        {
            refusal = EngineClient.Unknown(instanceId);
        }
        else if (row.Status != OrchestrationRuntimeStatus.Failed || runtime.Instances.Find(instanceId) is not null)
        {
            refusal = new InvalidOperationException($"Orchestration '{instanceId}' is {row.Status}: only a failed one can be rewound.");
        }
        else
        {
            Rewind(batch, row);
        }
    }

    public void Committed()
    {
        var activities = new List<ActivityWork>();
        foreach (var (instance, history) in rewound)
        {
            Recovery.Resume(runtime, instance, history, activities);
        }

        if (activities.Count > 0)
        {
            runtime.Activities.Enqueue(activities);
        }

        rewound.ForEach(static item => item.Instance.Wake());

        if (refusal is null)
        {
            completion.TrySetResult();
        }
        else
        {
            completion.TrySetException(refusal);
        }
    }

    public void Abandon(Exception reason) => completion.TrySetException(reason);

    private void Rewind(CommitBatch batch, InstanceRow row)
    {
        var history = runtime.Store.Reader.Load(row.Key);
        var cut = FindCut(history.Turns);
        var asked = history.Turns.Take(cut).SelectMany(static turn => turn.Actions).ToDictionary(static action => action.Id);
        foreach (var turn in history.Turns.Skip(cut))
        {
            batch.Writer.DeleteRow(row.Key, turn.Sequence);
            foreach (var item in turn.Consumed)
            {
                GiveBack(batch, row, history, asked, item);
            }
        }

        history.Turns.RemoveRange(cut, history.Turns.Count - cut);
        ForgetEarlierFailures(batch, row, history, asked);
        var status = history.Turns.Count > 0 ? OrchestrationRuntimeStatus.Running : OrchestrationRuntimeStatus.Pending;
        batch.Writer.Reopen(row.Key, OrchestrationRuntimeStatus.Running, runtime.Now, row.CustomStatus);
        var instance = Recovery.Create(runtime, row with { Status = status, Output = null, Failure = null, UpdatedTicks = runtime.Now }, history);
        rewound.Add((instance, history));
    }

    /// <summary>The last turn that took a failure; without one, the last that took anything: the code itself failed there.</summary>
    private static int FindCut(List<Turn> turns)
    {
        var cut = turns.FindLastIndex(static turn => turn.Consumed.Exists(IsFailure));
        return Math.Max(0, cut >= 0 ? cut : turns.FindLastIndex(static turn => turn.Consumed.Count > 0));
    }

    private static bool IsFailure(HistoryEvent item) => item.Kind is EventKind.TaskFailed or EventKind.ChildFailed;

    /// <summary>Decides what becomes of an event whose turn is undone.</summary>
    private void GiveBack(CommitBatch batch, InstanceRow row, InstanceHistory history, Dictionary<int, OrchestratorAction> asked, HistoryEvent item)
    {
        var isAnswer = item.TaskId >= 0;
        var isWanted = !isAnswer || asked.ContainsKey(item.TaskId);
        switch (item.Kind)
        {
            case EventKind.ChildFailed when isWanted && RewindChild(batch, row, asked[item.TaskId]):
                batch.Writer.DeleteRow(row.Key, item.Sequence);
                break;
            case EventKind.TaskFailed or EventKind.TimerFired:
                // Asked for and not answered means pending: it runs, or fires, again.
                break;
            case EventKind.TaskCompleted when isWanted && !item.IsStored:
                var kept = HistoryEvent.Completed(item.TaskId, item.Payload);
                kept.Sequence = ++history.LastSequence;
                batch.Writer.InsertRow(row.Key, kept.Sequence, HistoryRow.Message(kept));
                history.Waiting.Add(kept.Sequence, kept);
                break;
            default:
                if (item.IsStored && isWanted)
                {
                    history.Waiting.Add(item.Sequence, item);
                }
                else if (item.IsStored)
                {
                    batch.Writer.DeleteRow(row.Key, item.Sequence);
                }

                break;
        }
    }

    /// <summary>
    /// A failure that the code held without asking for anything, as a group holds the failures of its members, can be taken out
    /// of the past without a contradiction; so one rewind retries all members that failed.
    /// </summary>
    private void ForgetEarlierFailures(CommitBatch batch, InstanceRow row, InstanceHistory history, Dictionary<int, OrchestratorAction> asked)
    {
        foreach (var turn in history.Turns.Where(static turn => turn.Actions.Count == 0 && turn.Consumed.Exists(IsFailure)))
        {
            foreach (var item in turn.Consumed.FindAll(IsFailure))
            {
                if (item.Kind == EventKind.ChildFailed)
                {
                    if (!asked.TryGetValue(item.TaskId, out var call) || !RewindChild(batch, row, call))
                    {
                        continue;
                    }

                    batch.Writer.DeleteRow(row.Key, item.Sequence);
                }

                turn.Consumed.Remove(item);
            }

            batch.Writer.DeleteRow(row.Key, turn.Sequence);
            batch.Writer.InsertRow(row.Key, turn.Sequence, HistoryRow.Turn(turn.Ticks, turn.Consumed, turn.Actions, turn.CancelledTimers));
        }
    }

    /// <summary>Rewinds the child of a call, if it is still there and has failed.</summary>
    private bool RewindChild(CommitBatch batch, InstanceRow parent, OrchestratorAction call)
    {
        if (call is not SendAction { Kind: ActionKind.CallChild } started
            || runtime.Store.Reader.Find(started.Target, withInput: false) is not { Status: OrchestrationRuntimeStatus.Failed, Parent: { } from } child
            || from.Key != parent.Key || from.TaskId != call.Id)
        {
            return false;
        }

        Rewind(batch, child);
        return true;
    }
}
