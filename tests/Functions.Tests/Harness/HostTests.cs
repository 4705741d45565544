using Azure.Data.Tables;
using Azure.Storage.Queues;
using Chard.Testing;
using Grpc.Core;
using Microsoft.DurableTask;
using Microsoft.DurableTask.Client;
using Microsoft.Extensions.DependencyInjection;

namespace Chard.Functions.Tests.Harness;

public sealed class HostTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);

    [Fact]
    public async Task EngineCrash_AtEachCommit_ConvergesAfterRestart()
    {
        for (int commit = 1; commit <= 4; commit++)
        {
            await using FunctionsTestHost host = await HarnessApp.StartAsync();
            host.Faults.CrashAfterCommit(commit);
            try
            {
                await host.Durable.ScheduleNewOrchestrationInstanceAsync("HarnessSteps", new StartOrchestrationOptions("s"));
            }
            catch (RpcException)
            {
                // The start was committed and nobody was told.
            }

            await host.Faults.Crashed.WaitAsync(Patience);
            await host.CrashAndRestartAsync();

            OrchestrationMetadata done = await host.Durable.WaitForInstanceCompletionAsync("s", true).WaitAsync(Patience);
            Assert.Equal("1 2", done.ReadOutputAs<string>());
        }
    }

    [Fact]
    public async Task Stop_AndStart_GoesOnWithTheSameInstances()
    {
        await using FunctionsTestHost host = await HarnessApp.StartAsync(o => o.FileHistory = true);
        await host.Durable.ScheduleNewOrchestrationInstanceAsync("HarnessHungry", new StartOrchestrationOptions("s"));
        Uri before = host.Http.BaseAddress!;

        await host.RestartAsync();

        await host.Durable.RaiseEventAsync("s", "food", "fed");
        Assert.Equal("fed", (await host.Durable.WaitForInstanceCompletionAsync("s", true).WaitAsync(Patience)).ReadOutputAs<string>());
        Assert.NotEqual(before, host.Http.BaseAddress);
    }

    [Fact]
    public async Task Crash_AtAStorageCall_LeavesWhatWasWrittenBefore()
    {
        await using FunctionsTestHost host = await StartTriggersAsync();
        HarnessTriggers.Gate.TrySetResult();
        var killed = new TaskCompletionSource<Task>();
        host.Storage.Fail(c => c.Method == "POST" && c.Path == "rows", StorageFault.NoAnswer with
        {
            First = async _ =>
            {
                Task crash = host.CrashAsync();
                killed.SetResult(crash);
                await crash;
            },
        });

        await Assert.ThrowsAnyAsync<Exception>(async () => (await host.Http.PostAsync("/api/save/1", null)).EnsureSuccessStatusCode());
        await await killed.Task.WaitAsync(Patience);
        await host.StartAsync();

        var table = new TableClient(host.StorageConnectionString, "rows");
        Assert.Empty(table.Query<TableEntity>());
        (await host.Http.PostAsync("/api/save/1", null)).EnsureSuccessStatusCode();
        Assert.Single(table.Query<TableEntity>());
    }

    [Fact]
    public async Task Crash_CodeThatRunsOn_ReachesStorageNoMore()
    {
        await using FunctionsTestHost host = await StartTriggersAsync();
        HarnessTriggers.Gate = new();
        HarnessNotes notes = host.Services.GetRequiredService<HarnessNotes>();
        Task<HttpResponseMessage> call = host.Http.PostAsync("/api/save/1", null);
        await Eventually.TrueAsync("the function runs", () => notes.All.Any(n => n.What == "saving"));

        Task crash = host.CrashAsync();
        HarnessTriggers.Gate.SetResult();
        await crash;
        await Assert.ThrowsAnyAsync<Exception>(async () => (await call).EnsureSuccessStatusCode());
        await host.StartAsync();

        Assert.DoesNotContain(notes.All, n => n.What == "saved");
        Assert.Empty(new TableClient(host.StorageConnectionString, "rows").Query<TableEntity>());
    }

    [Fact]
    public async Task Calls_OfTheHost_AreNotTheApps()
    {
        await using FunctionsTestHost host = await StartTriggersAsync();
        await host.Durable.ScheduleNewOrchestrationInstanceAsync("HarnessHungry", new StartOrchestrationOptions("s"));

        await SendAsync(host, "s");

        Assert.Equal("fed", (await host.Durable.WaitForInstanceCompletionAsync("s", true).WaitAsync(Patience)).ReadOutputAs<string>());
        Assert.Contains(host.Account.Host.Calls, c => c is { Service: StorageService.Queue, Method: "GET", Path: "food/messages" });
        Assert.DoesNotContain(host.Storage.Calls, c => c.Method == "GET");
    }

    [Fact]
    public async Task Dispose_Twice_IsTheSameAsOnce()
    {
        FunctionsTestHost host = await HarnessApp.StartAsync();
        await host.DisposeAsync();

        await host.DisposeAsync();

        Assert.Throws<InvalidOperationException>(() => host.Http);
    }

    [Fact]
    public async Task EntryPoint_ThatThrowsOrBuildsNothing_IsTheFailureOfTheStart()
    {
        var thrown = await Assert.ThrowsAsync<TimeZoneNotFoundException>(() => FunctionsTestHost.StartAsync(
            _ => throw new TimeZoneNotFoundException("by the app"), typeof(HostTests).Assembly, o => o.UseStorage = false));
        var nothing = await Assert.ThrowsAsync<LocalHost.StartException>(() => FunctionsTestHost.StartAsync(
            _ => Task.CompletedTask, typeof(HostTests).Assembly, o => o.UseStorage = false));

        Assert.Equal("by the app", thrown.Message);
        Assert.Contains("ended before it was ready", nothing.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Hosts_SeveralAtOnce_KnowNothingOfEachOther()
    {
        await using FunctionsTestHost one = await HarnessApp.StartAsync(o => o.Settings["WHO"] = "one");
        await using FunctionsTestHost two = await HarnessApp.StartAsync(o => o.Settings["WHO"] = "two");

        await one.Durable.ScheduleNewOrchestrationInstanceAsync("HarnessSteps", new StartOrchestrationOptions("same"));

        Assert.Equal("one", await one.Http.GetStringAsync("/api/who"));
        Assert.Equal("two", await two.Http.GetStringAsync("/api/who"));
        Assert.Null(await two.Durable.GetInstanceAsync("same"));
    }

    [Fact]
    public async Task ForcedReplay_OfEveryTurn_FindsCodeThatIsNotDeterministic()
    {
        await using FunctionsTestHost host = await HarnessApp.StartAsync(o => o.ForceReplay = true);

        string id = await host.Durable.ScheduleNewOrchestrationInstanceAsync("HarnessFickle");
        OrchestrationMetadata done = await host.Durable.WaitForInstanceCompletionAsync(id, true).WaitAsync(Patience);

        Assert.Equal(OrchestrationRuntimeStatus.Failed, done.RuntimeStatus);
        Assert.Contains("NonDeterministic", done.FailureDetails!.ErrorType, StringComparison.Ordinal);
    }

    [Fact]
    public async Task StandIn_IsServedByTheNameItStandsInFor()
    {
        await using FunctionsTestHost host = await HarnessApp.StartAsync(
            o => o.FunctionTypes = [typeof(HarnessStandIn), typeof(HarnessSteps)]);

        string id = await host.Durable.ScheduleNewOrchestrationInstanceAsync("HarnessSteps");

        Assert.Equal("1! 2!", (await host.Durable.WaitForInstanceCompletionAsync(id, true).WaitAsync(Patience)).ReadOutputAs<string>());
    }

    internal static async Task SendAsync(FunctionsTestHost host, string text)
    {
        var queue = new QueueClient(host.StorageConnectionString, "food");
        await queue.CreateIfNotExistsAsync();
        await queue.SendMessageAsync(text);
    }

    private static Task<FunctionsTestHost> StartTriggersAsync() => HarnessApp.StartAsync(options =>
    {
        options.UseStorage = true;
        options.FunctionTypes = [typeof(HarnessFlows), typeof(HarnessTriggers)];
    });
}
