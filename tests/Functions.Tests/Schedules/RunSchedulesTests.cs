using System.Text.Json;
using Chard.Domain.Workflows;
using Chard.Functions.Tests.Storage;
using Chard.Testing;

namespace Chard.Functions.Tests.Schedules;

/// <summary>The app with a schedule, as time goes by.</summary>
public sealed class RunSchedulesTests(AzuriteStorage storage) : IClassFixture<AzuriteStorage>
{
    private static readonly DateTimeOffset Start = new(2026, 6, 1, 0, 0, 30, TimeSpan.Zero);

    private readonly string _name = ScheduleHost.NewName();

    public static TheoryData<int, string> CallsAndFaults
    {
        get
        {
            var data = new TheoryData<int, string>();
            foreach (int call in (int[])[0, 1, 2, 3])
            {
                data.Add(call, "away");
                data.Add(call, "answer lost");
            }

            return data;
        }
    }

    [Fact]
    [Trait("Category", "Soak")]
    public async Task Run_ADayOfTicks_StartsEachOnce()
    {
        // Storage may be slower than skipped time: what is then late is caught up.
        await using FunctionsTestHost host = await ScheduleHost.StartAsync(storage.Account, _name, "*/30 * * * *", Start, "all");
        await host.Time!.AdvanceAsync(TimeSpan.FromDays(1));
        await UntilHandledAsync(host, "000000");

        string[] expected =
            [.. Enumerable.Range(1, 48).Select(i => $"{_name}-{Start.AddSeconds(-30).AddMinutes(30 * i):yyyyMMdd'T'HHmmss'Z'}")];
        await Eventually.TrueAsync("all ticks have run", () => ScheduleHost.RunsOf(_name).Length >= expected.Length);
        Assert.Equal(expected, ScheduleHost.RunsOf(_name).Order(StringComparer.Ordinal));
        WorkflowState state = await ScheduleHost.CompletedAsync(host, expected[0]);
        Assert.Equal("tests", state.Owner);
        Assert.Equal(["kind=test", "schedule=" + _name], state.Stamps);
        JsonElement shown = await ScheduleHost.ShowAsync(host, _name);
        Assert.Equal(expected[^1], shown.GetProperty("last").GetProperty("workflowId").GetString());
        Assert.Equal(0, shown.GetProperty("missed").GetInt32());
    }

    [Fact]
    public async Task Run_NothingDue_TouchesNoStorage()
    {
        await using FunctionsTestHost host = await ScheduleHost.StartAsync(storage.Account, _name, "0 * * * *", Start);
        await host.Time!.AdvanceAsync(TimeSpan.FromSeconds(10));
        host.Storage.Clear();
        await host.Time.AdvanceAsync(TimeSpan.FromMinutes(50));
        Assert.DoesNotContain(host.Storage.Calls, IsOfSchedules);

        await host.Time.AdvanceAsync(TimeSpan.FromMinutes(10));
        await Eventually.TrueAsync("the tick is handled", () => host.Storage.Count(IsOfSchedules) >= 2);
        Assert.Equal(["GET", "PUT"], host.Storage.Calls.Where(IsOfSchedules).Select(c => c.Method));
    }

    [Theory]
    [InlineData("none", "00:00 05:00", 4)]
    [InlineData("last", "00:00 04:00 05:00", 3)]
    [InlineData("all", "00:00 01:00 02:00 03:00 04:00 05:00", 0)]
    public async Task Run_HostWasDown_CatchesUpByThePolicy(string catchUp, string ran, int missed)
    {
        await using (FunctionsTestHost first = await StartAsync(Start.AddMinutes(-1)))
        {
            await first.Time!.AdvanceAsync(TimeSpan.FromMinutes(1));
            await Eventually.TrueAsync("the first tick has run", () => ScheduleHost.RunsOf(_name).Length == 1);
        }

        // A few seconds after a tick, and long after others: to "none" all of them are past.
        await using FunctionsTestHost second = await StartAsync(Start.AddHours(4).AddSeconds(-25));
        await UntilAsync(second, "what was missed is handled", shown =>
            shown.GetProperty("missed").GetInt32() == missed && (catchUp == "none"
                || shown.GetProperty("last").GetProperty("workflowId").GetString()!.EndsWith("T040000Z", StringComparison.Ordinal)));
        await second.Time!.AdvanceAsync(Start.AddHours(5).AddSeconds(-30) - second.Time.GetUtcNow());
        await UntilHandledAsync(second, "050000");

        await Eventually.TrueAsync(
            "the ticks have run", () => ScheduleHost.Times(_name, ScheduleHost.RunsOf(_name).Order(StringComparer.Ordinal)) == ran);
        Assert.Equal(missed, (await ScheduleHost.ShowAsync(second, _name)).GetProperty("missed").GetInt32());

        // To "none" a tick is on time for ten seconds, so looks must come more often than a skipping clock lets them.
        Task<FunctionsTestHost> StartAsync(DateTimeOffset now) => ScheduleHost.StartAsync(
            storage.Account, _name, "0 * * * *", now, catchUp, options => options.TimerPace = TimeSpan.FromSeconds(4));
    }

