using Microsoft.DurableTask.Client;

namespace Chard.Emulator.DurableTask;

/// <summary>
/// One turn of an orchestration, as one transaction: its history row, the state clients see, starts of children, messages, and the answer
/// to a parent. Activities and timers need no rows: what was asked for and not answered is pending.
/// </summary>
internal sealed class TurnCommit(EngineRuntime runtime, OrchestrationInstance instance, TurnResult result, byte[]? input) : ICommitOperation
{
    private readonly List<HistoryEvent> inherited = [];
    private bool lost;
    private bool endsChildren;
    private OrchestrationRuntimeStatus? final;

    /// <summary>Ends an instance without asking its code.</summary>
    public static TurnCommit Terminate(EngineRuntime runtime, OrchestrationInstance instance, long ticks, List<HistoryEvent> mail, HistoryEvent terminated)
    {
        mail.RemoveAll(static item => item.Kind == EventKind.IllegalAwait);
        return new(
            runtime,
            instance,
            new TurnResult { Ticks = ticks, Consumed = mail, Actions = [], Output = terminated.Payload, CustomStatus = instance.Row.CustomStatus },
            instance.KnownInput)
        {
            final = OrchestrationRuntimeStatus.Terminated,
            endsChildren = terminated.IsRecursive,
        };
    }

    public void Write(CommitBatch batch)
    {
        if (instance.IsGone)
        {
            // Replaced or purged while the turn ran: nothing of it counts.
            lost = true;
            return;
        }

        foreach (var item in result.Consumed)
        {
            if (item.IsStored)
            {
                instance.Unconsumed.Remove(item.Sequence);
            }
        }

        final ??= result.Outcome switch
        {
            TurnOutcome.Completed => OrchestrationRuntimeStatus.Completed,
            TurnOutcome.Failed => OrchestrationRuntimeStatus.Failed,
            _ => null,
        };
        if (result.Outcome == TurnOutcome.ContinuedAsNew)
        {
            Continue(batch);
        }
        else
        {
            batch.Writer.InsertRow(instance.Key, instance.NextSequence++, HistoryRow.Turn(result.Ticks, result.Consumed, result.Actions, result.CancelledTimers));
            UpdateRow(batch);
        }

        SendOut(batch);
        if (final is { } status)
        {
            AnswerParent(batch, status);
            if (status == OrchestrationRuntimeStatus.Terminated)
            {
                // Its code had no turn to give them back.
                batch.ReleaseLocksOf(instance);
                EndChildren(batch);
            }
        }
    }

    public void Committed()
    {
        if (!lost)
        {
            instance.Publish();
            if (final is not null)
            {
                instance.Leave();
                runtime.Instances.Remove(instance);
            }
            else if (result.Outcome == TurnOutcome.ContinuedAsNew)
            {
                instance.ContinueAsNew(inherited);
            }
            else
            {
                LetOut();
            }

            runtime.Waiters.Changed(instance.Row, input);
        }

        instance.EndTurn();
    }

    public void Abandon(Exception reason)
    {
    }

    private void UpdateRow(CommitBatch batch)
    {
        var before = instance.Row;
        var after = before with
        {
            Status = final ?? (result.IsSuspended ? OrchestrationRuntimeStatus.Suspended : OrchestrationRuntimeStatus.Running),
            UpdatedTicks = result.Ticks,
            CustomStatus = result.CustomStatus,
            Output = final is null ? null : result.Output,
            Failure = result.Failure?.Details,
        };
        if (final is not null)
        {
            batch.Writer.Finish(before.Key, after.Status, after.UpdatedTicks, after.CustomStatus, after.Output, result.Failure);
        }
        else if (IsWorthWriting(before, after))
        {
            batch.Writer.UpdateStatus(before.Key, after.Status, after.UpdatedTicks, after.CustomStatus);
        }

        instance.Row = after;
    }

    // That an instance runs, and since when, its turns in the history tell: no need to write the row for that.
    private static bool IsWorthWriting(InstanceRow before, InstanceRow after) =>
        (before.Status == OrchestrationRuntimeStatus.Suspended) != (after.Status == OrchestrationRuntimeStatus.Suspended)
        || (before.CustomStatus != after.CustomStatus && !before.CustomStatus.AsSpan().SequenceEqual(after.CustomStatus));

