using DurableTask.Core;

namespace Chard.DurableTask.Sqlite.Tests;

/// <summary>Crashes at every commit in turn, before and after it, and holds the outcome against that of a run without a crash.</summary>
public sealed class CrashTests
{
    public static TheoryData<string, bool, bool> Programs
    {
        get
        {
            var data = new TheoryData<string, bool, bool>();
            foreach (var name in CrashPrograms.Names)
            {
                data.Add(name, false, name is "Chain");
                data.Add(name, true, name is "Children");
            }

            return data;
        }
    }

    [Theory]
    [MemberData(nameof(Programs))]
    public async Task CrashAtEveryCommit_ConvergesToTheSameResult(string program, bool after, bool onFile)
    {
        var expected = await RunAsync(program, null, onFile);
        Assert.Equal(OrchestrationStatus.Completed, expected.Status);

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

            var outcome = await RunAsync(program, faults, onFile);
            Assert.True(
                outcome == expected with { Crashed = outcome.Crashed },
                $"Crash {(after ? "after" : "before")} commit {commit}: {outcome} instead of {expected}.");
            if (!outcome.Crashed)
            {
                break;
            }

            crashes++;
        }

        // Every program has a start, a turn and an end to crash at; what comes at one moment on a slow machine shares a turn.
        Assert.True(crashes >= 3, $"Only {crashes} commits.");
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task RandomPrograms_CrashedAtRandom_GiveWhatPlainEvaluationGives(bool sessions)
    {
        var random = new Random(7);
        foreach (var program in FsCheck.Fluent.Gen.Sample(Tests.Programs.Arbitrary.Generator, 40, 25))
        {
            using var store = new Store(onFile: false);
            var faults = new EngineFaults();
            if (random.Next(2) == 0)
            {
                faults.CrashAfterCommit(random.Next(1, 40));
            }
            else
            {
                faults.CrashBeforeCommit(random.Next(1, 40));
            }

            await using var restarted = new Restarted(store, faults, BothCode.Make, sessions);
            await restarted.StartAsync("Program", Tests.Programs.Write(program));

            // More events than any program takes, all alike: it does not matter which of them a crash doubles.
            for (var i = 0; i < Tests.Programs.MostEvents; i++)
            {
                await restarted.TryAsync(hub => hub.RaiseAsync("root", "e", "7"));
            }

            var ended = await restarted.EndAsync();
            var (expected, output) = (Tests.Programs.Evaluate(program), ended.Output.Trim('"'));
            Assert.True(output == expected, $"{output} instead of {expected}: {Tests.Programs.Write(program)}");
        }
    }

    private static async Task<Outcome> RunAsync(string program, EngineFaults? faults, bool onFile)
    {
        using var store = new Store(onFile);
        await using var restarted = new Restarted(store, faults, CrashPrograms.Make, sessions: false);
        await restarted.StartAsync(program, "5");
        for (var i = 0; i < CrashPrograms.EventsOf(program); i++)
        {
            await restarted.TryAsync(hub => hub.RaiseAsync("root", "go", $"{i}"));
        }

        var ended = await restarted.EndAsync();
        return new Outcome(ended.OrchestrationStatus, ended.Output, restarted.Crashed);
    }

    private sealed record Outcome(OrchestrationStatus Status, string? Output, bool Crashed);

    /// <summary>A hub whose engine crashes once; its caller does again, under the same id, what it does not know to be durable.</summary>
    private sealed class Restarted(Store store, EngineFaults? faults, Func<Code> code, bool sessions) : IAsyncDisposable
    {
        private Hub? hub;

        public bool Crashed { get; private set; }

        public Task StartAsync(string program, string input) => TryAsync(async current =>
        {
            if (await current.StateAsync("root") is null)
            {
                await current.StartAsync(program, "root", input);
            }
        });

        public async Task<OrchestrationState> EndAsync()
        {
            OrchestrationState? ended = null;
            await TryAsync(async current => ended = await current.EndAsync("root"));
            return ended!;
        }

        public async Task TryAsync(Func<Hub, Task> call)
        {
            try
            {
                hub ??= await OpenAsync(faults);
                await call(hub);
            }
            catch (EngineCrashedException) when (!Crashed)
            {
                Crashed = true;
                await faults!.Crashed.WaitAsync(Hub.Patience);
                if (hub is not null)
                {
                    await hub.DisposeAsync();
                }

                hub = await OpenAsync(null);
                await call(hub);
            }
        }

        public async ValueTask DisposeAsync()
        {
            if (hub is not null)
            {
                await hub.DisposeAsync();
            }
        }

        private Task<Hub> OpenAsync(EngineFaults? with)
        {
            var options = store.Options(with);
            options.ExtendedSessionIdleTimeout = sessions ? TimeSpan.FromSeconds(5) : TimeSpan.Zero;
            return Hub.StartAsync(options, code());
        }
    }
}
