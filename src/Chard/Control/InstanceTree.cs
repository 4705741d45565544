using Chard.Domain.Identity;
using Chard.Platform;
using Microsoft.DurableTask.Client;

namespace Chard.Control;

/// <summary>
/// The instances of a workflow: its own, whose id is the workflow's, and sub-orchestrations, whose ids begin with the workflow's
/// id and a character that no workflow id has, such as <c>{id}.{path}</c>.
/// </summary>
public static class InstanceTree
{
    // What Azure Storage's engine sends for one, about: its state, its history, a transaction or two, what it stored as blobs.
    private const int RequestsOfAPurge = 4;

    private static readonly OrchestrationRuntimeStatus[] Unfinished =
        [OrchestrationRuntimeStatus.Pending, OrchestrationRuntimeStatus.Running, OrchestrationRuntimeStatus.Suspended];

    /// <summary>True if <paramref name="instanceId"/> is an instance of workflow <paramref name="id"/>.</summary>
    public static bool Contains(string id, string instanceId)
    {
        ArgumentNullException.ThrowIfNull(id);
        ArgumentNullException.ThrowIfNull(instanceId);
        return instanceId.StartsWith(id, StringComparison.Ordinal)
            && (instanceId.Length == id.Length || !WorkflowId.IsValid(instanceId[id.Length..(id.Length + 1)]));
    }

    /// <summary>
    /// Asks every unfinished instance to end, the workflow's own first so that it starts no further ones. True if there was none
    /// left: ending takes a moment, so ask again until then.
    /// </summary>
    public static async Task<bool> EndAsync(DurableTaskClient client, string id, string reason, CancellationToken cancellationToken)
    {
        bool ended = await EndOneAsync(client, id, reason, cancellationToken);
        await foreach (string child in BelowAsync(client, id, cancellationToken))
        {
            ended &= await EndOneAsync(client, child, reason, cancellationToken);
        }

        return ended;
    }

    /// <summary>
    /// Asks every unfinished instance to suspend, the workflow's own first; those under way finish what runs and start nothing new.
    /// True if all were suspended already: it takes a moment, in which one may have begun others, so ask again until then.
    /// </summary>
    public static Task<bool> SuspendAsync(DurableTaskClient client, string id, CancellationToken cancellationToken) =>
        OnEachAsync(
            client, id, instance => instance.RuntimeStatus is OrchestrationRuntimeStatus.Running or OrchestrationRuntimeStatus.Pending,
            instanceId => client.SuspendInstanceAsync(instanceId, "paused", cancellationToken), cancellationToken);

    /// <summary>Resumes every suspended instance.</summary>
    public static Task ResumeAsync(DurableTaskClient client, string id, CancellationToken cancellationToken) =>
        OnEachAsync(
            client, id, instance => instance.RuntimeStatus == OrchestrationRuntimeStatus.Suspended,
            instanceId => client.ResumeInstanceAsync(instanceId, "resumed", cancellationToken), cancellationToken);

    /// <summary>
    /// The instances of a workflow that has ended, its own last; null if one of them has not ended. Those below are found by ids that
    /// begin with the workflow's and a dot, as all of Chard's do.
    /// </summary>
    public static async Task<IReadOnlyList<string>?> ListEndedAsync(
        DurableTaskClient client, string id, RequestBudget budget, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(client);
        ArgumentNullException.ThrowIfNull(budget);
        budget.Spend(2);
        OrchestrationMetadata? own = await client.GetInstanceAsync(id, cancellationToken);
        var ids = new List<string>();
        if (own is { IsCompleted: false })
        {
            return null;
        }

        await foreach (OrchestrationMetadata below in client.GetAllInstancesAsync(new OrchestrationQuery(InstanceIdPrefix: id + "."))
            .WithCancellation(cancellationToken))
        {
            if (!below.IsCompleted)
            {
                return null;
            }

            ids.Add(below.InstanceId);
        }

        return own is null ? ids : [.. ids, id];
    }

    /// <summary>
    /// Purges instances that have ended, one by one: no backend does it with those below. What was purged already counts as done.
    /// </summary>
    public static async Task<Deleted> PurgeAsync(
        DurableTaskClient client, IReadOnlyList<string> ids, RequestBudget budget, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(client);
        ArgumentNullException.ThrowIfNull(ids);
        ArgumentNullException.ThrowIfNull(budget);
        int purged = 0;
        foreach (string id in ids)
        {
            if (budget.IsSpent)
            {
                return new(purged, IsDone: false);
            }

            budget.Spend(RequestsOfAPurge);
            int count = (await client.PurgeInstanceAsync(id, cancellationToken)).PurgedInstanceCount;
            purged += count;
            if (count == 0 && await client.GetInstanceAsync(id, cancellationToken) is not null)
            {
                return new(purged, IsDone: false);
            }
        }

        return new(purged, IsDone: true);
    }

    /// <summary>Acts on every unfinished instance to which it applies. True if there was none.</summary>
    private static async Task<bool> OnEachAsync(
        DurableTaskClient client,
        string id,
        Func<OrchestrationMetadata, bool> applies,
        Func<string, Task> act,
        CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(client);
        bool none = !await ActAsync(id);
        await foreach (string child in BelowAsync(client, id, cancellationToken))
        {
            none &= !await ActAsync(child);
        }

        return none;

        async Task<bool> ActAsync(string instanceId)
        {
            if (await client.GetInstanceAsync(instanceId, cancellationToken) is not { } instance || !applies(instance))
            {
                return false;
            }

            try
            {
                await act(instanceId);
            }
            catch (Exception e) when (e is not OperationCanceledException)
            {
                // Backends refuse by exceptions of their own what no longer applies; the instance tells whether that was it.
                if (await client.GetInstanceAsync(instanceId, cancellationToken) is { } now && applies(now))
                {
                    throw;
                }
            }

            return true;
        }
    }

    private static async Task<bool> EndOneAsync(
        DurableTaskClient client,
        string instanceId,
        string reason,
        CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(client);
        if (await IsOverAsync(client, instanceId, cancellationToken))
        {
            return true;
        }

        try
        {
            await client.TerminateInstanceAsync(instanceId, reason, cancellationToken);
            return false;
        }
        catch (Exception e) when (e is not OperationCanceledException)
        {
            // Backends refuse to end what has ended by exceptions of their own; the instance tells whether that was it.
            if (await IsOverAsync(client, instanceId, cancellationToken))
            {
                return true;
            }

            throw;
        }
    }

    private static async Task<bool> IsOverAsync(DurableTaskClient client, string instanceId, CancellationToken cancellationToken) =>
        await client.GetInstanceAsync(instanceId, cancellationToken) is null or { IsCompleted: true };

    private static async IAsyncEnumerable<string> BelowAsync(
        DurableTaskClient client, string id, [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var query = new OrchestrationQuery(InstanceIdPrefix: id, Statuses: Unfinished);
        await foreach (OrchestrationMetadata instance in client.GetAllInstancesAsync(query).WithCancellation(cancellationToken))
        {
            if (instance.InstanceId.Length > id.Length && Contains(id, instance.InstanceId))
            {
                yield return instance.InstanceId;
            }
        }
    }
}
