using System.Text.Json;

namespace Chard.Functions.Tests.Api;

[Collection(ApiTests.Name)]
public sealed class SchedulesApiTests(ApiHost api)
{
    [Fact]
    public async Task List_HasEverySchedule()
    {
        Answer answer = await api.GetAsync("/api/schedules");

        JsonElement schedule = Assert.Single(answer.Json.GetProperty("schedules").EnumerateArray());
        Assert.Equal(
            ("new-year", "0 0 1 1 *", "Europe/Berlin", "last", true),
            (schedule.GetProperty("name").GetString(), schedule.GetProperty("cron").GetString(),
                schedule.GetProperty("timeZone").GetString(), schedule.GetProperty("catchUp").GetString(),
                schedule.GetProperty("enabled").GetBoolean()));
        DateTimeOffset next = schedule.GetProperty("next").GetDateTimeOffset();
        Assert.Equal((12, 31, 23, TimeSpan.Zero), (next.Month, next.Day, next.Hour, next.Offset));
        (await api.GetAsync("/api/schedules?limit=1")).IsProblem(400, "invalid-request");
    }

    [Fact]
    public async Task Get_OneByItsNameInAnyCase_IsThatOne()
    {
        Assert.Equal("new-year", (await api.GetAsync("/api/schedules/New-Year")).Text("name"));
        (await api.GetAsync("/api/schedules/nightly")).IsProblem(404, "schedule-not-found");
        (await api.GetAsync("/api/schedules/night.ly")).IsProblem(400, "invalid-request");
        (await api.GetAsync("/api/schedules/new-year?x=1")).IsProblem(400, "invalid-request");
    }
}
