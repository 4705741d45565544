using System.Globalization;
using Microsoft.DurableTask;
using Microsoft.DurableTask.Client;

namespace Chard.Emulator.DurableTask;

/// <content>Queries, purges and restarts.</content>
internal sealed partial class EngineClient
{
    private const int PurgeStep = 500;

    public override AsyncPageable<OrchestrationMetadata> GetAllInstancesAsync(OrchestrationQuery? filter = null)
    {
        filter ??= new OrchestrationQuery();
        if (filter.PageSize < 1)
        {
            throw new ArgumentException($"A page holds at least 1 instance, not {filter.PageSize}.", nameof(filter));
        }

        return Pageable.Create((token, size, cancellation) =>
        {
            cancellation.ThrowIfCancellationRequested();
            var (rows, next) = Page(filter, token ?? filter.ContinuationToken, size ?? filter.PageSize);
            var page = rows.ConvertAll(row => Metadata(row, filter.FetchInputsAndOutputs));
            return Task.FromResult(new Page<OrchestrationMetadata>(page, next));
        });
    }

    public override async Task<PurgeResult> PurgeInstanceAsync(string instanceId, PurgeInstanceOptions? options = null, CancellationToken cancellation = default)
    {
        ArgumentException.ThrowIfNullOrEmpty(instanceId);
        cancellation.ThrowIfCancellationRequested();
        var ids = options?.Recursive == true ? WithChildren(instanceId) : [instanceId];
        return new PurgeResult(await commands.PurgeAsync(ids).WaitAsync(cancellation).ConfigureAwait(false), true);
    }

    public override async Task<PurgeResult> PurgeAllInstancesAsync(PurgeInstancesFilter filter, PurgeInstanceOptions? options = null, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(filter);
        if (filter.Timeout <= TimeSpan.Zero)
        {
            throw new ArgumentOutOfRangeException(nameof(filter), filter.Timeout, "The time to spend on a purge must be more than zero; leave Timeout null for no limit.");
        }

        var started = runtime.Options.TimeProvider.GetTimestamp();
        var query = new OrchestrationQuery(filter.CreatedFrom, filter.CreatedTo, filter.Statuses, PageSize: PurgeStep);
        var purged = 0;
        string? token = null;
        do
        {
            cancellation.ThrowIfCancellationRequested();
            if (filter.Timeout is { } limit && purged > 0 && runtime.Options.TimeProvider.GetElapsedTime(started) > limit)
            {
                return new PurgeResult(purged, false);
            }

            var (rows, next) = Page(query, token, PurgeStep);
            var ids = rows.Where(static row => row.IsFinished).SelectMany(row => options?.Recursive == true ? WithChildren(row.Id) : [row.Id]).ToList();
            purged += await commands.PurgeAsync(ids).WaitAsync(cancellation).ConfigureAwait(false);
            token = next;
        }
        while (token is not null);

        return new PurgeResult(purged, true);
    }

    public override async Task<string> RestartAsync(string instanceId, bool restartWithNewInstanceId = false, CancellationToken cancellation = default)
    {
        ArgumentException.ThrowIfNullOrEmpty(instanceId);
        cancellation.ThrowIfCancellationRequested();
        var row = Read(instanceId, true) ?? throw Unknown(instanceId);
        if (!restartWithNewInstanceId && !row.IsFinished)
        {
            throw new InvalidOperationException($"Orchestration '{instanceId}' is {row.Status}: it cannot be restarted under its own id before it has ended. Terminate it first, or ask for a new id.");
        }

        return await commands.StartAsync(new StartRequest(restartWithNewInstanceId ? NewId() : instanceId, row.Name, row.Version, row.Input)
        {
            Tags = row.Tags,
            Protected = OrchestrationCommands.Unfinished,
        }).WaitAsync(cancellation).ConfigureAwait(false);
    }

    public override Task RewindInstanceAsync(string instanceId, string reason, CancellationToken cancellation = default)
    {
        ArgumentException.ThrowIfNullOrEmpty(instanceId);
        cancellation.ThrowIfCancellationRequested();
        var rewind = new RewindOperation(runtime, instanceId);
        runtime.Committer.Enqueue(rewind);
        return rewind.Task.WaitAsync(cancellation);
    }

    internal static ArgumentException Unknown(string instanceId) => new($"There is no orchestration with the id '{instanceId}'.", nameof(instanceId));

    /// <summary>A page in order of creation. The token is the last key that was looked at.</summary>
    private (List<InstanceRow> Rows, string? Next) Page(OrchestrationQuery filter, string? token, int size)
    {
        RefuseWhenDead();
        var after = 0L;
        if (!string.IsNullOrEmpty(token) && !long.TryParse(token, NumberStyles.None, CultureInfo.InvariantCulture, out after))
        {
            throw new ArgumentException($"'{token}' is not a continuation token that this client gave.", nameof(token));
        }

        var statuses = filter.Statuses?.ToHashSet();
        var found = new List<InstanceRow>();
        while (true)
        {
            var rows = runtime.Store.Reader.Page(
                after,
                filter.CreatedFrom?.UtcTicks ?? 0,
                filter.CreatedTo?.UtcTicks ?? long.MaxValue,
                filter.InstanceIdPrefix ?? string.Empty,
                size,
                filter.FetchInputsAndOutputs);
            foreach (var row in rows)
            {
                after = row.Key;
                var present = runtime.Instances.Find(row.Key) is OrchestrationInstance { Visible: { } live } ? live with { Input = row.Input } : row;
                if (!present.IsEntity && (statuses is not { Count: > 0 } || statuses.Contains(present.Status)))
                {
                    found.Add(present);
                    if (found.Count == size)
                    {
                        return (found, after.ToString(CultureInfo.InvariantCulture));
                    }
                }
            }

            if (rows.Count < size)
            {
                return (found, null);
            }
        }
    }

    private List<string> WithChildren(string instanceId)
    {
        var ids = new List<string> { instanceId };
        for (var i = 0; i < ids.Count; i++)
        {
            ids.AddRange(runtime.Store.Reader.ChildrenOf(ids[i]));
        }

        return ids;
    }
}
