using DurableTask.Core;
using Microsoft.Azure.WebJobs.Extensions.DurableTask;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;

namespace Chard.DurableTask.Sqlite.Tests;

/// <summary>What the Durable extension gets: by host.json, or as a test registers it.</summary>
public sealed class FactoryTests : IDisposable
{
    private readonly Store store = new(onFile: true);

    public void Dispose() => store.Dispose();

    [Fact]
    public async Task HostJson_NamesTheFile_AndOneProviderServesAllNames()
    {
        var host = new DurableTaskOptions { MaxConcurrentActivityFunctions = 7, ExtendedSessionsEnabled = true,
            ExtendedSessionIdleTimeoutInSeconds = 10 };
        host.StorageProvider["type"] = "sqlite";
        host.StorageProvider["File"] = store.File!;
        host.StorageProvider["synchronous"] = "NORMAL";
        using var factory = Make(services => services.AddSingleton(Options.Create(host)));

        var provider = factory.GetDurabilityProvider();
        await provider.CreateIfNotExistsAsync();

        Assert.Equal("Sqlite", factory.Name);
        Assert.Same(provider, factory.GetDurabilityProvider(new DurableClientAttribute { TaskHub = "other", ConnectionName = "another" }));
        Assert.Equal(7, provider.MaxConcurrentTaskActivityWorkItems);
        Assert.True(host.MaxConcurrentOrchestratorFunctions > 0 && host.MaxConcurrentEntityFunctions > 0);
        Assert.Equal($"{store.File} NORMAL", $"{provider.ConfigurationJson["file"]} {provider.ConfigurationJson["synchronous"]}");
        Assert.True(File.Exists(store.File));
        Assert.True(provider is { SupportsEntities: true, SupportsPollFreeWait: true, GuaranteesOrderedDelivery: true });
    }

    [Fact]
    public async Task RegisteredOptions_ComeBeforeHostJson_AndDisposeLetsGoOfTheStore()
    {
        using var memory = new MemoryStore();
        var faults = new EngineFaults();
        using (var factory = Make(services => services
            .AddSingleton(Options.Create(new DurableTaskOptions()))
            .AddSingleton(new SqliteStorageOptions { Memory = memory, Faults = faults })))
        {
            await factory.GetDurabilityProvider().CreateIfNotExistsAsync();
            await Assert.ThrowsAsync<SqliteStorageException>(
                () => new SqliteOrchestrationService(new() { Memory = memory }).CreateIfNotExistsAsync());
        }

        using var next = new SqliteOrchestrationService(new() { Memory = memory });
        await next.CreateIfNotExistsAsync();
    }

    [Fact]
    public async Task Provider_ShowsWhatTheEngineHas()
    {
        // The extension writes entities' names in lower case.
        await using var hub = await Hub.StartAsync(store.Options(), BothCode.Make()
            .Entity("counter", (_, _, input) => (input, null))
            .Orchestration("Set", async (flow, input) => $"{await flow.CallEntityAsync("counter", "k", "set", input)}"));
        var provider = new SqliteDurabilityProvider(hub.Engine, store.Options());
        await hub.RunAsync("Chain", "a", "1");
        await hub.RunAsync("Failing", "b", "1");
        await hub.RunAsync("Set", "c", "3");

        Assert.Equal("\"1\"", (await provider.GetOrchestrationStateWithInputsAsync("a")).Single().Input);
        Assert.Null((await provider.GetOrchestrationStateWithInputsAsync("a", showInput: false)).Single().Input);
        Assert.Empty(await provider.GetOrchestrationStateWithInputsAsync("nobody"));
        Assert.Equal(4, (await provider.GetAllOrchestrationStates(CancellationToken.None)).Count);
        var failed = await provider.GetOrchestrationStateWithPagination(
            new OrchestrationStatusQueryCondition { RuntimeStatus = [OrchestrationRuntimeStatus.Failed], PageSize = 10 },
                CancellationToken.None);
        Assert.Equal("b", failed.DurableOrchestrationState.Single().InstanceId);
        Assert.Equal(
            "3", await provider.RetrieveSerializedEntityState(new EntityId("Counter", "k"), new Newtonsoft.Json.JsonSerializerSettings()));
        Assert.Equal(1, (await provider.PurgeInstanceHistoryByInstanceId("b")).InstancesDeleted);
        Assert.Equal(2, await provider.PurgeHistoryByFilters(DateTime.UnixEpoch, null, [OrchestrationStatus.Completed]));
        await Assert.ThrowsAsync<ArgumentException>(() => provider.RewindAsync("b", "x"));
    }

    [Fact]
    public async Task EntityQueries_FindStates_AndCleanLocksOfInstancesThatAreGone()
    {
        await using var hub = await Hub.StartAsync(store.Options(), BothCode.Make().Orchestration("Holder", async (flow, input) =>
        {
            await flow.LockAsync(("Counter", input));
            flow.Status = "locked";
            return await flow.EventAsync("never");
        }));
        await hub.RunAsync("Ask", "a", "full add 3");
        await hub.StartAsync("Holder", "h", "held");
        await hub.UntilAsync(
            async () => (await hub.StateAsync("h"))?.Status?.Contains("locked", StringComparison.Ordinal) == true, "it has the lock");
        var queries = hub.Engine.EntityBackendQueries;

        var all = await queries.QueryEntitiesAsync(new() { IncludeState = true, IncludeTransient = true }, CancellationToken.None);
        Assert.Equal(
            ["full:3:", "held::h"], all.Results.Select(entity => $"{entity.EntityId.Key}:{entity.SerializedState}:{entity.LockedBy}"));
        Assert.Single((await queries.QueryEntitiesAsync(new() { IncludeState = true }, CancellationToken.None)).Results);
        Assert.Null(await queries.GetEntityAsync(new("Counter", "held")));

        await hub.Engine.TerminateAsync("h", "gone", recursive: false);
        await hub.EndAsync("h");
        Assert.Equal(1, (await queries.CleanEntityStorageAsync(new() { ReleaseOrphanedLocks = true, RemoveEmptyEntities = true }))
            .OrphanedLocksReleased);

        Assert.Equal("\"\"", (await hub.RunAsync("Ask", "b", "held get")).Output);
    }

    private static SqliteDurabilityProviderFactory Make(Action<IServiceCollection> register)
    {
        var services = new ServiceCollection().AddSingleton<ILoggerFactory>(NullLoggerFactory.Instance);
        services.AddSingleton<SqliteDurabilityProviderFactory>();
        register(services);
        return services.BuildServiceProvider().GetRequiredService<SqliteDurabilityProviderFactory>();
    }
}
