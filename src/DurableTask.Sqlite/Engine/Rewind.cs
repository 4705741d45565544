using DurableTask.Core;
using DurableTask.Core.History;
using DurableTask.Core.Tracing;

namespace Chard.DurableTask.Sqlite;

/// <summary>
/// Makes a failed instance run its failed parts again. The dispatcher does it when it gets the one message that this sends.
/// </summary>
internal static class Rewind
{
    /// <summary>False when the instance is not there, has not failed, or is not the parent's.</summary>
    public static bool TryStart(Change change, Delivery delivery, string id, ExecutionRewoundEvent rewound, string? parent)
    {
        var row = Rows.Find(change.Database, id);
        if (row is not { IsEnded: true } || row.Status == OrchestrationStatus.Completed || Rows.HasMessages(change.Database, id))
        {
            return false;
        }

        if (parent is not null && change.Database.Scalar<string>("SELECT parent FROM instances WHERE number = $1", row.Number) != parent)
        {
            return false;
        }

        change.Database.Execute("UPDATE instances SET doomed = NULL WHERE number = $1", row.Number);

        // The dispatcher reads the trace of a rewind without asking whether there is one; this one says nothing.
        rewound.ParentTraceContext ??= new DistributedTraceContext("none");
        delivery.Store(change, Outgoing.To(new OrchestrationInstance { InstanceId = id }, rewound));
        return true;
    }
}
