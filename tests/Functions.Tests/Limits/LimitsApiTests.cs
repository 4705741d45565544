using System.Text.Json;
using Chard.Domain.Identity;
using Chard.Domain.Limits;
using Chard.Functions.Tests.Api;
using Chard.Limits;

namespace Chard.Functions.Tests.Limits;

/// <summary>Limits over HTTP, in the whole app.</summary>
[Collection(ApiTests.Name)]
public sealed class LimitsApiTests(ApiHost api)
{
    [Fact]
    public async Task List_HasEveryLimitWithWhatItHoldsAndWhatWaits()
    {
        // Of instances that there are not.
        for (int i = 0; i < 11; i++)
        {
            await api.Durable.Entities.SignalEntityAsync(
                Limiter.IdOf("database"), nameof(Limiter.Acquire), new Permit($"limits-{i}", "0", CallTurn.First));
        }

        JsonElement list = default;
        await Eventually.TrueAsync("eight are held", () =>
        {
            list = api.GetAsync("/api/limits").GetAwaiter().GetResult().Json.GetProperty("limits");
            return list[0].GetProperty("held").GetInt32() == 8;
        });

        Assert.Equal(["database", "mail"], list.EnumerateArray().Select(l => l.GetProperty("key").GetString()));
        Assert.Equal((8, JsonValueKind.Null), (list[0].GetProperty("concurrency").GetInt32(), list[0].GetProperty("burst").ValueKind));
        Assert.InRange(list[0].GetProperty("waiting").GetInt32(), 0, 3); // the sweep may have been by
        Assert.Equal((2.5, 1, 0), (list[1]
            .GetProperty("perSecond").GetDouble(), list[1].GetProperty("burst").GetInt32(), list[1].GetProperty("held").GetInt32()));
        await Eventually.TrueAsync(
            "the sweep has taken those who are gone out of the queue",
            () => api.GetAsync("/api/limits")
                .GetAwaiter().GetResult().Json.GetProperty("limits")[0].GetProperty("waiting").GetInt32() == 0);
        (await api.GetAsync("/api/limits?key=database")).IsProblem(400, "invalid-request");
        for (int i = 0; i < 11; i++)
        {
            await api.Durable.Entities.SignalEntityAsync(
                Limiter.IdOf("database"), nameof(Limiter.Release), new Permit($"limits-{i}", "0", CallTurn.First));
        }

        await Eventually.TrueAsync(
            "all are given back",
            () => api.GetAsync("/api/limits").GetAwaiter().GetResult().Json.GetProperty("limits")[0].GetProperty("held").GetInt32() == 0);
    }

    [Theory]
    [InlineData("""{"task":"Square","args":3,"limit":"DATABASE"}""", "9")]
    [InlineData("""{"task":"Square","args":4,"limit":"mail"}""", "16")]
    [InlineData("""{"canvas":{"map":{"task":"Square","over":[1,2,3]},"limit":"database"}}""", "[1,4,9]")]
    public async Task Start_UnderALimit_GivesItsResult(string body, string result)
    {
        string id = (await api.PostAsync("/api/workflows", body)).Text("id");

        await api.UntilAsync(id, "completed");
        Assert.Equal(result, (await api.GetAsync($"/api/workflows/{id}/result")).Body);
    }

    [Theory]
    [InlineData("""{"task":"Echo","limit":"databse"}""", "/limit")]
    [InlineData("""{"canvas":{"chain":[{"task":"Echo","args":1,"limit":"databse"}]}}""", "/canvas/chain/0/limit")]
    public async Task Start_LimitThatNoSettingDefines_Is400AndListsTheKeys(string body, string pointer)
    {
        Answer answer = (await api.PostAsync("/api/workflows", body)).IsProblem(400, "invalid-start");

        JsonElement fault = Assert.Single(answer.Json.GetProperty("faults").EnumerateArray());
        Assert.Equal(
            (pointer, "There is no limit 'databse'. There are: database, mail."),
            (fault.GetProperty("pointer").GetString(), fault.GetProperty("message").GetString()));
    }
}
