using Chard.Emulator.DurableTask;
using Microsoft.DurableTask;
using Microsoft.DurableTask.Client;

namespace Chard.Emulator.Tests.Engine;

/// <summary>
/// Crashes at every commit in turn, before and after it, and holds the outcome against that of a run without a crash.
/// </summary>
public sealed class CrashTests
{
    public static TheoryData<string, bool> Programs
    {
        get
        {
            var data = new TheoryData<string, bool>();
            foreach (var name in new[] { "Chain", "FanOut", "Retries", "Children", "Loop" })
            {
                data.Add(name, false);
                data.Add(name, true);
            }

            return data;
        }
    }

    [Theory]
    [MemberData(nameof(Programs))]
    public async Task CrashAtEveryCommit_ConvergesToTheSameResult(string program, bool after)
    {
        var expected = await RunAsync(program, null);
        Assert.Equal(OrchestrationRuntimeStatus.Completed, expected.Status);

        var crashes = 0;
        for (var commit = 1; ; commit++)
        {
            var faults = new EngineFaults();
            if (after)
            {
                faults.CrashAfterCommit(commit);
            }
            else
            {
                faults.CrashBeforeCommit(commit);
            }

            var (status, output, crashed) = await RunAsync(program, faults);
            Assert.True(expected.Output == output && status == expected.Status, $"Crash {(after ? "after" : "before")} commit {commit}: {status} {output} instead of {expected.Output}.");
            if (!crashed)
            {
                break;
            }

            crashes++;
        }

        // Every program has a start, turns and an end to crash at.
        Assert.True(crashes >= 4, $"Only {crashes} commits.");
    }

    private static async Task<(OrchestrationRuntimeStatus Status, string? Output, bool Crashed)> RunAsync(string program, EngineFaults? faults)
    {
        await using var test = new EngineUnderTest(CrashPrograms.Functions());
        await test.StartEngineAsync(faults);
        var crashed = false;

        // As a caller would: whatever it does not know to be durable it does again, under the same id.
        await TryAsync(() => StartAsync(test.Client, program));
        foreach (var step in CrashPrograms.EventsOf(program))
        {
            await TryAsync(() => step(test.Client));
        }

        OrchestrationMetadata? ended = null;
        await TryAsync(async () => ended = await test.EndAsync("root"));
        return (ended!.RuntimeStatus, ended.SerializedOutput, crashed);

        async Task TryAsync(Func<Task> call)
        {
            try
            {
                await call();
            }
            catch (DurableEngineCrashedException)
            {
                Assert.False(crashed);
                crashed = true;
                await faults!.Crashed.WaitAsync(TimeSpan.FromSeconds(10));
                await test.StartEngineAsync();
                await call();
            }
        }
    }

    private static async Task StartAsync(DurableTaskClient client, string program)
    {
        if (await client.GetInstanceAsync("root") is null)
        {
            await client.ScheduleNewOrchestrationInstanceAsync(program, 5, new StartOrchestrationOptions("root"));
        }
    }
}
