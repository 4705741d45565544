using DurableTask.Core;

namespace Chard.DurableTask.Sqlite;

/// <summary>Who waits for the end of which instance. Guarded by the lock of the table.</summary>
internal sealed class Waiters
{
    private readonly Dictionary<string, List<TaskCompletionSource<OrchestrationState>>> waiting = new(StringComparer.Ordinal);

    public void Add(string id, TaskCompletionSource<OrchestrationState> waiter)
    {
        if (!waiting.TryGetValue(id, out var list))
        {
            waiting[id] = list = [];
        }

        list.Add(waiter);
    }

    public void Remove(string id, TaskCompletionSource<OrchestrationState> waiter)
    {
        if (waiting.TryGetValue(id, out var list) && list.Remove(waiter) && list.Count == 0)
        {
            waiting.Remove(id);
        }
    }

    /// <summary>Each gets a state of its own: callers change what they get.</summary>
    public void Ended(OrchestrationState state)
    {
        if (waiting.Remove(state.OrchestrationInstance.InstanceId, out var list))
        {
            foreach (var waiter in list)
            {
                waiter.TrySetResult(Copy(state));
            }
        }
    }

    public void Fail(Exception error)
    {
        foreach (var waiter in waiting.Values.SelectMany(list => list))
        {
            waiter.TrySetException(error);
        }

        waiting.Clear();
    }

    private static OrchestrationState Copy(OrchestrationState state) => new()
    {
        OrchestrationInstance = new OrchestrationInstance
        {
            InstanceId = state.OrchestrationInstance.InstanceId,
            ExecutionId = state.OrchestrationInstance.ExecutionId,
        },
        ParentInstance = state.ParentInstance,
        Name = state.Name,
        Version = state.Version,
        Status = state.Status,
        Tags = state.Tags is null ? null : new Dictionary<string, string>(state.Tags),
        OrchestrationStatus = state.OrchestrationStatus,
        CreatedTime = state.CreatedTime,
        CompletedTime = state.CompletedTime,
        LastUpdatedTime = state.LastUpdatedTime,
        Input = state.Input,
        Output = state.Output,
        ScheduledStartTime = state.ScheduledStartTime,
        Generation = state.Generation,
        FailureDetails = state.FailureDetails,
    };
}
