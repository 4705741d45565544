using Microsoft.Extensions.Logging;

namespace Chard.Emulator.DurableTask;

/// <summary>One turn of an entity as one transaction: the messages it worked off go, its state and what it sent come.</summary>
internal sealed class EntityCommit(EngineRuntime runtime, EntityInstance entity, EntityTurn turn) : ICommitOperation
{
    private bool removed;

    public void Write(CommitBatch batch)
    {
        foreach (var message in turn.Consumed)
        {
            batch.Writer.DeleteRow(entity.Key, message.Sequence);
            entity.Unconsumed.Remove(message.Sequence);
        }

        entity.Row = entity.Row with { UpdatedTicks = turn.Ticks, CustomStatus = PayloadCodec.FromText(turn.Owner), Output = turn.State };

        // Without state, lock and messages there is nothing left to remember.
        removed = turn.State is null && turn.Owner is null && entity.Unconsumed.Count == 0;
        if (removed)
        {
            runtime.Instances.Remove(entity);
            batch.Writer.Delete(entity.Key);
        }
        else
        {
            batch.Writer.UpdateEntity(entity.Key, turn.Ticks, entity.Row.CustomStatus, entity.Row.Output);
        }

        foreach (var (target, message) in turn.ToEntities)
        {
            batch.DeliverToEntity(target, message);
        }

        foreach (var (target, message) in turn.ToOrchestrations)
        {
            batch.Answer(target, message);
        }

        foreach (var start in turn.Starts)
        {
            if (batch.Start(start, turn.Ticks) is { } status)
            {
                runtime.Logger.LogWarning("Entity {EntityId} could not start orchestration '{InstanceId}': it exists and is {Status}.", entity.Id, start.Id, status);
            }
        }
    }

    public void Committed()
    {
        if (removed)
        {
            entity.Leave();
        }
        else
        {
            entity.Publish();
        }

        entity.EndTurn();
    }

    public void Abandon(Exception reason)
    {
    }
}
