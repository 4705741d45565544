using System.Globalization;
using Microsoft.DurableTask;
using Microsoft.DurableTask.Client;
using Microsoft.DurableTask.Client.Entities;
using Microsoft.DurableTask.Entities;

namespace Chard.Emulator.DurableTask;

/// <summary>Entities as clients use them.</summary>
internal sealed class EngineEntityClient(EngineRuntime runtime, OrchestrationCommands commands) : DurableEntityClient("default")
{
    public override Task SignalEntityAsync(EntityInstanceId id, string operationName, object? input = null, SignalEntityOptions? options = null, CancellationToken cancellation = default)
    {
        ArgumentException.ThrowIfNullOrEmpty(operationName);
        cancellation.ThrowIfCancellationRequested();
        var payload = runtime.Services.Codec.Serialize(input);
        return commands.RunAsync(batch =>
        {
            batch.DeliverToEntity(id.ToString(), new HistoryEvent(EventKind.EntityOperation) { Name = operationName, Payload = payload, Ticks = options?.SignalTime?.UtcTicks ?? 0 });
            return (true, (Exception?)null);
        }).WaitAsync(cancellation);
    }

    public override Task<EntityMetadata?> GetEntityAsync(EntityInstanceId id, bool includeState = true, CancellationToken cancellation = default) =>
        Task.FromResult(Find(id) is { } entity ? Untyped(entity, includeState) : null);

    public override Task<EntityMetadata<T>?> GetEntityAsync<T>(EntityInstanceId id, bool includeState = true, CancellationToken cancellation = default) =>
        Task.FromResult(Find(id) is { } entity ? Typed<T>(entity, includeState) : null);

    public override AsyncPageable<EntityMetadata> GetAllEntitiesAsync(EntityQuery? filter = null) => Query(filter, Untyped);

    public override AsyncPageable<EntityMetadata<T>> GetAllEntitiesAsync<T>(EntityQuery? filter = null) => Query(filter, Typed<T>);

    /// <summary>Empty entities leave by themselves; locks of executions that are over are given back.</summary>
    public override async Task<CleanEntityStorageResult> CleanEntityStorageAsync(CleanEntityStorageRequest? request = null, bool continueUntilComplete = true, CancellationToken cancellation = default)
    {
        if (!(request ?? CleanEntityStorageRequest.Default).ReleaseOrphanedLocks)
        {
            return default;
        }

        var released = await commands.RunAsync(batch =>
        {
            var count = 0;
            foreach (var entity in runtime.Instances.Entities)
            {
                if (PayloadCodec.Text(entity.Row.CustomStatus)?.Split('\n') is [var owner, var reference, var name]
                    && (runtime.Instances.Find(owner) as OrchestrationInstance)?.Reference != reference)
                {
                    batch.Deliver(entity, new HistoryEvent(EventKind.EntityUnlock) { Name = name, Sender = owner, Correlation = reference });
                    count++;
                }
            }

            return (count, (Exception?)null);
        }).WaitAsync(cancellation).ConfigureAwait(false);
        return new CleanEntityStorageResult { OrphanedLocksReleased = released };
    }

    private AsyncPageable<T> Query<T>(EntityQuery? filter, Func<EntityInstance, bool, T> describe)
        where T : notnull
    {
        filter ??= new EntityQuery();
        return Pageable.Create((token, size, cancellation) =>
        {
            cancellation.ThrowIfCancellationRequested();
            var after = (token ?? filter.ContinuationToken) is { Length: > 0 } text ? long.Parse(text, CultureInfo.InvariantCulture) : 0;
            var limit = size ?? filter.PageSize ?? EntityQuery.DefaultPageSize;
            var found = runtime.Instances.Entities.Where(entity => entity.Key > after && Meets(entity, filter)).OrderBy(static entity => entity.Key).Take(limit).ToList();
            var next = found.Count == limit ? found[^1].Key.ToString(CultureInfo.InvariantCulture) : null;
            return Task.FromResult(new Page<T>(found.ConvertAll(entity => describe(entity, filter.IncludeState)), next));
        });
    }

    private static bool Meets(EntityInstance entity, EntityQuery filter) =>
        entity.Visible is { } row
        && (row.Output is not null || filter.IncludeTransient)
        && (filter.InstanceIdStartsWith is not { } prefix || row.Id.StartsWith(prefix, StringComparison.Ordinal))
        && (filter.LastModifiedFrom is not { } from || row.UpdatedTicks >= from.UtcTicks)
        && (filter.LastModifiedTo is not { } to || row.UpdatedTicks <= to.UtcTicks);

    private EntityInstance? Find(EntityInstanceId id) =>
        runtime.Instances.Find(id.ToString()) is EntityInstance { Visible.Output: not null } entity ? entity : null;

    private EntityMetadata Untyped(EntityInstance entity, bool includeState)
    {
        var row = entity.Visible!;
        var state = includeState && row.Output is { } payload ? new SerializedData(PayloadCodec.Text(payload)!, runtime.Services.Codec.Converter) : null;
        return new EntityMetadata(EntityInstanceId.FromString(row.Id), state)
        {
            LastModifiedTime = new DateTimeOffset(row.UpdatedTicks, TimeSpan.Zero),
            BacklogQueueSize = entity.Backlog,
            LockedBy = LockedBy(row),
        };
    }

    private EntityMetadata<T> Typed<T>(EntityInstance entity, bool includeState)
    {
        var row = entity.Visible!;
        var id = EntityInstanceId.FromString(row.Id);
        var modified = new DateTimeOffset(row.UpdatedTicks, TimeSpan.Zero);
        return includeState
            ? new EntityMetadata<T>(id, runtime.Services.Codec.Deserialize<T>(row.Output)) { LastModifiedTime = modified, BacklogQueueSize = entity.Backlog, LockedBy = LockedBy(row) }
            : new EntityMetadata<T>(id) { LastModifiedTime = modified, BacklogQueueSize = entity.Backlog, LockedBy = LockedBy(row) };
    }

    private static string? LockedBy(InstanceRow row) => PayloadCodec.Text(row.CustomStatus)?.Split('\n')[0];
}
