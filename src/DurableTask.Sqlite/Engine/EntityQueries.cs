using DurableTask.Core;
using DurableTask.Core.Entities;

namespace Chard.DurableTask.Sqlite;

/// <summary>Entities as instances of the store: state and queue are in an entity's input, who locked it in its custom status.</summary>
internal sealed class EntityQueries(SqliteOrchestrationService service) : EntityBackendQueries
{
    private const int DefaultPage = 100;

    public override async Task<EntityMetadata?> GetEntityAsync(
        EntityId id, bool includeState = false, bool includeStateless = false, CancellationToken cancellation = default) =>
        await service.StateAsync(id.ToString(), includeState).ConfigureAwait(false) is { } state
            ? Describe(state, includeState, includeStateless) : null;

    public override async Task<EntityQueryResult> QueryEntitiesAsync(EntityQuery query, CancellationToken cancellation)
    {
        var filter = new SqliteOrchestrationService.Filter
        {
            UpdatedFrom = query.LastModifiedFrom,
            UpdatedTo = query.LastModifiedTo,
            Prefix = string.IsNullOrEmpty(query.InstanceIdStartsWith) ? "@" : query.InstanceIdStartsWith,
            After = query.ContinuationToken,
        };
        var size = query.PageSize is > 0 and var given ? given : DefaultPage;
        var page = await service.PageAsync(filter, size, query.IncludeState).ConfigureAwait(false);
        return new EntityQueryResult
        {
            Results = [.. page.Select(state => Describe(state, query.IncludeState, query.IncludeTransient)).OfType<EntityMetadata>()],
            ContinuationToken = page.Count == size ? page[^1].OrchestrationInstance.InstanceId : null,
        };
    }

    /// <summary>One page: entities without state, lock and messages go, and so do locks of instances that have ended.</summary>
    public override async Task<CleanEntityStorageResult> CleanEntityStorageAsync(
        CleanEntityStorageRequest request = default, CancellationToken cancellation = default)
    {
        var (removed, released) = (0, 0);
        var filter = new SqliteOrchestrationService.Filter { Prefix = "@", After = request.ContinuationToken };
        var page = await service.PageAsync(filter, DefaultPage, inputs: false).ConfigureAwait(false);
        foreach (var state in page)
        {
            var id = state.OrchestrationInstance.InstanceId;
            var status = ClientEntityHelpers.GetEntityStatus(state.Status);
            if (request.ReleaseOrphanedLocks && status?.LockedBy is { } owner && await IsOverAsync(owner).ConfigureAwait(false))
            {
                var unlock = ClientEntityHelpers.EmitUnlockForOrphanedLock(state.OrchestrationInstance, owner).AsTaskMessage();
                unlock.OrchestrationInstance = new OrchestrationInstance { InstanceId = id };
                await service.SendTaskOrchestrationMessageAsync(unlock).ConfigureAwait(false);
                released++;
            }
            else if (request.RemoveEmptyEntities && status is { EntityExists: false, LockedBy: null, BacklogQueueSize: 0 })
            {
                removed += await service.PurgeIdleEntityAsync(id).ConfigureAwait(false) ? 1 : 0;
            }
        }

        return new CleanEntityStorageResult
        {
            EmptyEntitiesRemoved = removed,
            OrphanedLocksReleased = released,
            ContinuationToken = page.Count == DefaultPage ? page[^1].OrchestrationInstance.InstanceId : null,
        };
    }

    private static EntityMetadata? Describe(OrchestrationState state, bool includeState, bool includeTransient)
    {
        var status = ClientEntityHelpers.GetEntityStatus(state.Status);
        return status is { EntityExists: true } || includeTransient
            ? new EntityMetadata
            {
                EntityId = EntityId.FromString(state.OrchestrationInstance.InstanceId),
                LastModifiedTime = state.LastUpdatedTime,
                BacklogQueueSize = status?.BacklogQueueSize ?? 0,
                LockedBy = status?.LockedBy,
                SerializedState = includeState ? ClientEntityHelpers.GetEntityState(state.Input) : null,
            }
            : null;
    }

    private async Task<bool> IsOverAsync(string id) =>
        await service.StateAsync(id, inputs: false).ConfigureAwait(false) is not { } state || state.OrchestrationStatus.IsEnded();
}
