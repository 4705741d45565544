namespace Chard.DurableTask.Sqlite.Tests;

/// <summary>Many random programs at once, on a file that is crashed and opened again under them.</summary>
[Trait("Category", "Soak")]
public sealed class SoakTests
{
    [Fact]
    public async Task RandomPrograms_ThroughTwentyCrashes_GiveWhatPlainEvaluationGives()
    {
        using var store = new Store(onFile: true);
        var programs = FsCheck.Fluent.Gen.Sample(Programs.Arbitrary.Generator, 400, 40).ToList();
        var random = new Random(11);
        var crashes = 0;
        for (var next = 0; ;)
        {
            var faults = new EngineFaults();
            if (crashes < 20)
            {
                faults.CrashAfterCommit(random.Next(50, 200));
            }

            var options = store.Options(faults);
            options.MaxCachedCharacters = random.Next(2) * 64_000_000;
            options.ExtendedSessionIdleTimeout = TimeSpan.FromSeconds(random.Next(2));
            await using var hub = await Hub.StartAsync(options, BothCode.Make());
            try
            {
                for (; next < programs.Count; next++)
                {
                    if (await hub.StateAsync($"p{next}") is null)
                    {
                        await hub.StartAsync("Program", $"p{next}", Programs.Write(programs[next]));
                    }

                    for (var i = 0; i < Programs.MostEvents; i++)
                    {
                        await hub.RaiseAsync($"p{next}", "e", "7");
                    }
                }

                for (var i = 0; i < programs.Count; i++)
                {
                    var output = (await hub.EndAsync($"p{i}")).Output.Trim('"');
                    Assert.True(output == Programs.Evaluate(programs[i]), $"{output}: {Programs.Write(programs[i])}");
                }

                Assert.Equal(20, crashes);
                return;
            }
            catch (EngineCrashedException)
            {
                crashes++;
                await faults.Crashed;
            }
        }
    }
}
