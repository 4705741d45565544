using Microsoft.DurableTask;
using Microsoft.DurableTask.Client;

namespace Chard.Conformance.Tests.Clients;

/// <summary>Listing instances.</summary>
public sealed class QueryTests : DurableTest
{
    [Fact]
    public async Task Query_WithoutFilter_ListsAll()
    {
        var client = await WithInstancesAsync("a1", "a2", "b1");

        Assert.Equal(["a1", "a2", "b1"], await IdsAsync(client, null));
    }

    [Fact]
    public async Task Query_ByPrefix_ListsThose()
    {
        var client = await WithInstancesAsync("a1", "a2", "b1");

        Assert.Equal(["a1", "a2"], await IdsAsync(client, new OrchestrationQuery(InstanceIdPrefix: "a")));
    }

    [Fact]
    public async Task Query_ByStatus_ListsThose()
    {
        var client = await WithInstancesAsync("good", "bad-1", "bad-2");

        Assert.Equal(["bad-1", "bad-2"], await IdsAsync(client, new OrchestrationQuery(Statuses: [OrchestrationRuntimeStatus.Failed])));
        Assert.Equal(["good"], await IdsAsync(client, new OrchestrationQuery(Statuses: [OrchestrationRuntimeStatus.Completed, OrchestrationRuntimeStatus.Running])));
    }

    [Fact]
    public async Task Query_ByCreationTime_ListsThose()
    {
        var client = await WithInstancesAsync("a1", "a2");
        var now = DateTimeOffset.UtcNow;

        Assert.Equal(["a1", "a2"], await IdsAsync(client, new OrchestrationQuery(CreatedFrom: now.AddHours(-1), CreatedTo: now.AddHours(1))));
        Assert.Empty(await IdsAsync(client, new OrchestrationQuery(CreatedFrom: now.AddHours(1))));
        Assert.Empty(await IdsAsync(client, new OrchestrationQuery(CreatedTo: now.AddHours(-1))));
    }

    [Fact]
    public async Task Query_InPages_ListsEachOnce()
    {
        var client = await WithInstancesAsync("a1", "a2", "a3", "a4", "a5");
        List<string> ids = [];

        await foreach (var page in client.GetAllInstancesAsync(new OrchestrationQuery(PageSize: 2)).AsPages().WithCancellation(Deadline))
        {
            Assert.InRange(page.Values.Count, 0, 2);
            ids.AddRange(page.Values.Select(instance => instance.InstanceId));
        }

        Assert.Equal(["a1", "a2", "a3", "a4", "a5"], ids.Order());
    }

    [Fact]
    public async Task Query_FromAToken_GoesOnThere()
    {
        var client = await WithInstancesAsync("a1", "a2", "a3");
        var query = client.GetAllInstancesAsync();
        Page<OrchestrationMetadata>? first = null;
        await foreach (var page in query.AsPages(pageSizeHint: 2).WithCancellation(Deadline))
        {
            first = page;
            break;
        }

        List<string> rest = [];
        await foreach (var page in query.AsPages(first!.ContinuationToken, 2).WithCancellation(Deadline))
        {
            rest.AddRange(page.Values.Select(instance => instance.InstanceId));
        }

        Assert.Equal(2, first.Values.Count);
        Assert.Equal(["a1", "a2", "a3"], first.Values.Select(instance => instance.InstanceId).Concat(rest).Order());
    }

    [Fact]
    public async Task Query_FetchingInputsAndOutputs_HasThem()
    {
        var client = await WithInstancesAsync("good", "bad");

        var instances = new Dictionary<string, OrchestrationMetadata>();
        await foreach (var instance in client.GetAllInstancesAsync(new OrchestrationQuery { FetchInputsAndOutputs = true }).WithCancellation(Deadline))
        {
            instances[instance.InstanceId] = instance;
        }

        Assert.Equal("good", instances["good"].ReadInputAs<string>());
        Assert.Equal("good", instances["good"].ReadOutputAs<string>());
        Assert.Equal("no good", instances["bad"].SerializedOutput);
    }

    [Fact]
    public async Task Query_NotFetching_CannotBeRead()
    {
        var client = await WithInstancesAsync("good");

        await foreach (var instance in client.GetAllInstancesAsync().WithCancellation(Deadline))
        {
            Assert.Throws<InvalidOperationException>(() => instance.ReadInputAs<string>());
            Assert.Throws<InvalidOperationException>(() => instance.ReadOutputAs<string>());
        }
    }

    private async Task<string[]> IdsAsync(DurableTaskClient client, OrchestrationQuery? query)
    {
        List<string> ids = [];
        await foreach (var instance in client.GetAllInstancesAsync(query).WithCancellation(Deadline))
        {
            ids.Add(instance.InstanceId);
        }

        return [.. ids.Order()];
    }

    // Instances that have ended; those whose id begins with "bad" have failed.
    private async Task<DurableTaskClient> WithInstancesAsync(params string[] ids)
    {
        var client = await StartAsync(tasks => tasks.AddOrchestratorFunc<string, string>(Main, (_, input) =>
            input.StartsWith("bad", StringComparison.Ordinal) ? Throw<string>(new InvalidOperationException("no good")) : input));
        foreach (var id in ids)
        {
            await RunAsync(client, id, new StartOrchestrationOptions(id));
        }

        return client;
    }
}
