using System.Collections.Concurrent;
using Chard.Domain.Workflows;
using Chard.Functions.Tests.Api;
using Chard.Functions.Tests.Storage;
using Chard.Platform;
using Chard.Schedules;
using Chard.Starts;
using Microsoft.DurableTask.Client;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;
using Moq;

namespace Chard.Functions.Tests.Schedules;

/// <summary>What a look does, on real rows and with a starter that keeps account.</summary>
[Collection(AzuriteStorageTests.Name)]
public sealed class ScheduleRunnerTests : IAsyncLifetime
{
    private readonly FakeTimeProvider _time = new(TestTime.Begin);
    private readonly TableScheduleStore _store;
    private readonly string _name = ScheduleHost.NewName();
    private readonly AzuriteStorage _storage;
    private readonly ConcurrentQueue<string> _started = new();
    private readonly Mock<IWorkflowStarter> _starter = new();
    private readonly DurableTaskClient _client = new Mock<DurableTaskClient>("test").Object;

    public ScheduleRunnerTests(AzuriteStorage storage)
    {
        _storage = storage;
        _store = new(storage.Tables, AzuriteStorage.Names);
        Accepts();
    }

    public Task InitializeAsync() => _store.CreateAsync(CancellationToken.None);

    public Task DisposeAsync() => Task.CompletedTask;

    [Fact]
    public async Task Run_NewSchedule_BeginsNow()
    {
        ScheduleRunner runner = Runner();
        await LookAsync(runner);
        Assert.Empty(_started);

        _time.Advance(TimeSpan.FromHours(1));
        await LookAsync(runner);
        Assert.Equal([$"{_name}-20300131T130000Z"], _started);
        Assert.Equal((_time.GetUtcNow(), _time.GetUtcNow(), 0), await RowAsync());
    }

    [Fact]
    public async Task Run_SeveralHostsAtTheSameTick_OneRemembersItAndAllGoOn()
    {
        ScheduleRunner[] hosts = [Runner(), Runner(), Runner()];
        await Task.WhenAll(hosts.Select(LookAsync));
        for (int hour = 1; hour <= 3; hour++)
        {
            _time.Advance(TimeSpan.FromHours(1));
            await Task.WhenAll(hosts.Select(LookAsync));
            Assert.Equal((_time.GetUtcNow(), _time.GetUtcNow(), 0), await RowAsync());
        }

        _time.Advance(TimeSpan.FromSeconds(1));
        await Task.WhenAll(hosts.Select(LookAsync));
        Assert.Equal(
            ["20300131T130000Z", "20300131T140000Z", "20300131T150000Z"], _started.Select(id => id[(_name.Length + 1)..]).Distinct());
    }

    [Fact]
    public async Task Run_AnotherHostHandledTheTick_StartsNothing()
    {
        ScheduleRunner one = Runner(), two = Runner();
        await LookAsync(one);
        await LookAsync(two);
        _time.Advance(TimeSpan.FromSeconds(3601));
        await LookAsync(one);
        await LookAsync(two);

        Assert.Single(_started);
    }

    [Fact]
    public async Task Run_StartedByAnotherDocument_CountsAsStarted()
    {
        ScheduleRunner runner = Runner();
        await LookAsync(runner);
        Refuses(new StartConflictException("x", byKey: false));
        _time.Advance(TimeSpan.FromHours(1));
        await LookAsync(runner);

        Assert.Equal((_time.GetUtcNow(), _time.GetUtcNow(), 0), await RowAsync());
    }

    [Fact]
    public async Task Run_StartIsRefused_LeavesTheTickOutAndGoesOn()
    {
        ScheduleRunner runner = Runner();
        await LookAsync(runner);
        Refuses(new InvalidStartException([new("/args", "no")]));
        _time.Advance(TimeSpan.FromHours(1));
        await LookAsync(runner);

        Assert.Equal((_time.GetUtcNow(), null, 1), await RowAsync());
    }

    [Fact]
    public async Task Run_StartFails_IsTriedAgainWithTheNextLook()
    {
        ScheduleRunner runner = Runner();
        await LookAsync(runner);
        Refuses(new TimeoutException("storage is away"));
        _time.Advance(TimeSpan.FromHours(1));
        DateTimeOffset tick = _time.GetUtcNow();
        await LookAsync(runner);
        Assert.Equal((tick.AddHours(-1), null, 0), await RowAsync());

        _starter.Reset();
        _time.Advance(TimeSpan.FromSeconds(2));
        await LookAsync(runner);
        Assert.Equal((tick, tick, 0), await RowAsync());
    }

