using System.Collections.Concurrent;
using Chard.Domain.Tasks;
using Chard.Functions.Tests.Tasks;
using Chard.Testing;
using Microsoft.DurableTask;
using Microsoft.DurableTask.Client;

namespace Chard.Functions.Tests.Versions;

/// <summary>
/// What host.json says of versions, on the real extension: an instance keeps the version it was started with, and code that is older
/// leaves it alone.
/// </summary>
public sealed class VersionTests : IAsyncLifetime
{
    private const string VersionKey = "extensions:durableTask:defaultVersion";
    private readonly ConcurrentQueue<(string Id, string Version)> _runs = new();
    private FunctionsTestHostOptions _options = null!;
    private EagerHost _host = null!;

    public async Task InitializeAsync() => _host = await EagerHost.StartAsync(options =>
    {
        options.FileHistory = true;
        _options = options;
    });

    public async Task DisposeAsync() => await _host.DisposeAsync();

    [Fact]
    public async Task Instance_Started_HasTheVersionOfHostJsonWithItsCalls()
    {
        Assert.Equal("1.0", await RunAsync("plain", null));
    }

    [Fact]
    public async Task Instance_UnderWayWhenTheAppIsUpgraded_KeepsItsVersion()
    {
        await StartAsync("old", null, waits: true);
        await _host.Durable.WaitForInstanceStartAsync("old");

        await UpgradeAsync("2.0");
        await _host.Durable.RaiseEventAsync("old", "go");

        Assert.Equal("1.0", await EndAsync("old"));
        Assert.Equal("2.0", await RunAsync("new", null));
    }

    [Fact]
    public async Task Instance_OfANewerVersion_WaitsForCodeThatKnowsIt()
    {
        await StartAsync("newer", "2.0");
        for (int i = 0; i < 5; i++)
        {
            Assert.Equal("1.0", await RunAsync($"current-{i}", null));
        }

        // No turn of it was taken: it has not begun, and its body has not been called.
        Assert.Equal(OrchestrationRuntimeStatus.Pending, (await _host.Durable.GetInstanceAsync("newer"))!.RuntimeStatus);
        Assert.DoesNotContain(_runs, run => run.Id == "newer");

        await UpgradeAsync("2.0");

        Assert.Equal("2.0", await EndAsync("newer"));
    }

    [Fact]
    public async Task Instance_OfBeforeThereWereVersions_RunsOn()
    {
        await UpgradeAsync("");
        await StartAsync("unversioned", null, waits: true);
        await _host.Durable.WaitForInstanceStartAsync("unversioned");

        await UpgradeAsync("1.0");
        await _host.Durable.RaiseEventAsync("unversioned", "go");

        Assert.Equal("", await EndAsync("unversioned"));
    }

    private async Task UpgradeAsync(string version)
    {
        await _host.Host.StopAsync();
        _options.HostJson[VersionKey] = version;
        await _host.Host.StartAsync();
    }

    private async Task<string> RunAsync(string id, string? version)
    {
        await StartAsync(id, version);
        return await EndAsync(id);
    }

    private async Task StartAsync(string id, string? version, bool waits = false)
    {
        _host.Stores.Bodies[id] = async context =>
        {
            _runs.Enqueue((id, context.Version));
            await context.CallActivityAsync("UnparkWorkflow", id);
            if (waits)
            {
                await context.WaitForExternalEvent<object>("go");
            }

            return context.Version;
        };
        var options = new StartOrchestrationOptions(id);
        await _host.Durable.ScheduleNewOrchestrationInstanceAsync(
            "TestWorkflow", TaskValue.Null, version is null ? options : options with { Version = new TaskVersion(version) });
    }

    private async Task<string> EndAsync(string id)
    {
        OrchestrationMetadata end = await _host.EndAsync(id);
        Assert.Equal(OrchestrationRuntimeStatus.Completed, end.RuntimeStatus);
        return end.ReadOutputAs<string>()!;
    }
}
