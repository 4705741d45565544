using DurableTask.Core;
using DurableTask.Core.Exceptions;
using DurableTask.Core.History;

namespace Chard.DurableTask.Sqlite;

/// <content>What clients ask for.</content>
public sealed partial class SqliteOrchestrationService
{
    /// <summary>The states in which an id is taken when a caller names none.</summary>
    private static readonly OrchestrationStatus[] Unfinished =
        [OrchestrationStatus.Pending, OrchestrationStatus.Running, OrchestrationStatus.Suspended, OrchestrationStatus.ContinuedAsNew];

    /// <inheritdoc cref="CreateTaskOrchestrationAsync(TaskMessage, OrchestrationStatus[])"/>
    public Task CreateTaskOrchestrationAsync(TaskMessage creationMessage) => CreateTaskOrchestrationAsync(creationMessage, null);

    /// <summary>
    /// Makes an instance, in place of one with its id unless that is in one of the states given (null: unfinished ones). A put-off start is
    /// pending until then. <see cref="OrchestrationAlreadyExistsException"/> when the id is taken. Ids differ when their letters' case
    /// does.
    /// </summary>
    public Task CreateTaskOrchestrationAsync(TaskMessage creationMessage, OrchestrationStatus[]? dedupeStatuses)
    {
        ArgumentNullException.ThrowIfNull(creationMessage);
        if (creationMessage.Event is not ExecutionStartedEvent)
        {
            throw new ArgumentException("The message is not a start.", nameof(creationMessage));
        }

        Stamp(creationMessage);
        var engine = Core;
        var start = Outgoing.Of(creationMessage);
        return engine.ChangeAsync(change =>
        {
            var row = Rows.Find(change.Database, start.Target);
            if (row is not null && (dedupeStatuses ?? Unfinished).Contains(row.Status))
            {
                throw new OrchestrationAlreadyExistsException($"An instance with the id '{start.Target}' exists and is {row.Status}.");
            }

            engine.Delivery.Create(change, start, row);
            return true;
        });
    }

    public Task SendTaskOrchestrationMessageAsync(TaskMessage message) => SendTaskOrchestrationMessageBatchAsync(message);

    /// <summary>
    /// Delivers messages. An event to an instance that is not there yet is held for it; what an instance cannot take any more is dropped.
    /// </summary>
    public Task SendTaskOrchestrationMessageBatchAsync(params TaskMessage[] messages)
    {
        ArgumentNullException.ThrowIfNull(messages);
        Array.ForEach(messages, Stamp);
        var engine = Core;
        var outgoing = Array.ConvertAll(messages, Outgoing.Of);
        return engine.ChangeAsync(change =>
        {
            foreach (var message in outgoing)
            {
                engine.Delivery.Send(change, message);
            }

            return true;
        });
    }

    /// <summary>
    /// The state of an instance once it has ended, whatever its execution; null when it has not in time, which is real time.
    /// </summary>
    public async Task<OrchestrationState?> WaitForOrchestrationAsync(
        string instanceId, string? executionId, TimeSpan timeout, CancellationToken cancellationToken)
    {
        var engine = Core;
        var waiter = new TaskCompletionSource<OrchestrationState>(TaskCreationOptions.RunContinuationsAsynchronously);
        await engine.ChangeAsync(change =>
        {
            var state = Rows.States(change.Database, "id = $1", 1, inputs: true, instanceId).FirstOrDefault();
            if (state?.OrchestrationStatus.IsEnded() == true)
            {
                waiter.TrySetResult(state);
            }
            else
            {
                change.Publish(() => engine.Waiters.Add(instanceId, waiter));
            }

            return true;
        }).ConfigureAwait(false);
        try
        {
            return await waiter.Task.WaitAsync(timeout, cancellationToken).ConfigureAwait(false);
        }
        catch (TimeoutException)
        {
            return null;
        }
        finally
        {
            if (!waiter.Task.IsCompleted)
            {
                lock (engine.Table.Gate)
                {
                    engine.Waiters.Remove(instanceId, waiter);
                }
            }
        }
    }

    public Task ForceTerminateTaskOrchestrationAsync(string instanceId, string? reason) =>
        TerminateAsync(instanceId, reason, recursive: false);

    /// <summary>
    /// Ends an instance with a reason as its output: at the end of the turn that runs, or at once when it has not begun. Recursive: its
    /// sub-orchestrations too, those that it starts meanwhile included. False: it is not there, or has ended.
    /// </summary>
    public Task<bool> TerminateAsync(string instanceId, string? reason, bool recursive)
    {
        var engine = Core;
        return engine.ChangeAsync(change => engine.Delivery.Terminate(change, instanceId, reason, recursive));
    }

    /// <summary>Makes a failed instance run its failed parts again, its failed sub-orchestrations included.</summary>
    /// <exception cref="ArgumentException">No such instance.</exception>
    /// <exception cref="InvalidOperationException">It has not failed.</exception>
    public Task RewindTaskOrchestrationAsync(string instanceId, string? reason)
    {
        var engine = Core;
        return engine.ChangeAsync(change =>
        {
            var row = Rows.Find(change.Database, instanceId)
                ?? throw new ArgumentException($"There is no instance '{instanceId}'.", nameof(instanceId));
            var rewound = new ExecutionRewoundEvent(-1, reason) { Timestamp = change.Now };
            return row.Status == OrchestrationStatus.Failed && Rewind.TryStart(change, engine.Delivery, instanceId, rewound, parent: null)
                ? true
                : throw new InvalidOperationException($"The instance '{instanceId}' is {row.Status}: only a failed one can be rewound.");
        });
    }

    /// <summary>
    /// For a <see cref="SkippingClock"/>: puts the clock's time into the turn of an instance that runs now. The dispatcher begins the next
    /// execution of a ContinueAsNew by itself, with the machine's time; call this before the orchestrator's code runs, from a middleware of
    /// the worker.
    /// </summary>
    public void AlignTime(string instanceId)
    {
        if (options.Clock != TimeProvider.System && Core.Table.Running(instanceId) is { } state)
        {
            AlignTime(state);
        }
    }

    /// <inheritdoc cref="AlignTime(string)"/>
    public void AlignTime(OrchestrationRuntimeState state)
    {
        ArgumentNullException.ThrowIfNull(state);
        if (options.Clock != TimeProvider.System && state.PastEvents.Count == 0)
        {
            var now = options.Clock.GetUtcNow().UtcDateTime;
            foreach (var happened in state.NewEvents.Where(happened => happened is OrchestratorStartedEvent))
            {
                happened.Timestamp = now;
            }
        }
    }

    private void Stamp(TaskMessage message)
    {
        if (options.Clock != TimeProvider.System)
        {
            message.Event.Timestamp = options.Clock.GetUtcNow().UtcDateTime;
        }
    }
}
