using DurableTask.Core;
using DurableTask.Core.History;
using DurableTask.Core.Query;
using Microsoft.Azure.WebJobs.Extensions.DurableTask;
using Newtonsoft.Json;
using Newtonsoft.Json.Linq;

namespace Chard.DurableTask.Sqlite;

/// <summary>The engine as the Durable extension of Functions wants it.</summary>
public sealed class SqliteDurabilityProvider(SqliteOrchestrationService service, SqliteStorageOptions options)
    : DurabilityProvider(SqliteDurabilityProviderFactory.ProviderName, service, service, SqliteDurabilityProviderFactory.ProviderName)
{
    /// <summary>The engine itself.</summary>
    public SqliteOrchestrationService Service => service;

    public override bool GuaranteesOrderedDelivery => true;

    public override bool SupportsImplicitEntityDeletion => true;

    public override bool SupportsPollFreeWait => true;

    /// <summary>
    /// As with Azure Storage: an event for an instance that is not there, or has ended, is refused to the client that raises it.
    /// </summary>
    public override bool CheckStatusBeforeRaiseEvent => true;

    public override TimeSpan MaximumDelayTime { get; set; } = TimeSpan.MaxValue;

    public override TimeSpan LongRunningTimerIntervalLength { get; set; } = TimeSpan.FromDays(365);

    public override string EventSourceName { get; set; } = "DurableTask-Sqlite";

    public override JObject ConfigurationJson =>
        new() { ["type"] = SqliteDurabilityProviderFactory.ProviderName, ["file"] = options.File, ["synchronous"] = options.Synchronous };

    public override void SetUseSeparateQueueForEntityWorkItems(bool newValue) => service.UseSeparateQueueForEntityWorkItems = newValue;

    public override async Task<IList<OrchestrationState>> GetOrchestrationStateWithInputsAsync(string instanceId, bool showInput = true) =>
        await service.StateAsync(instanceId, showInput).ConfigureAwait(false) is { } state ? [state] : [];

    public override async Task<IList<OrchestrationState>> GetAllOrchestrationStates(CancellationToken cancellationToken) =>
        await service.PageAsync(new SqliteOrchestrationService.Filter(), int.MaxValue, inputs: true).ConfigureAwait(false);

    public override async Task<OrchestrationStatusQueryResult> GetOrchestrationStateWithPagination(
        OrchestrationStatusQueryCondition condition, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(condition);
        var result = await service.GetOrchestrationWithQueryAsync(
            new OrchestrationQuery
            {
                RuntimeStatus = condition.RuntimeStatus?.Select(status => (OrchestrationStatus)status).ToList(),
                CreatedTimeFrom = condition.CreatedTimeFrom == default ? null : condition.CreatedTimeFrom,
                CreatedTimeTo = condition.CreatedTimeTo == default ? null : condition.CreatedTimeTo,
                InstanceIdPrefix = condition.InstanceIdPrefix,
                PageSize = condition.PageSize,
                ContinuationToken = condition.ContinuationToken,
                FetchInputsAndOutputs = condition.ShowInput,
            },
            cancellationToken).ConfigureAwait(false);
        return new OrchestrationStatusQueryResult
        {
            DurableOrchestrationState = result.OrchestrationState.Select(ProviderUtils.ConvertOrchestrationStateToStatus),
            ContinuationToken = result.ContinuationToken,
        };
    }

    public override async Task<PurgeHistoryResult> PurgeInstanceHistoryByInstanceId(string instanceId) =>
        new((await service.PurgeInstanceStateAsync(instanceId).ConfigureAwait(false)).DeletedInstanceCount);

    public override async Task<int> PurgeHistoryByFilters(
        DateTime createdTimeFrom, DateTime? createdTimeTo, IEnumerable<OrchestrationStatus> runtimeStatus) =>
        (await service.PurgeInstanceStateAsync(new PurgeInstanceFilter(createdTimeFrom, createdTimeTo, runtimeStatus))
            .ConfigureAwait(false)).DeletedInstanceCount;

    public override Task RewindAsync(string instanceId, string reason) => service.RewindTaskOrchestrationAsync(instanceId, reason);

    public override async Task<string?> RetrieveSerializedEntityState(EntityId entityId, JsonSerializerSettings serializierSettings) =>
        (await service.EntityBackendQueries.GetEntityAsync(
            new global::DurableTask.Core.Entities.EntityId(entityId.EntityName, entityId.EntityKey), includeState: true)
            .ConfigureAwait(false))?.SerializedState;

    public override async Task<IAsyncEnumerable<HistoryEvent>> StreamOrchestrationHistoryAsync(
        string instanceId, CancellationToken cancellationToken) =>
        Stream(await service.GetHistoryAsync(instanceId).ConfigureAwait(false));

    private static async IAsyncEnumerable<HistoryEvent> Stream(IEnumerable<HistoryEvent> history)
    {
        foreach (var happened in history)
        {
            yield return happened;
        }

        await Task.CompletedTask.ConfigureAwait(false);
    }
}
