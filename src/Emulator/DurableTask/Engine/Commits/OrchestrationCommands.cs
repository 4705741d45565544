using DurableTask.Core.Exceptions;
using Microsoft.DurableTask.Client;

namespace Chard.Emulator.DurableTask;

/// <summary>What clients ask of orchestrations, as operations of the committer. Each task ends when the change is durable.</summary>
internal sealed class OrchestrationCommands(EngineRuntime runtime)
{
    public static readonly IReadOnlyCollection<OrchestrationRuntimeStatus> Unfinished =
        [OrchestrationRuntimeStatus.Pending, OrchestrationRuntimeStatus.Running, OrchestrationRuntimeStatus.Suspended];

    public Task<string> StartAsync(StartRequest request) => RunAsync(batch =>
        batch.Start(request, runtime.Now) is { } status
            ? (request.Id, new OrchestrationAlreadyExistsException($"An orchestration with the id '{request.Id}' exists and is {status}. Give another id, or wait for its end."))
            : (request.Id, (Exception?)null));

    /// <summary>Sends to an unfinished orchestration. False when there is none: the message is lost.</summary>
    public Task<bool> SendAsync(string id, Func<HistoryEvent> message) => RunAsync(batch =>
    {
        if (runtime.Instances.Find(id) is not OrchestrationInstance target || target.Row.IsFinished)
        {
            return (false, null);
        }

        batch.Deliver(target, message());
        return (true, (Exception?)null);
    });

    /// <summary>Deletes finished instances by key; those that have been replaced or are not finished stay.</summary>
    public Task<int> PurgeAsync(IReadOnlyCollection<string> ids) => RunAsync(batch =>
    {
        var purged = 0;
        foreach (var id in ids)
        {
            if (batch.Writer.Find(id) is { } found && InstanceRow.IsFinal(found.Status) && runtime.Instances.Find(id) is null)
            {
                batch.Writer.Delete(found.Key);
                purged++;
            }
        }

        return (purged, (Exception?)null);
    });

    public Task<T> RunAsync<T>(Func<CommitBatch, (T Result, Exception? Refusal)> write)
    {
        var command = new Command<T>(write);
        runtime.Committer.Enqueue(command);
        return command.Task;
    }
}