    /// <summary>
    /// A host that looks every two seconds starts a tick under <c>none</c>, also when storage is away for some of its looks.
    /// </summary>
    [Fact]
    public async Task Run_NoneAndAHostThatLooks_StartsTheTick()
    {
        ScheduleRunner runner = NoneRunner();
        await LookAsync(runner);
        await LookUntilAsync(At("12:59:59"), runner);
        Refuses(new TimeoutException("storage is away"));
        await LookUntilAsync(At("13:00:05"), runner);
        Accepts();
        await LookUntilAsync(At("13:00:09"), runner);

        Assert.Equal([$"{_name}-20300131T130000Z"], _started);
        Assert.Equal((At("13:00:00"), At("13:00:00"), 0), await RowAsync());
    }

    /// <summary>A host that stands still, as a machine does that sleeps, and one that starts anew: what came meanwhile is past.</summary>
    [Theory]
    [InlineData("13:00:01", true)]
    [InlineData("13:00:01", false)]
    [InlineData("13:00:45", true)]
    [InlineData("13:00:45", false)]
    [InlineData("15:00:01", true)]
    [InlineData("15:00:01", false)]
    public async Task Run_NoneAfterAPause_StartsNothingThatIsPast(string wakes, bool isSameProcess)
    {
        ScheduleRunner runner = NoneRunner();
        await LookAsync(runner);
        await LookUntilAsync(At("12:59:40"), runner);
        runner = isSameProcess ? runner : NoneRunner();
        _time.SetUtcNow(At(wakes));
        await LookAsync(runner);
        await LookUntilAsync(At(wakes).AddSeconds(12), runner);
        int passed = At(wakes).Hour - 12;
        Assert.Empty(_started);
        Assert.Equal((At("12:00:00").AddHours(passed), null, passed), await RowAsync());

        await LookUntilAsync(At("12:00:01").AddHours(passed + 1), runner);
        Assert.Equal([$"{_name}-20300131T{13 + passed}0000Z"], _started);
    }

    [Fact]
    public async Task Run_NoneAndAHostThatJoins_LeavesTheTickToTheOneThatWasThere()
    {
        ScheduleRunner there = NoneRunner(), joins = NoneRunner();
        await LookAsync(there);
        await LookUntilAsync(At("12:59:59"), there);
        _time.SetUtcNow(At("13:00:00.5"));
        await LookAsync(joins);
        Assert.Equal((At("12:00:00"), null, 0), await RowAsync());

        await LookUntilAsync(At("13:00:01"), there);
        await LookUntilAsync(At("13:00:15"), there, joins);
        Assert.Equal([$"{_name}-20300131T130000Z"], _started);
        Assert.Equal((At("13:00:00"), At("13:00:00"), 0), await RowAsync());
    }

    [Fact]
    public async Task Run_OneScheduleFails_TheOthersRun()
    {
        string other = ScheduleHost.NewName();
        ScheduleRunner runner = Runner(more: [($"{other}:Cron", "0 * * * *"), ($"{other}:Start", """{"workflow":"Tick"}""")]);
        await LookAsync(runner);
        _starter.Setup(s => s.StartAsync(
            It.Is<StartRequest>(r => r.Id!.StartsWith(_name)), It.IsAny<DurableTaskClient>(), It.IsAny<CancellationToken>()))
            .ThrowsAsync(new TimeoutException());
        _time.Advance(TimeSpan.FromHours(1));
        await LookAsync(runner);

        Assert.Equal([$"{other}-20300131T130000Z"], _started);
    }

    [Theory]
    [InlineData("Cron", "*/10 * * * *")]
    [InlineData("TimeZone", "Asia/Kolkata")]
    public async Task Run_OtherTimesThanBefore_BeginsNow(string member, string value)
    {
        await LookAsync(Runner());
        _time.Advance(TimeSpan.FromSeconds(5 * 3600 + 300));
        ScheduleRunner changed = Runner(more: [($"{_name}:{member}", value), ($"{_name}:CatchUp", "all")]);
        await LookAsync(changed);
        Assert.Empty(_started);

        _time.Advance(TimeSpan.FromHours(1));
        await LookAsync(changed);
        Assert.NotEmpty(_started);
        Assert.All(_started, id => Assert.True(string.CompareOrdinal(id, $"{_name}-20300131T170500Z") > 0, id));
    }

