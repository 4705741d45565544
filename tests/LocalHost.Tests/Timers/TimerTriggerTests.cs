using System.Collections.Concurrent;
using Chard.LocalHost.Tests.App;
using Microsoft.Extensions.DependencyInjection;

namespace Chard.LocalHost.Tests.Timers;

public sealed class TimerTriggerTests
{
    [Fact]
    public async Task Schedule_OfSeconds_RunsAgainAndAgainAlsoWhereItThrows()
    {
        await using var host = await StartAsync(typeof(EachSecond), o => o.Setting("SECONDLY", "* * * * * *"));

        await Eventually.TrueAsync(
            "two runs of each", () => Runs(host).Count(name => name == "Ticks") > 1 && Runs(host).Count(name => name == "Throws") > 1);
    }

    [Fact]
    public async Task RunOnStartup_RunsAtTheStart()
    {
        await using var host = await StartAsync(typeof(AtStartup));

        await Eventually.TrueAsync("the run at the start", () => !Runs(host).IsEmpty);
    }

    [Fact]
    public async Task Run_MissedWhileNoHostRan_IsMadeUpForOnceAndSaysSo()
    {
        await using var host = await StartAsync(typeof(Hourly), o =>
        {
            Directory.CreateDirectory(Path.Combine(o.DataFolder, "timers"));
            File.WriteAllText(
                Path.Combine(o.DataFolder, "timers", "Functions.Hourly.json"),
                """{"Last":"2026-01-01T10:00:00","Next":"2026-01-01T11:00:00","LastUpdated":"2026-01-01T10:00:00"}""");
            return o;
        });

        await Eventually.TrueAsync("the missed run", () => !Runs(host).IsEmpty);
        Assert.Equal("Hourly past due, last 2026", Assert.Single(Runs(host)));
    }

    [Fact]
    public async Task Restart_BetweenTwoRuns_RunsNothingExtra()
    {
        await using var host = await StartAsync(typeof(Hourly));
        await host.Host.RunTimerAsync("Hourly");
        var status = Directory.GetFiles(Path.Combine(host.Options.DataFolder, "timers"));
        await using var again = await StartAsync(typeof(Hourly), o => o with { DataFolder = host.Options.DataFolder });

        Assert.Single(Runs(host));
        Assert.Empty(Runs(again));
    }

    [Fact]
    public async Task Function_ThatIsDisabled_IsLeftOut()
    {
        await using var host = await StartAsync(typeof(AtStartup), o => o.Setting("AzureWebJobs.AtStartup.Disabled", "true"));

        Assert.True(Assert.Single(host.Host.Functions).IsDisabled);
        Assert.Empty(Runs(host));
    }

    private static Task<TestedHost> StartAsync(Type functions, Func<FunctionsHostOptions, FunctionsHostOptions>? change = null) =>
        HostApp.StartAsync([functions], change, b => b.Services.AddSingleton<ConcurrentQueue<string>>());

    private static ConcurrentQueue<string> Runs(TestedHost host) => host.Get<ConcurrentQueue<string>>();
}
