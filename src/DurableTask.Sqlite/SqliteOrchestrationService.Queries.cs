using System.Globalization;
using DurableTask.Core;
using DurableTask.Core.Common;
using DurableTask.Core.Entities;
using DurableTask.Core.History;
using DurableTask.Core.Query;

namespace Chard.DurableTask.Sqlite;

/// <content>What is there, and letting it go.</content>
public sealed partial class SqliteOrchestrationService
{
    // Instances that one change purges: others must not wait for thousands.
    private const int PurgedAtOnce = 200;

    private const string Ended = "status IN (1, 3, 4, 5)";

    public EntityBackendQueries EntityBackendQueries => new EntityQueries(this);

    /// <summary>The state of the latest execution; earlier ones are not kept. An empty list when there is none.</summary>
    public async Task<IList<OrchestrationState>> GetOrchestrationStateAsync(string instanceId, bool allExecutions) =>
        await StateAsync(instanceId, inputs: true).ConfigureAwait(false) is { } state ? [state] : [];

    /// <summary>The state of an instance; null when there is none, or it is at another execution than the one given.</summary>
    public async Task<OrchestrationState?> GetOrchestrationStateAsync(string instanceId, string? executionId)
    {
        var state = await StateAsync(instanceId, inputs: true).ConfigureAwait(false);
        return string.IsNullOrEmpty(executionId) || state?.OrchestrationInstance.ExecutionId == executionId ? state : null;
    }

    /// <summary>The history of the latest execution as a JSON array of events; empty when there is none.</summary>
    public async Task<string> GetOrchestrationHistoryAsync(string instanceId, string? executionId) =>
        $"[{string.Join(',', (await StoredHistoryAsync(instanceId).ConfigureAwait(false)).Select(stored => stored.Body))}]";

    /// <summary>The history of the latest execution.</summary>
    public async Task<IReadOnlyList<HistoryEvent>> GetHistoryAsync(string instanceId) =>
        (await StoredHistoryAsync(instanceId).ConfigureAwait(false)).ConvertAll(stored => EventJson.Read(stored.Type, stored.Body));

    /// <summary>One page in the order of ids. The token is the last id of the page before.</summary>
    public async Task<OrchestrationQueryResult> GetOrchestrationWithQueryAsync(
        OrchestrationQuery query, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(query);
        var filter = new Filter { Statuses = query.RuntimeStatus, CreatedFrom = query.CreatedTimeFrom, CreatedTo = query.CreatedTimeTo };
        filter = filter with { Prefix = query.InstanceIdPrefix, After = query.ContinuationToken, ExcludesEntities = query.ExcludeEntities };
        var size = query.PageSize > 0 ? query.PageSize : 100;
        var page = await PageAsync(filter, size, query.FetchInputsAndOutputs).ConfigureAwait(false);
        return new OrchestrationQueryResult(page, page.Count == size ? page[^1].OrchestrationInstance.InstanceId : null);
    }

    /// <summary>Lets go of an instance that has ended, or of an entity. Count 0: it is not there, or has not ended.</summary>
    public Task<PurgeResult> PurgeInstanceStateAsync(string instanceId) => PurgeAsync(instanceId, recursive: false);

    /// <summary>
    /// As <see cref="PurgeInstanceStateAsync(string)"/>; recursive: its sub-orchestrations that have ended too, and theirs.
    /// </summary>
    public async Task<PurgeResult> PurgeAsync(string instanceId, bool recursive) =>
        new(await Core.ChangeAsync(change => Purge(change, instanceId, recursive)).ConfigureAwait(false), true);

    /// <summary>
    /// Lets go of ended instances by the time they were made and their state. Not complete when the filter's timeout came first.
    /// </summary>
    public Task<PurgeResult> PurgeInstanceStateAsync(PurgeInstanceFilter purgeInstanceFilter)
    {
        ArgumentNullException.ThrowIfNull(purgeInstanceFilter);
        var filter = new Filter { CreatedFrom = purgeInstanceFilter.CreatedTimeFrom, CreatedTo = purgeInstanceFilter.CreatedTimeTo };
        return PurgeAsync(filter with { Statuses = purgeInstanceFilter.RuntimeStatus?.ToList() }, purgeInstanceFilter.Timeout);
    }

    /// <summary>Lets go of ended instances that were made, changed or completed before a time.</summary>
    public Task PurgeOrchestrationHistoryAsync(DateTime thresholdDateTimeUtc, OrchestrationStateTimeRangeFilterType timeRangeFilterType) =>
        PurgeAsync(
        new Filter
        {
            Before = (timeRangeFilterType switch
            {
                OrchestrationStateTimeRangeFilterType.OrchestrationCompletedTimeFilter => "completed",
                OrchestrationStateTimeRangeFilterType.OrchestrationLastUpdatedTimeFilter => "updated",
                _ => "created",
            }, thresholdDateTimeUtc),
        },
        null);

