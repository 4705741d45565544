using DurableTask.Core;
using DurableTask.Core.Common;
using DurableTask.Core.History;

namespace Chard.DurableTask.Sqlite;

/// <summary>A message to an instance, written before the writer's thread gets it. Due: not before that time.</summary>
internal sealed record Outgoing(TaskMessage Message, string Body, DateTime? Due)
{
    public string Target => Message.OrchestrationInstance.InstanceId;

    public HistoryEvent Event => Message.Event;

    public static Outgoing Of(TaskMessage message)
    {
        DateTime? due = message.Event switch
        {
            TimerFiredEvent timer => timer.FireAt,
            ExecutionStartedEvent start => start.ScheduledStartTime,
            _ => Entities.IsDelayedEntityMessage(message, out var delayed) ? delayed : null,
        };

        // Times without a kind are UTC: the framework knows no others.
        due = due?.Kind == DateTimeKind.Local ? due.Value.ToUniversalTime() : due;
        return new Outgoing(message, EventJson.Write(message.Event)!, due);
    }

    public static Outgoing To(OrchestrationInstance target, HistoryEvent happened) =>
        Of(new TaskMessage { OrchestrationInstance = target, Event = happened });
}
