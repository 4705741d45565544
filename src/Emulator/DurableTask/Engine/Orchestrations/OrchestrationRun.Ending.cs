namespace Chard.Emulator.DurableTask;

/// <content>How turns end, and how a replay is held against history.</content>
internal sealed partial class OrchestrationRun
{
    private const string NonDeterminismType = "DurableTask.Core.Exceptions.NonDeterministicOrchestrationException";
    private const string IllegalAwaitType = "System.InvalidOperationException";

    /// <summary>The end of an instance whose history cannot be played at all.</summary>
    public static TurnResult Unrunnable(RunServices services, long ticks, List<HistoryEvent> mail, byte[]? customStatus, Exception reason)
    {
        var failure = services.Describe(reason);
        return new TurnResult
        {
            Ticks = ticks,
            Consumed = mail.FindAll(static item => item.Kind != EventKind.IllegalAwait),
            Actions = [],
            Outcome = TurnOutcome.Failed,
            Output = PayloadCodec.FromText(MessageOf(failure)),
            Failure = failure,
            CustomStatus = customStatus,
        };
    }

    private void Match(Turn turn)
    {
        if (broken is not null)
        {
            return;
        }

        // Both lists are in order of id. What the code asks for beyond history stays and goes out with the next turn.
        var left = new List<OrchestratorAction>();
        var position = 0;
        foreach (var past in turn.Actions)
        {
            while (position < asked.Count && asked[position].Id < past.Id)
            {
                left.Add(asked[position++]);
            }

            var present = position < asked.Count && asked[position].Id == past.Id ? asked[position++] : null;
            if (present is null || present.Kind != past.Kind || !SameName(present, past))
            {
                broken = new Failure(NonDeterminismType,
                    $"Non-Deterministic workflow detected: A previous execution of orchestrator '{identity.Name}' (instance '{identity.InstanceId}') asked for {past} after {lastEvent}, " +
                    $"and the code as it is now {(present is null ? "does not ask for it" : $"asks for {present}")}. " +
                    "Orchestrator code that instances are running must not change, read the clock, or branch on anything but its input and its durable calls.");
                return;
            }
        }

        left.AddRange(asked.Skip(position));
        asked = left;
        cancelledTimers.Clear();
    }

    private static bool SameName(OrchestratorAction present, OrchestratorAction past) =>
        present.Kind == ActionKind.CreateTimer || string.Equals(present.Name, past.Name, StringComparison.OrdinalIgnoreCase);

    private TurnResult End(long ticks, List<HistoryEvent> consumed)
    {
        if (broken is null && IsAwaitIllegal())
        {
            broken = new Failure(IllegalAwaitType,
                $"An invalid asynchronous invocation was detected: orchestrator '{identity.Name}' (instance '{identity.InstanceId}') awaited, after {lastEvent}, something that is not durable. " +
                "Await only tasks of its TaskOrchestrationContext, without ConfigureAwait(false); put input and output, Task.Delay and Task.Run into activities.");
        }

        if (broken is not null)
        {
            context.ReleaseLocks();
            return Finished(ticks, consumed, TurnOutcome.Failed, PayloadCodec.FromText(MessageOf(broken)), broken);
        }

        if (main is not { IsCompleted: true } || open.Count > 0)
        {
            return Finished(ticks, consumed, TurnOutcome.Waiting, null, null);
        }

        if (main.IsCanceled)
        {
            // The real engine reads the result of a cancelled task and reports what that throws.
            return Finished(ticks, consumed, TurnOutcome.Failed, null, services.Describe(new AggregateException(new TaskCanceledException())));
        }

        if (main.IsFaulted)
        {
            var failure = services.Describe(main.Exception.InnerException!);
            return Finished(ticks, consumed, TurnOutcome.Failed, PayloadCodec.FromText(MessageOf(failure)), failure);
        }

        try
        {
            return Successor is null
                ? Finished(ticks, consumed, TurnOutcome.Completed, services.Codec.Serialize(main.Result), null)
                : Finished(ticks, consumed, TurnOutcome.ContinuedAsNew, services.Codec.Serialize(Successor.NewInput), null);
        }
#pragma warning disable CA1031 // A result that cannot be written fails the instance, whatever the converter throws.
        catch (Exception unwritable)
#pragma warning restore CA1031
        {
            var failure = services.Describe(unwritable);
            return Finished(ticks, consumed, TurnOutcome.Failed, PayloadCodec.FromText(MessageOf(failure)), failure);
        }
    }

    /// <summary>The code left its thread, or it waits although nothing that could ever wake it is open.</summary>
    private bool IsAwaitIllegal() =>
        leftThread || (main is { IsCompleted: false } && !suspended && open.Count == 0 && Events.OpenWaiters == 0 && EntityCalls.Count == 0);

    private static string? MessageOf(Failure failure) =>
        failure.Details?.ErrorType == Failure.OrchestratorNotFound ? null : failure.Details?.ErrorMessage;

    /// <summary>What the next execution inherits: events that the code never took, and a suspension with all that it held back.</summary>
    private List<HistoryEvent> Carried()
    {
        var carried = Successor!.PreserveUnprocessedEvents ? Events.Untaken() : [];
        if (suspended)
        {
            carried.Add(suspension!);
            carried.AddRange(held.Where(static item => item.IsStored));
        }

        return carried;
    }

    private TurnResult Finished(long ticks, List<HistoryEvent> consumed, TurnOutcome outcome, byte[]? output, Failure? failure)
    {
        var result = new TurnResult
        {
            Ticks = ticks,
            Consumed = consumed,
            Actions = asked,
            Outcome = outcome,
            Output = output,
            Failure = failure,
            CustomStatus = CustomStatus,
            IsSuspended = suspended,
            CancelledTimers = cancelledTimers,
            Carried = outcome == TurnOutcome.ContinuedAsNew ? Carried() : [],
            NextVersion = Successor?.NewVersion,
        };
        asked = [];
        cancelledTimers = [];
        return result;
    }
}
