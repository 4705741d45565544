using Chard.Testing;

namespace Chard.Bench;

/// <summary>What an app asks of storage while nobody asks anything of it.</summary>
internal static class IdleBenchmark
{
    /// <summary>Until an app just started, or the engine's queues after the last message, are at rest.</summary>
    private static readonly TimeSpan Rest = TimeSpan.FromSeconds(15);

    /// <summary>First of an app that has done nothing yet, then after a workflow, which the sweeps look after for some minutes.</summary>
    public static async IAsyncEnumerable<Figure> RunAsync(BenchOptions options, int seconds)
    {
        using StorageAccount account = await StorageAccount.OpenAsync();
        await using BenchHost host = await BenchHost.StartAsync(Shapes.App, options, account);
        foreach (string name in new[] { "idle", "idle.after-work" })
        {
            if (name != "idle")
            {
                await new AppClient(host.Client).RunAsync(Shapes.Group(10));
            }

            await Task.Delay(Rest);
            var meter = new Meter(host, account);
            await Task.Delay(TimeSpan.FromSeconds(seconds));
            meter.Stop();
            foreach (Figure figure in StorageCost.Of(name, seconds, "second", meter, options)
                .Concat(ShapeBenchmark.CpuOf(name, seconds, "second", [meter])))
            {
                yield return figure;
            }
        }
    }
}
