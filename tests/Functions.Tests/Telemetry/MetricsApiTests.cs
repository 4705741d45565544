using System.Net;
using System.Text.Json;
using Chard.Functions.Tests.Api;

namespace Chard.Functions.Tests.Telemetry;

/// <summary>Measurements over HTTP, in the whole app.</summary>
[Collection(ApiTests.Name)]
public sealed class MetricsApiTests(ApiHost api)
{
    [Fact]
    public async Task Metrics_AfterAWorkflow_CountItsTriesAndItsEnd()
    {
        long before = await SquaresAsync();
        string id = (await api.PostAsync("/api/workflows", """{"canvas":{"map":{"task":"Square","over":[1,2,3]}}}""")).Text("id");
        await api.UntilAsync(id, "completed");

        Assert.Equal(before + 3, await SquaresAsync());
        JsonElement metrics = (await api.GetAsync("/api/metrics")).Json;
        Assert.NotEqual("", metrics.GetProperty("instance").GetString());
        JsonElement canvases = metrics.GetProperty("workflows").EnumerateArray()
            .Single(w => w.GetProperty("workflow").GetString() == "RunCanvas");
        Assert.InRange(canvases.GetProperty("ended").GetProperty("completed").GetInt64(), 1, long.MaxValue);
        JsonElement square = metrics.GetProperty("tasks").EnumerateArray().Single(t => t.GetProperty("task").GetString() == "Square");
        Assert.InRange(square.GetProperty("routes")[0].GetProperty("latency").GetProperty("p95").GetDouble(), 0, 3600);
    }

    [Theory]
    [InlineData("/api/metrics?format=prometheus", "application/json", "text/plain")]
    [InlineData("/api/metrics", "text/plain;version=0.0.4;q=0.5,*/*;q=0.1", "text/plain")]
    [InlineData("/api/metrics", "*/*", "application/json")]
    [InlineData("/api/metrics?format=json", "text/plain", "application/json")]
    public async Task Metrics_InTheFormatAskedFor(string url, string accept, string type)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, url);
        Assert.True(request.Headers.TryAddWithoutValidation("Accept", accept));

        using HttpResponseMessage response = await api.Http.SendAsync(request);

        Assert.Equal((HttpStatusCode.OK, type), (response.StatusCode, response.Content.Headers.ContentType?.MediaType));
        string body = await response.Content.ReadAsStringAsync();
        Assert.Equal(type == "text/plain", body.StartsWith("# HELP ", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Metrics_InAFormatThereIsNot_IsRefused() =>
        (await api.GetAsync("/api/metrics?format=xml")).IsProblem(400, "invalid-request");

    private async Task<long> SquaresAsync() => (await api.GetAsync("/api/metrics")).Json.GetProperty("tasks").EnumerateArray()
        .Where(t => t.GetProperty("task").GetString() == "Square")
        .Select(t => t.GetProperty("attempts").GetProperty("succeeded").GetInt64()).SingleOrDefault();
}
