using Chard.Control;
using Chard.Schedules;
using Chard.Testing;
using Microsoft.Extensions.DependencyInjection;

namespace Chard.Functions.Tests.Schedules;

/// <summary>What is found when the app starts, before anything runs.</summary>
public sealed class ScheduleSetupTests
{
    private const string Rule = "it must be a start as POST /api/workflows takes it";

    [Theory]
    [InlineData("""{"task":""", "Chard:Schedules:nightly:Start is '{\"task\":'; " + Rule + ": The document is not JSON: ")]
    [InlineData("""{"task":"Ekko"}""", "Chard:Schedules:nightly:Start is '{\"task\":\"Ekko\"}'; " + Rule
        + ", and is wrong at /task: There is no task 'Ekko'. Did you mean 'Echo'?")]
    [InlineData("""{"workflow":"Nothing"}""", Rule + ", and is wrong at /workflow: There is no workflow 'Nothing'.")]
    [InlineData("""{"task":"Square","args":"seven"}""", Rule + ", and is wrong at /args: ")]
    [InlineData("""{"workflow":"ImportCsv","args":{"tabel":"x"}}""", Rule + ", and is wrong at /args")]
    [InlineData("""{"canvas":{"chain":[{"task":"Nope"}]}}""", Rule + ", and is wrong at /canvas/chain/0/task: ")]
    [InlineData(
        """{"task":"Echo","id":"x"}""", Rule + ", and is wrong at /id: A schedule gives each workflow the id of its tick: leave out 'id'.")]
    [InlineData("""{"task":"Echo","startAt":"2030-01-01T00:00:00Z"}""", Rule
        + ", and is wrong at /startAt: A schedule starts when its tick comes: leave out 'startAt'.")]
    [InlineData("""{"task":"Echo","stamps":["1","2","3","4","5","6","7","8","9","10","11","12","13","14","15","16"]}""", Rule
        + ", and is wrong at /stamps: ")]
    [InlineData("""{"task":"Echo","expiresIn":-1}""", Rule + ", and is wrong at /expiresIn: ")]
    public async Task Start_WrongStartDocument_NamesKeyValueAndPlace(string start, string fault)
    {
        string message = await RefusalAsync(("nightly:Cron", "30 2 * * *"), ("nightly:Start", start));

        Assert.Contains(fault, message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Start_SeveralFaults_SaysAllAtOnce()
    {
        string message = await RefusalAsync(
            ("one:Cron", "daily"), ("one:Start", """{"task":"Ekko"}"""), ("two:Start", """{"task":"Echo"}"""), ("two:TimeZone", "Mars"),
            ("bad name:Cron", "* * * * *"));

        Assert.Contains("Chard:Schedules:one:Cron is 'daily'; it must be five cron fields", message, StringComparison.Ordinal);
        Assert.Contains("There is no task 'Ekko'.", message, StringComparison.Ordinal);
        Assert.Contains("Chard:Schedules:two:Cron is not set;", message, StringComparison.Ordinal);
        Assert.Contains("Chard:Schedules:two:TimeZone is 'Mars';", message, StringComparison.Ordinal);
        Assert.Contains("Chard:Schedules:bad name names a schedule 'bad name'.", message, StringComparison.Ordinal);
        Assert.Contains("Chard:Schedules:bad name:Start is not set;", message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Start_GoodSchedules_AreInTheCatalogue()
    {
        string name = ScheduleHost.NewName();
        await using FunctionsTestHost host = await StartAsync(
            ($"{name}:Cron", "0 0 3 1 1 *"),
            ($"{name}:Start", """{"canvas":{"chord":{"header":[{"task":"Square","args":2}],"body":{"task":"Sum"}}}}"""),
            ($"{name}:Enabled", "false"));

        Schedule schedule = Assert.Single(host.Services.GetRequiredService<ScheduleCatalogue>().All);
        Assert.Equal(
            ($"{name}-20300101T030000Z", $"schedule={name}"),
            (schedule.StartOf(new(2030, 1, 1, 3, 0, 0, TimeSpan.Zero)).Id, Assert.Single(schedule.Start.Stamps)));
    }

    private static async Task<string> RefusalAsync(params (string Key, string Value)[] settings) =>
        (await Assert.ThrowsAnyAsync<Exception>(() => StartAsync(settings))).ToString();

    private static Task<FunctionsTestHost> StartAsync(params (string Key, string Value)[] settings) =>
        FunctionsTestHost.StartAsync<TaskFunctions>(options =>
        {
            options.FunctionTypes = [typeof(RunClock)];
            foreach ((string key, string value) in settings)
            {
                options.Settings["Chard:Schedules:" + key] = value;
            }
        });
}