    private void Continue(CommitBatch batch)
    {
        var before = instance.Row;
        var after = before with
        {
            Execution = before.Execution + 1,
            Status = OrchestrationRuntimeStatus.Running,
            Version = result.NextVersion ?? before.Version,
            UpdatedTicks = result.Ticks,
            CustomStatus = null,
            DueTicks = null,
        };
        batch.Writer.Continue(before.Key, after.Execution, after.Version, after.UpdatedTicks);
        instance.Row = after;

        // The old execution's rows go, but for messages that no turn has consumed and events that its code never took:
        // those stay where they are, so the next execution gets them in their order.
        foreach (var carried in result.Carried)
        {
            instance.Unconsumed.Add(carried.Sequence);
        }

        instance.Unconsumed.Remove(0);
        long from = 0;
        foreach (var kept in instance.Unconsumed.Order())
        {
            batch.Writer.DeleteRows(before.Key, from, kept - 1);
            from = kept + 1;
        }

        batch.Writer.DeleteRows(before.Key, from, instance.NextSequence);
        inherited.Add(batch.StoreStart(instance, result.Output));
        inherited.AddRange(result.Carried);
    }

    private void SendOut(CommitBatch batch)
    {
        foreach (var action in result.Actions)
        {
            if (action is not SendAction send)
            {
                continue;
            }

            if (send.Kind == ActionKind.CallChild)
            {
                StartChild(batch, send);
            }
            else if (send.Kind == ActionKind.SendToEntity)
            {
                batch.DeliverToEntity(send.Target, send.Message!);
            }
            else if (runtime.Instances.Find(send.Target) is OrchestrationInstance target)
            {
                batch.Deliver(target, send.Message!);
            }
        }
    }

    private void StartChild(CommitBatch batch, SendAction action)
    {
        var row = instance.Row;
        var refusedBy = batch.Start(
            new StartRequest(action.Target, action.Name!, action.Version!, action.Input)
            {
                Parent = new ParentCall(row.Key, row.Execution, action.Id, row.Id, row.Name),
                Tags = action.Tags,
                Protected = OrchestrationCommands.Unfinished,
            },
            result.Ticks);
        if (refusedBy is { } status)
        {
            // The real engine drops such a start and the parent waits for ever; an error says what is wrong.
            batch.Deliver(instance, new HistoryEvent(EventKind.ChildFailed)
            {
                TaskId = action.Id,
                Failure = new Failure("DurableTask.Core.Exceptions.OrchestrationAlreadyExistsException", $"An orchestration with the id '{action.Target}' exists and is {status}: choose another id for the sub-orchestration."),
            });
        }
    }

    private void EndChildren(CommitBatch batch)
    {
        if (!endsChildren)
        {
            return;
        }

        foreach (var child in runtime.Instances.All.OfType<OrchestrationInstance>().Where(child => child.Row.Parent?.Key == instance.Key && !child.Row.IsFinished))
        {
            batch.Deliver(child, HistoryEvent.Terminate(result.Output, recursive: true));
        }
    }

    private void AnswerParent(CommitBatch batch, OrchestrationRuntimeStatus status)
    {
        if (instance.Row.Parent is not { } call || runtime.Instances.Find(call.Key) is not OrchestrationInstance parent || parent.Execution != call.Execution)
        {
            return;
        }

        batch.Deliver(parent, status == OrchestrationRuntimeStatus.Completed
            ? new HistoryEvent(EventKind.ChildCompleted) { TaskId = call.TaskId, Payload = result.Output }
            : new HistoryEvent(EventKind.ChildFailed) { TaskId = call.TaskId, Failure = result.Failure ?? new Failure(Details: null) });
    }

    private void LetOut()
    {
        List<ActivityWork>? activities = null;
        foreach (var action in result.Actions)
        {
            if (action is TimerAction timer)
            {
                instance.AddTimer(timer.Id, timer.DueTicks);
            }
            else if (action.Kind == ActionKind.CallActivity)
            {
                (activities ??= []).Add(new ActivityWork(instance, instance.Execution, action));
            }
        }

        foreach (var id in result.CancelledTimers)
        {
            instance.DropTimer(id);
        }

        if (activities is not null)
        {
            runtime.Activities.Enqueue(activities);
        }
    }
}
