using Chard.Emulator.DurableTask;
using FsCheck;
using FsCheck.Fluent;
using FsCheck.Xunit;
using Microsoft.DurableTask;
using Microsoft.DurableTask.Client;

namespace Chard.Emulator.Tests.Engine;

/// <summary>
/// Random orchestration programs give the same result whether instances live in memory, every turn is replayed, instances are dropped
/// from memory at random, or the engine crashes in the middle.
/// </summary>
public sealed class ProgramTests
{
    [Property(MaxTest = 60)]
    public Property RandomProgram_HoweverItIsRun_GivesTheSameResult() =>
        Prop.ForAll(Programs.Arbitrary, Gen.Choose(1, 25).ToArbitrary(), (program, commit) =>
        {
            var cached = Run(program, null, null);
            var replayed = Run(program, options => options.ForceReplay = true, null);
            var evicted = Run(program, options => options.MaxCachedInstances = 0, null);
            var before = new EngineFaults();
            before.CrashBeforeCommit(commit);
            var after = new EngineFaults();
            after.CrashAfterCommit(commit);
            var results = new[] { cached, replayed, evicted, Run(program, null, before), Run(program, null, after) };
            return results.All(result => result == cached).Label($"{program}\n{string.Join('\n', results)}");
        });

    private static string Run(Step program, Action<DurableEngineOptions>? configure, EngineFaults? faults) =>
        RunAsync(program, configure, faults).GetAwaiter().GetResult();

    private static async Task<string> RunAsync(Step program, Action<DurableEngineOptions>? configure, EngineFaults? faults)
    {
        var functions = new TestFunctions()
            .Activity<int, int>("Work", x => x + 1)
            .Activity<int, int>("Fail", int (x) => throw new TimeoutException($"f{x}"))
            .Orchestrator("Program", context => Programs.RunWholeAsync(program, context));
        await using var test = new EngineUnderTest(functions, configure);
        await test.StartEngineAsync(faults);
        var retried = false;
        await TryAsync(async () =>
        {
            if (await test.Client.GetInstanceAsync("root") is null)
            {
                await test.Client.ScheduleNewOrchestrationInstanceAsync("Program", null, new StartOrchestrationOptions("root"));
            }
        });

        // More events than any program takes, all alike: it does not matter which of them a crash doubles.
        for (var i = 0; i < Programs.MostEvents; i++)
        {
            await TryAsync(() => test.Client.RaiseEventAsync("root", "e", 7));
        }

        OrchestrationMetadata? ended = null;
        await TryAsync(async () => ended = await test.EndAsync("root"));
        return $"{ended!.RuntimeStatus} {ended.SerializedOutput}";

        async Task TryAsync(Func<Task> call)
        {
            try
            {
                await call();
            }
            catch (DurableEngineCrashedException) when (!retried)
            {
                retried = true;
                await test.StartEngineAsync();
                await call();
            }
        }
    }
}
