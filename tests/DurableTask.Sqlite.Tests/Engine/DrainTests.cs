using DurableTask.Core;

namespace Chard.DurableTask.Sqlite.Tests;

/// <summary>An engine whose host stops: what workers have is committed, and they are given nothing more.</summary>
public sealed class DrainTests : IDisposable
{
    private readonly Store store = new(onFile: false);
    private readonly TaskCompletionSource begun = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource gate = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly Code code;

    public DrainTests() => code = new Code()
        .Activity("Wait", async input =>
        {
            begun.TrySetResult();
            await gate.Task;
            return input;
        })
        .Orchestration("Twice", async (flow, input) => await flow.CallAsync("Wait", await flow.CallAsync("Wait", input)));

    public void Dispose() => store.Dispose();

    [Fact]
    public async Task Drain_WaitsForWhatRuns_CommitsIt_AndBeginsNothing()
    {
        await using (var hub = await Hub.StartAsync(store.Options(), code))
        {
            await hub.StartAsync("Twice", "x", "1");
            await begun.Task.WaitAsync(Hub.Patience);
            var drained = hub.Engine.DrainAsync();
            await hub.StartAsync("Twice", "late", "2");

            Assert.False(drained.IsCompleted);
            gate.SetResult();
            await drained.WaitAsync(Hub.Patience);
            await hub.Engine.DrainAsync();

            Assert.Equal(OrchestrationStatus.Pending, (await hub.StateAsync("late"))?.OrchestrationStatus);
            Assert.Equal(1, code.Begun("Wait"));
        }

        await using var next = await Hub.StartAsync(store.Options(), code);
        Assert.Equal("\"1\"", (await next.EndAsync("x")).Output);
        Assert.Equal("\"2\"", (await next.EndAsync("late")).Output);
        Assert.Equal(4, code.Begun("Wait"));
    }

    [Fact]
    public async Task Drain_EndsSessionsThatWait()
    {
        var options = store.Options();
        options.ExtendedSessionIdleTimeout = TimeSpan.FromHours(1);
        await using var hub = await Hub.StartAsync(options, BothCode.Make());
        await hub.StartAsync("Listen", "x", "1");
        await hub.UntilAsync("x", OrchestrationStatus.Running);

        await hub.Engine.DrainAsync().WaitAsync(Hub.Patience);
    }

    [Fact]
    public async Task Drain_OfAnEngineThatHasCrashed_WaitsForNobody()
    {
        var faults = new EngineFaults();
        await using var hub = await Hub.StartAsync(store.Options(faults), code);
        await hub.StartAsync("Twice", "x", "1");
        await begun.Task.WaitAsync(Hub.Patience);
        faults.Crash();
        await Assert.ThrowsAsync<EngineCrashedException>(() => hub.StartAsync("Twice", "y", "2"));

        await hub.Engine.DrainAsync().WaitAsync(Hub.Patience);
        gate.SetResult();
    }
}