    [Fact]
    public async Task Run_CrashBetweenStartAndRow_StartsTheTickOnce()
    {
        await using FunctionsTestHost host = await ScheduleHost.StartAsync(storage.Account, _name, "0 * * * *", Start);
        await host.Time!.AdvanceAsync(TimeSpan.FromSeconds(10));
        host.Storage.Fail(c => IsOfSchedules(c) && c.Method == "PUT", StorageFault.Busy, times: 1_000);
        await host.Time.AdvanceAsync(TimeSpan.FromHours(1));
        await Eventually.TrueAsync("the tick has run", () => ScheduleHost.RunsOf(_name).Length == 1);
        await host.CrashAsync();
        host.Storage.Heal();
        await host.StartAsync();

        await UntilHandledAsync(host, "010000");
        Assert.Single(ScheduleHost.RunsOf(_name));
        Assert.Equal(0, (await ScheduleHost.ShowAsync(host, _name)).GetProperty("missed").GetInt32());
    }

    [Theory]
    [Trait("Category", "Soak")]
    [MemberData(nameof(CallsAndFaults))]
    public async Task Run_FaultAtEveryCallInTurn_StartsTheTickOnce(int call, string fault)
    {
        await using FunctionsTestHost host = await ScheduleHost.StartAsync(storage.Account, _name, "0 * * * *", Start, "all");
        await host.Time!.AdvanceAsync(TimeSpan.FromSeconds(10));
        host.Storage.Clear();

        // Away for longer than the client tries, so that the look fails; or done and its answer lost, so that it is done again.
        host.Storage.Fail(
            c => c.Service == StorageService.Table, fault == "away"
                ? StorageFault.Busy : StorageFault.NoAnswer with { IsApplied = true }, fault == "away" ? 4 : 1, call);
        await host.Time.AdvanceAsync(TimeSpan.FromHours(1));

        await UntilHandledAsync(host, "010000");
        await Eventually.TrueAsync("the tick has run", () => ScheduleHost.RunsOf(_name).Length >= 1);
        Assert.Single(ScheduleHost.RunsOf(_name));
        Assert.Contains(host.Storage.Calls, c => c.IsFaulted);
    }

    [Fact]
    public async Task Run_TwoHostsOnOneStorage_StartEachTickOnce()
    {
        await using FunctionsTestHost one = await ScheduleHost.StartAsync(storage.Account, _name, "* * * * * *", catchUp: "all");
        await using FunctionsTestHost two = await ScheduleHost.StartAsync(storage.Account, _name, "* * * * * *", catchUp: "all");
        await Eventually.TrueAsync("several ticks have run", () => ScheduleHost.RunsOf(_name).Length >= 8);
        await one.StopAsync();
        int before = ScheduleHost.RunsOf(_name).Length;
        await Eventually.TrueAsync("the other host goes on", () => ScheduleHost.RunsOf(_name).Length > before);
        JsonElement shown = await ScheduleHost.ShowAsync(two, _name);
        await two.StopAsync();

        // No tick twice, and none left out between the first and the last.
        string[] ran = [.. ScheduleHost.RunsOf(_name).Order(StringComparer.Ordinal)];
        Assert.Equal(ran.Distinct(), ran);
        DateTimeOffset[] ticks = [.. ran.Select(id => DateTimeOffset.ParseExact(
            id[(_name.Length + 1)..], "yyyyMMdd'T'HHmmss'Z'", null, System.Globalization.DateTimeStyles.AssumeUniversal))];
        Assert.Equal(Enumerable.Range(0, ticks.Length).Select(i => ticks[0].AddSeconds(i)), ticks);
        Assert.Equal(0, shown.GetProperty("missed").GetInt32());
    }

    private static bool IsOfSchedules(StorageCall call) => call.Path.Contains(AzuriteStorage.Names.ScheduleTable, StringComparison.Ordinal);

    /// <summary>Lets looks pass until the last tick that is remembered is the one of a time.</summary>
    private Task UntilHandledAsync(FunctionsTestHost host, string time) =>
        UntilAsync(host, $"the tick of {time} is remembered", shown =>
            shown.GetProperty("last") is { ValueKind: JsonValueKind.Object } last
                && last.GetProperty("workflowId").GetString()!.EndsWith($"T{time}Z", StringComparison.Ordinal));

    private async Task UntilAsync(FunctionsTestHost host, string what, Func<JsonElement, bool> condition) => await Eventually.SeenAsync(
        what, () => ScheduleHost.ShowAsync(host, _name), condition, between: () => host.Time!.AdvanceAsync(TimeSpan.FromSeconds(2)));
}