    /// <summary>Empties the store.</summary>
    public Task DeleteAsync(bool deleteInstanceStore)
    {
        var engine = Core;
        return engine.ChangeAsync(change =>
        {
            var ids = change.Database.Query("SELECT id FROM instances UNION SELECT instance FROM messages", row => row.GetString(0));
            foreach (var table in (string[])["instances", "history", "messages", "tasks"])
            {
                change.Database.Execute($"DELETE FROM {table}");
            }

            change.Publish(() => ids.ForEach(id => engine.Table.Removed(id)));
            return true;
        });
    }

    internal Task<List<OrchestrationState>> PageAsync(Filter filter, int size, bool inputs)
    {
        var (where, values) = filter.ToSql();
        return Core.ChangeAsync(change => Rows.States(change.Database, where, size, inputs, values));
    }

    internal Task<OrchestrationState?> StateAsync(string id, bool inputs) =>
        Core.ChangeAsync(change => Rows.States(change.Database, "id = $1", 1, inputs, id).FirstOrDefault());

    /// <summary>Lets go of an entity if nothing waits for it.</summary>
    internal Task<bool> PurgeIdleEntityAsync(string id) =>
        Core.ChangeAsync(change => !Rows.HasMessages(change.Database, id) && Purge(change, id, recursive: false) == 1);

    private int Purge(Change change, string id, bool recursive)
    {
        var row = Rows.Find(change.Database, id);
        var isEntity = Entities.IsEntityInstance(id);
        if (row is null || !(row.IsEnded || isEntity))
        {
            return 0;
        }

        Rows.Delete(change.Database, id, row.Number);
        if (!isEntity)
        {
            change.Database.Execute("DELETE FROM messages WHERE instance = $1", id);
        }

        var hasMessages = isEntity && Rows.HasMessages(change.Database, id);
        change.Publish(() => Core.Table.Removed(id, hasMessages));
        return 1 + (recursive ? Delivery.Children(change.Database, id).Sum(child => Purge(change, child, recursive: true)) : 0);
    }

    private async Task<PurgeResult> PurgeAsync(Filter filter, TimeSpan? timeout)
    {
        var began = TimeProvider.System.GetTimestamp();
        var (where, values) = filter.ToSql();
        for (var count = 0; ;)
        {
            var purged = await Core.ChangeAsync(change =>
            {
                var ids = change.Database.Query(
                    $"SELECT id FROM instances WHERE {Ended} AND {where} LIMIT {PurgedAtOnce}", row => row.GetString(0), values);
                return ids.Sum(id => Purge(change, id, recursive: false));
            }).ConfigureAwait(false);
            count += purged;
            if (purged < PurgedAtOnce || TimeProvider.System.GetElapsedTime(began) > timeout)
            {
                return new PurgeResult(count, purged < PurgedAtOnce);
            }
        }
    }

    private Task<List<(long Type, string Body)>> StoredHistoryAsync(string id) =>
        Core.ChangeAsync(change => Rows.Find(change.Database, id) is { } row ? Rows.History(change.Database, row.Number) : []);

    /// <summary>Which instances; null and false: all.</summary>
    internal sealed record Filter
    {
        public IEnumerable<OrchestrationStatus>? Statuses { get; init; }

        public DateTime? CreatedFrom { get; init; }

        public DateTime? CreatedTo { get; init; }

        public DateTime? UpdatedFrom { get; init; }

        public DateTime? UpdatedTo { get; init; }

        public (string Column, DateTime Time)? Before { get; init; }

        public string? Prefix { get; init; }

        public string? After { get; init; }

        public bool ExcludesEntities { get; init; }

        public (string Where, object?[] Values) ToSql()
        {
            var values = new List<object?>();
            var terms = new List<string> { "true" };
            Add("created >= ", CreatedFrom?.Ticks);
            Add("created <= ", CreatedTo?.Ticks);
            Add("updated >= ", UpdatedFrom?.Ticks);
            Add("updated <= ", UpdatedTo?.Ticks);
            Add($"{Before?.Column} < ", Before?.Time.Ticks);
            Add("id > ", string.IsNullOrEmpty(After) ? null : After);
            Add("id >= ", string.IsNullOrEmpty(Prefix) ? null : Prefix);
            Add("id < ", string.IsNullOrEmpty(Prefix) ? null : Prefix + "\U0010FFFF");
            if (Statuses?.ToList() is { Count: > 0 } statuses)
            {
                terms.Add(
                    $"status IN ({string.Join(',', statuses.Select(status => ((int)status).ToString(CultureInfo.InvariantCulture)))})");
            }

            if (ExcludesEntities)
            {
                terms.Add("id NOT GLOB '@*'");
            }

            return (string.Join(" AND ", terms), [.. values]);

            void Add(string term, object? value)
            {
                if (value is not null)
                {
                    values.Add(value);
                    terms.Add(string.Create(CultureInfo.InvariantCulture, $"{term}${values.Count}"));
                }
            }
        }
    }
}
