using DurableTask.Core;

namespace Chard.DurableTask.Sqlite.Tests;

public sealed class FaultTests : IDisposable
{
    private readonly Store store = new(onFile: false);
    private readonly EngineFaults faults = new();

    public void Dispose() => store.Dispose();

    [Fact]
    public async Task ResultDeliveredTwice_CountsOnce()
    {
        faults.DeliverTwice("double", 3);
        var code = CrashPrograms.Make();
        await using var hub = await Hub.StartAsync(store.Options(faults), code);

        Assert.Equal("\"80\"", (await hub.RunAsync("Chain", "x", "5")).Output);
        Assert.Equal(4, code.Begun("Double"));
        Assert.Equal(
            7, (await hub.Engine.GetHistoryAsync("x"))
                .Count(happened => happened.EventType == global::DurableTask.Core.History.EventType.TaskCompleted));
    }

    [Fact]
    public async Task LostResult_RunsTheActivityAgain()
    {
        faults.LoseResult("Double", 2);
        var code = CrashPrograms.Make();
        await using var hub = await Hub.StartAsync(store.Options(faults), code);

        Assert.Equal("\"80\"", (await hub.RunAsync("Chain", "x", "5")).Output);
        Assert.Equal(6, code.Begun("Double"));
    }

    [Fact]
    public async Task CrashedEngine_TellsItsCallers_AndChangesNothingMore()
    {
        faults.CrashBeforeCommit(1);
        await using (var hub = await Hub.StartAsync(store.Options(faults), CrashPrograms.Make()))
        {
            var waiting = hub.EndAsync("x");
            await Assert.ThrowsAsync<EngineCrashedException>(() => hub.StartAsync("Chain", "x", "1"));
            await faults.Crashed;
            await Assert.ThrowsAsync<EngineCrashedException>(() => hub.StateAsync("x"));
            await Assert.ThrowsAsync<EngineCrashedException>(() => waiting);
        }

        await using var second = await Hub.StartAsync(store.Options(), CrashPrograms.Make());
        Assert.Null(await second.StateAsync("x"));
    }

    [Fact]
    public async Task Commits_AreCounted_ReadsAreNot()
    {
        await using var hub = await Hub.StartAsync(store.Options(faults), CrashPrograms.Make());
        await hub.RunAsync("Chain", "x", "1");
        await hub.UntilAsync(async () => await hub.StateAsync("x") is not null && faults.Commits >= 6, "the turns are counted");
        var commits = faults.Commits;

        await hub.StateAsync("x");
        await hub.Engine.GetHistoryAsync("x");

        Assert.Equal(commits, faults.Commits);
    }

    [Fact]
    public async Task InstancesThatWait_LeaveMemory_AndComeBack()
    {
        var options = store.Options();
        options.MaxCachedCharacters = 20_000;
        await using var hub = await Hub.StartAsync(options, BothCode.Make());
        await Task.WhenAll(Enumerable.Range(0, 200).Select(i => hub.StartAsync("Listen", $"x{i}", "2")));
        await Task.WhenAll(Enumerable.Range(0, 200).Select(i => hub.RaiseAsync($"x{i}", "e", "a")));
        await hub.UntilAsync(() => Task.FromResult(hub.Engine.IsIdle), "all wait");
        Assert.InRange(hub.Engine.LoadedInstances, 1, 40);

        await Task.WhenAll(Enumerable.Range(0, 200).Select(i => hub.RaiseAsync($"x{i}", "e", $"{i}")));

        for (var i = 0; i < 200; i++)
        {
            Assert.Equal($"\"a,{i}\"", (await hub.EndAsync($"x{i}")).Output);
        }

        await hub.UntilAsync(() => Task.FromResult(hub.Engine.LoadedInstances == 0), "nothing stays of what has ended");
    }

    [Fact]
    public async Task IdleSession_EndsWhenTheWorkerStops()
    {
        var options = store.Options();
        options.ExtendedSessionIdleTimeout = TimeSpan.FromHours(1);
        await using var hub = await Hub.StartAsync(options, BothCode.Make());
        await hub.StartAsync("Listen", "x", "2");
        await hub.RaiseAsync("x", "e", "1");
        await hub.UntilAsync("x", OrchestrationStatus.Running);

        await hub.Worker.StopAsync(isForced: false);
        var second = new TaskHubWorker(hub.Service) { ErrorPropagationMode = ErrorPropagationMode.UseFailureDetails };
        BothCode.Make().AddTo(second);
        await second.StartAsync();
        await hub.RaiseAsync("x", "e", "2");

        Assert.Equal("\"1,2\"", (await hub.EndAsync("x")).Output);
        await second.StopAsync(isForced: true);
    }
}
