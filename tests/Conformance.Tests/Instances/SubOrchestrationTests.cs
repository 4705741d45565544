using Microsoft.DurableTask;

namespace Chard.Conformance.Tests.Instances;

/// <summary>Orchestrations that call orchestrations.</summary>
public sealed class SubOrchestrationTests : DurableTest
{
    [Fact]
    public async Task Child_GetsItsInputAndGivesItsResult()
    {
        var result = await ResultAsync<int>(tasks => tasks
            .AddOrchestratorFunc<int, int>("Child", async (context, input) => await context.CallActivityAsync<int>("Double", input) + 1)
            .AddOrchestratorFunc(Main, async context => (await Task.WhenAll(Enumerable.Range(1, 4).Select(i => context.CallSubOrchestratorAsync<int>("Child", i)))).Sum())
            .AddActivityFunc<int, int>("Double", (_, value) => value * 2));

        Assert.Equal(24, result);
    }

    [Fact]
    public async Task Child_KnowsItsParent()
    {
        var client = await StartAsync(tasks => tasks
            .AddOrchestratorFunc("Child", context => $"{context.Parent?.Name} {context.Parent?.InstanceId}")
            .AddOrchestratorFunc(Main, async context => await context.CallSubOrchestratorAsync<string>("Child")));

        var metadata = await RunAsync(client, null, new StartOrchestrationOptions("the-parent"));

        Assert.Equal("Main the-parent", Output<string>(metadata));
    }

    [Fact]
    public async Task Child_WithoutId_TakesTheNextGuidOfItsParent()
    {
        var client = await StartAsync(tasks => tasks
            .AddOrchestratorFunc("Child", context => context.InstanceId)
            .AddOrchestratorFunc(Main, async context =>
            {
                var now = context.CurrentUtcDateTime;
                var child = context.CallSubOrchestratorAsync<string>("Child");
                var guid = context.NewGuid();
                return new Ids(now, await child, guid);
            }));

        var ids = Output<Ids>(await RunAsync(client, null, new StartOrchestrationOptions("the-parent")));

        Assert.Equal(DeterministicGuid.Of("the-parent", ids!.Now, 0).ToString("N"), ids.Child);
        Assert.Equal(DeterministicGuid.Of("the-parent", ids.Now, 1), ids.Guid);
    }

    [Fact]
    public async Task Child_WithId_HasItAndCanBeRead()
    {
        var client = await StartAsync(tasks => tasks
            .AddOrchestratorFunc("Child", context => context.InstanceId)
            .AddOrchestratorFunc(Main, async context => await context.CallSubOrchestratorAsync<string>("Child", new SubOrchestrationOptions(instanceId: "the-child"))));

        var metadata = await RunAsync(client);
        var child = await client.GetInstanceAsync("the-child", getInputsAndOutputs: true, Deadline);

        Assert.Equal("the-child", Output<string>(metadata));
        Assert.Equal("Child", child?.Name);
        Assert.Equal("the-child", Output<string>(child!));
    }

    [Fact]
    public async Task Child_WithTheIdOfAFinishedOne_RunsAnew()
    {
        var runs = 0;

        var result = await ResultAsync<int[]>(tasks => tasks
            .AddOrchestratorFunc("Child", async context => await context.CallActivityAsync<int>("Count"))
            .AddOrchestratorFunc(Main, async context => new[]
            {
                await context.CallSubOrchestratorAsync<int>("Child", new SubOrchestrationOptions(instanceId: "the-child")),
                await context.CallSubOrchestratorAsync<int>("Child", new SubOrchestrationOptions(instanceId: "the-child")),
            })
            .AddActivityFunc("Count", _ => Interlocked.Increment(ref runs)));

        Assert.Equal([1, 2], result!);
    }

    [Fact]
    public async Task Child_Version_IsTheOneAskedForAndNotTheParents()
    {
        var client = await StartAsync(tasks => tasks
            .AddOrchestratorFunc("Child", context => $"[{context.Version}]")
            .AddOrchestratorFunc(Main, async context =>
                await context.CallSubOrchestratorAsync<string>("Child") + await context.CallSubOrchestratorAsync<string>("Child", new SubOrchestrationOptions { Version = "9" })));

        var metadata = await RunAsync(client, null, new StartOrchestrationOptions { Version = "2.0" });

        Assert.Equal("[][9]", Output<string>(metadata));
    }

    [Fact]
    public async Task Child_OfAChild_IsThreeInstances()
    {
        var result = await ResultAsync<string>(tasks => tasks
            .AddOrchestratorFunc<int, string>("Nested", async (context, depth) =>
                depth == 0 ? context.Parent!.Name : await context.CallSubOrchestratorAsync<string>("Nested", depth - 1))
            .AddOrchestratorFunc(Main, async context => await context.CallSubOrchestratorAsync<string>("Nested", 3)));

        Assert.Equal("Nested", result);
    }

    [Fact]
    public async Task Child_ThatContinuesAsNew_GivesTheResultOfItsLastExecution()
    {
        var result = await ResultAsync<string>(tasks => tasks
            .AddOrchestratorFunc<int, string>("Child", async (context, round) =>
            {
                await context.CallActivityAsync("Nothing");
                if (round < 3)
                {
                    context.ContinueAsNew(round + 1);
                    return "not yet";
                }

                return $"round {round}";
            })
            .AddOrchestratorFunc(Main, async context => await context.CallSubOrchestratorAsync<string>("Child", 0))
            .AddActivityFunc("Nothing", _ => { }));

        Assert.Equal("round 3", result);
    }

    private sealed record Ids(DateTime Now, string Child, Guid Guid);
}
