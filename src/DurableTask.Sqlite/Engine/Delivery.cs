using DurableTask.Core;
using DurableTask.Core.Common;
using DurableTask.Core.Exceptions;
using DurableTask.Core.History;

namespace Chard.DurableTask.Sqlite;

/// <summary>Puts messages into the store: those that still concern somebody. Everything here runs inside a change.</summary>
internal sealed class Delivery(InstanceTable table, Waiters waiters)
{
    /// <summary>Delivers, or drops what is for another execution, for an instance that has ended, or for one that does not exist.</summary>
    public void Send(Change change, Outgoing outgoing)
    {
        var message = outgoing.Message;
        var row = Rows.Find(change.Database, outgoing.Target);
        if (outgoing.Event is ExecutionStartedEvent start)
        {
            StartChild(change, outgoing, start, row);
        }
        else if (Accepts(row, message))
        {
            Store(change, outgoing);
        }
    }

    /// <summary>Stores a message that is known to be wanted.</summary>
    public void Store(Change change, Outgoing outgoing)
    {
        var key = change.NextKey();
        var due = outgoing.Due > change.Now ? outgoing.Due : null;
        Rows.InsertMessage(change.Database, key, outgoing.Message, due, outgoing.Body);
        if (due is null)
        {
            change.Publish(() => table.Arrived(outgoing.Target, () => new Message(key, outgoing.Message, outgoing.Body.Length)));
        }
    }

    /// <summary>Makes an instance, pending, in place of one that may be there. Messages that came before it are its own.</summary>
    public void Create(Change change, Outgoing outgoing, Row? replaced)
    {
        var id = outgoing.Target;
        if (replaced is not null)
        {
            Rows.DeleteHistory(change.Database, replaced.Number);
            change.Database.Execute("DELETE FROM messages WHERE instance = $1", id);
        }

        var isFirst = !Rows.HasMessages(change.Database, id);
        Rows.Insert(change.Database, id, (ExecutionStartedEvent)outgoing.Event, change.Now);
        var key = change.NextKey();
        var due = outgoing.Due > change.Now ? outgoing.Due : null;
        Rows.InsertMessage(change.Database, key, outgoing.Message, due, outgoing.Body);
        change.Publish(() =>
        {
            if (due is not null)
            {
                table.Removed(id);
            }
            else
            {
                table.Created(id, isFirst ? new Message(key, outgoing.Message, outgoing.Body.Length) : null);
            }
        });
    }

    /// <summary>
    /// Asks an instance to end, and its children with it if that is wanted. One that has not begun ends here and now. False: nothing to
    /// end.
    /// </summary>
    public bool Terminate(Change change, string id, string? reason, bool recursive)
    {
        var row = Rows.Find(change.Database, id);
        if (row is null || row.IsEnded || Entities.IsEntityInstance(id))
        {
            return false;
        }

        if (recursive)
        {
            change.Database.Execute("UPDATE instances SET doomed = $2 WHERE number = $1", row.Number, reason ?? string.Empty);
            TerminateChildren(change, id, reason);
        }

        if (row.Status == OrchestrationStatus.Pending)
        {
            EndPending(change, row, id, reason);
        }
        else
        {
            Store(change, Outgoing.To(
                new OrchestrationInstance { InstanceId = id }, new ExecutionTerminatedEvent(-1, reason) { Timestamp = change.Now }));
        }

        return true;
    }

    public void TerminateChildren(Change change, string id, string? reason)
    {
        foreach (var child in Children(change.Database, id))
        {
            Terminate(change, child, reason, recursive: true);
        }
    }

    public static List<string> Children(Database database, string id) =>
        database.Query("SELECT id FROM instances WHERE parent = $1 ORDER BY number", row => row.GetString(0), id);

    /// <summary>Tells a parent that its call of a sub-orchestration has failed. Without a type it was terminated.</summary>
    public static Outgoing ChildFailed(OrchestrationInstance parent, int call, string? reason, Type? type, DateTime now)
    {
        var details = type is null ? null : new FailureDetails(type.FullName!, reason!, null, null, false);
        return Outgoing.To(parent, new SubOrchestrationInstanceFailedEvent(-1, call, reason, null, details) { Timestamp = now });
    }

    /// <summary>Tells those that wait for an instance that it has ended.</summary>
    public void PublishEnd(Change change, OrchestrationState state) => change.Publish(() => waiters.Ended(state));

    private static bool Accepts(Row? row, TaskMessage message)
    {
        var target = message.OrchestrationInstance;
        if (row is null || Entities.IsEntityInstance(target.InstanceId))
        {
            // An event may come before its instance, and is what an entity begins with; anything else has come too late.
            return message.Event is EventRaisedEvent && string.IsNullOrEmpty(target.ExecutionId);
        }

        return !row.IsEnded && (string.IsNullOrEmpty(target.ExecutionId) || target.ExecutionId == row.Execution);
    }

    /// <summary>
    /// A sub-orchestration, or a start by an entity. A taken id fails the parent's call; nobody else waits for an answer.
    /// </summary>
    private void StartChild(Change change, Outgoing outgoing, ExecutionStartedEvent start, Row? row)
    {
        var parent = start.ParentInstance;
        if (row is null || row.IsEnded)
        {
            Create(change, outgoing, row);
            if (parent is not null && Rows.Find(change.Database, parent.OrchestrationInstance.InstanceId)?.Doomed is { } reason)
            {
                Terminate(change, outgoing.Target, reason, recursive: true);
            }
        }
        else if (parent is not null && !IsFireAndForget(start))
        {
            var reason = $"An instance with the id '{outgoing.Target}' exists and has not ended.";
            var type = typeof(OrchestrationAlreadyExistsException);
            Send(change, ChildFailed(parent.OrchestrationInstance, parent.TaskScheduleId, reason, type, change.Now));
        }
    }

    private void EndPending(Change change, Row row, string id, string? reason)
    {
        var start = Rows.Start(change.Database, id, row.Number)!;
        var state = new OrchestrationRuntimeState();
        state.AddEvent(start);
        state.AddEvent(new ExecutionTerminatedEvent(-1, reason) { Timestamp = change.Now });
        state.AddEvent(new ExecutionCompletedEvent(0, reason, OrchestrationStatus.Terminated) { Timestamp = change.Now });
        var ended = Utils.BuildOrchestrationState(state);
        ended.LastUpdatedTime = change.Now;
        Rows.Append(change.Database, row.Number, 0, [.. state.Events.Select(happened => (happened.EventType, EventJson.Write(happened)!))]);
        Rows.Update(change.Database, row.Number, ended, state.Events.Count, change.Now, isNewExecution: false);
        change.Database.Execute("DELETE FROM messages WHERE instance = $1", id);
        change.Publish(() => table.Removed(id));
        PublishEnd(change, ended);
        if (start.ParentInstance is { } parent && !IsFireAndForget(start))
        {
            Send(change, ChildFailed(parent.OrchestrationInstance, parent.TaskScheduleId, reason, null, change.Now));
        }
    }

    private static bool IsFireAndForget(ExecutionStartedEvent start) => start.Tags?.ContainsKey(OrchestrationTags.FireAndForget) ?? false;
}