    [Fact]
    public async Task Run_WasDisabled_CatchesUpNothingOfThatTime()
    {
        await LookAsync(Runner());
        ScheduleRunner disabled = Runner(more: [($"{_name}:Enabled", "false")]);
        await LookAsync(disabled);
        _time.Advance(TimeSpan.FromSeconds(5 * 3600 + 300));
        await LookAsync(disabled);
        ScheduleRunner enabled = Runner(more: [($"{_name}:CatchUp", "all")]);
        await LookAsync(enabled);
        Assert.Empty(_started);

        _time.Advance(TimeSpan.FromHours(1));
        await LookAsync(enabled);
        Assert.Equal([$"{_name}-20300131T180000Z"], _started);
    }

    [Fact]
    public async Task Run_RowIsTakenAway_BeginsAnew()
    {
        ScheduleRunner runner = Runner();
        await LookAsync(runner);
        await _storage.Tables.GetTableClient(AzuriteStorage.Names.ScheduleTable).DeleteEntityAsync("schedules", _name);
        _time.Advance(TimeSpan.FromSeconds(5 * 3600));
        await LookAsync(runner);
        await LookAsync(runner);

        Assert.Empty(_started);
        Assert.Equal((_time.GetUtcNow(), null, 0), await RowAsync());
    }

    /// <summary>A time of the day that the clock begins on, at noon.</summary>
    private static DateTimeOffset At(string time) =>
        DateTimeOffset.Parse($"2030-01-31T{time}Z", System.Globalization.CultureInfo.InvariantCulture);

    private ScheduleRunner NoneRunner() => Runner(($"{_name}:CatchUp", "none"));

    /// <summary>Looks of hosts every two seconds, the last at a time.</summary>
    private async Task LookUntilAsync(DateTimeOffset end, params ScheduleRunner[] runners)
    {
        while (_time.GetUtcNow() < end)
        {
            _time.SetUtcNow(_time.GetUtcNow().AddSeconds(2) < end ? _time.GetUtcNow().AddSeconds(2) : end);
            foreach (ScheduleRunner runner in runners)
            {
                await LookAsync(runner);
            }
        }
    }

    private Task LookAsync(ScheduleRunner runner) => runner.RunAsync(_client, CancellationToken.None);

    private async Task<(DateTimeOffset Handled, DateTimeOffset? Last, long Missed)> RowAsync()
    {
        ScheduleMemory row = (await _store.GetAsync(_name, CancellationToken.None))!;
        return (row.Handled, row.LastTick, row.Missed);
    }

    private void Accepts() => _starter
        .Setup(s => s.StartAsync(It.IsAny<StartRequest>(), It.IsAny<DurableTaskClient>(), It.IsAny<CancellationToken>()))
        .Returns((StartRequest start, DurableTaskClient _, CancellationToken _) =>
        {
            _started.Enqueue(start.Id!);
            return Task.FromResult(new StartedWorkflow(start.Id!, "Tick", _started.Count(id => id == start.Id) > 1, WorkflowStatus.Queued));
        });

    private void Refuses(Exception exception) => _starter
        .Setup(s => s.StartAsync(It.IsAny<StartRequest>(), It.IsAny<DurableTaskClient>(), It.IsAny<CancellationToken>()))
        .ThrowsAsync(exception);

    /// <summary>A host, as far as schedules go.</summary>
    private ScheduleRunner Runner(params (string Key, string Value)[] more)
    {
        Dictionary<string, string?> settings = new()
        {
            [$"Chard:Schedules:{_name}:Cron"] = "0 * * * *",
            [$"Chard:Schedules:{_name}:Start"] = """{"workflow":"Tick"}""",
        };
        foreach ((string key, string value) in more)
        {
            settings["Chard:Schedules:" + key] = value;
        }

        var checks = new StartChecks([new WorkflowStartKind(new WorkflowCatalogue([new AnyArgs("Tick")]))]);
        IConfiguration configuration = new ConfigurationBuilder().AddInMemoryCollection(settings).Build();
        return new(
            new ScheduleCatalogue(configuration, checks, _time), _store, _starter.Object, ClockPeriod.In(configuration), _time,
            NullLogger<ScheduleRunner>.Instance);
    }
}
