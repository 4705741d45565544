using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Chard.Functions.Tests.Flows;
using Chard.Functions.Tests.Reports;
using Chard.Functions.Tests.Servers;
using Chard.LocalHost.Durable;
using Microsoft.DurableTask.Client;

namespace Chard.Functions.Tests.AzureEngine;

/// <summary>
/// The app on the engine that it has in Azure, Azure Storage's own, as with <c>--engine azure</c>: each thing that Chard leans on the
/// engine for, once, over HTTP and in real time. What the app does with it is held by the other tests, on the engine that is quicker.
/// </summary>
public sealed class AzureEngineTests(AzureEngineTests.Fixture fixture) : IClassFixture<AzureEngineTests.Fixture>
{
    private FlowHost Host => fixture.Host.Flow;

    [Theory]
    [InlineData("""{"chain":[{"task":"Echo","args":3},{"task":"Square"},{"task":"Square"}]}""", "81")]
    [InlineData(
        """{"group":[{"task":"Echo","args":12345678901234567.89},{"task":"Echo","args":{"b":1.10,"a":null}}]}""",
        """[12345678901234567.89,{"b":1.10,"a":null}]""")]
    [InlineData(
        """{"group":[{"group":[{"task":"Echo","args":12345678901234567.89,"pack":1}]},{"task":"Echo","args":1.10,"pack":1}]}""",
        "[[12345678901234567.89],1.10]")]
    [InlineData(
        """{"chord":{"header":[{"task":"Square","args":1},{"task":"Square","args":2},{"task":"Square","args":3}],"body":{"task":"Sum"}}}""",
        "14")]
    [InlineData("""{"chain":[{"map":{"task":"Square","over":[1,2,3,4]}},{"task":"Sum"}]}""", "30")]
    [InlineData("""{"task":"Flaky","args":{"failures":2},"retry":{"attempts":3,"firstDelaySeconds":0.1}}""", null)]
    [InlineData("""{"task":"Fail","args":{},"onError":{"task":"Echo","args":"mended"}}""", "\"mended\"")]
    [InlineData("""{"task":"Echo","args":"later","countdown":1}""", "\"later\"")]
    [InlineData("""{"chain":[{"task":"Echo","args":"slow","route":"slow"},{"task":"Echo"}]}""", "\"slow\"")]
    [InlineData("""{"group":[{"task":"Echo","args":1},{"task":"Echo","args":2},{"task":"Echo","args":3}],"limit":"one"}""", "[1,2,3]")]
    public async Task Canvas_OfEachShape_GivesItsResult(string canvas, string? expected)
    {
        JsonElement result = await Host.ResultAsync(await StartAsync("{\"canvas\":" + canvas + "}"));

        if (expected is not null)
        {
            Assert.Equal(expected, result.GetRawText());
        }
    }

    [Fact]
    public async Task Group_WiderThanAHistory_RunsInParts()
    {
        string members = string.Join(',', Enumerable.Range(0, 450).Select(i => $$"""{"task":"Square","args":{{i}} }"""));

        JsonElement result = await Host.ResultAsync(
            await StartAsync($$$"""{"canvas":{"chord":{"header":[{{{members}}}],"body":{"task":"Sum"} } } }"""));

        Assert.Equal(Enumerable.Range(0, 450).Sum(i => i * i), result.GetInt32());
    }

    [Fact]
    public async Task Argument_Large_TravelsByReferenceAndComesBack()
    {
        string text = new('x', 200_000);

        JsonElement result = await Host.ResultAsync(
            await StartAsync($$"""{"canvas":{"chain":[{"task":"Echo","args":"{{text}}"},{"task":"Echo"}]} }"""));

        Assert.Equal(text, result.GetString());
    }

    [Fact]
    public async Task Import_SampleFile_AndItsReport()
    {
        await fixture.Host.ImportSampleAsync("people");

        (JsonElement result, _) = await fixture.Host.ReportAsync(new { table = "people" });

        Assert.Equal(6, result.GetProperty("rows").GetInt32());
    }

    [Fact]
    public async Task ChargeOrder_DeclinedAndParked_GoesOnWithWhatAnOperatorGives()
    {
        int before = Host.Payments.Charged;
        Host.Payments.Next(PaymentAnswer.Decline);
        string id = await Host.StartWorkflowAsync(
            "ChargeOrder", new { order = "azure-1", amount = "12.50", currency = "EUR", card = "tok_visa" });
        await Host.UntilAsync(id, "parked");
        JsonElement letters = JsonElement.Parse(await Host.App.Http.GetStringAsync($"/api/dead-letters?workflowId={id}"));

        string letter = Assert.Single(letters.GetProperty("deadLetters").EnumerateArray()).GetProperty("id").GetString()!;
        using HttpResponseMessage answer = await Host.App.Http.PostAsync($"/api/dead-letters/{letter}/retry", null);

        Assert.True(answer.IsSuccessStatusCode, await answer.Content.ReadAsStringAsync());
        await Host.ResultAsync(id);
        Assert.Equal(before + 1, Host.Payments.Charged);
    }

    [Fact]
    public async Task Cancel_AndPause_ReachTheInstances()
    {
        const string Canvas = """{"canvas":{"chain":[{"task":"Sleep","args":{"seconds":1}},{"task":"Echo","args":"on"}]}}""";
        string cancelled = await StartAsync(Canvas);
        string paused = await StartAsync(Canvas);
        await Host.UntilAsync(cancelled, "running");
        await Host.UntilAsync(paused, "running");

        Assert.Equal("cancelled", await PostAsync(cancelled, "cancel"));
        Assert.Equal("paused", await PostAsync(paused, "pause"));
        await Eventually.TrueAsync(
            "the instance has ended", async () => (await Host.App.Durable.GetInstanceAsync(cancelled))?.IsCompleted == true);
        Assert.Equal("running", await PostAsync(paused, "resume"));

        Assert.Equal("on", (await Host.ResultAsync(paused)).GetString());
    }

    [Fact]
    public async Task Delete_InParts_PurgesTheWholeTree()
    {
        string members = string.Join(',', Enumerable.Range(0, 1_030).Select(i => $$"""{"task":"Square","args":{{i}} }"""));
        string id = await StartAsync($$$"""{"canvas":{"group":[{{{members}}}]} }""");
        await Host.ResultAsync(id);

        JsonElement receipt = default;
        await Eventually.TrueAsync("it is deleted", async () =>
        {
            using HttpResponseMessage answer = await Host.App.Http.DeleteAsync($"/api/workflows/{id}");
            JsonElement document = await answer.Content.ReadFromJsonAsync<JsonElement>();
            receipt = document.TryGetProperty("receipt", out JsonElement told) ? told : receipt;
            return answer.StatusCode == HttpStatusCode.OK;
        });

        Assert.True(receipt.GetProperty("instances").GetInt32() > 2, receipt.GetRawText());
        await foreach (OrchestrationMetadata left in Host.App.Durable.GetAllInstancesAsync(new OrchestrationQuery(InstanceIdPrefix: id)))
        {
            Assert.Fail($"{left.InstanceId} is left.");
        }
    }

    private async Task<string> StartAsync(string body)
    {
        using var content = new StringContent(body, System.Text.Encoding.UTF8, "application/json");
        using HttpResponseMessage answer = await Host.App.Http.PostAsync("/api/workflows", content);
        string text = await answer.Content.ReadAsStringAsync();
        Assert.True(answer.StatusCode == HttpStatusCode.Accepted, text);
        return JsonElement.Parse(text).GetProperty("id").GetString()!;
    }

    private async Task<string?> PostAsync(string id, string action)
    {
        using HttpResponseMessage answer = await Host.App.Http.PostAsync($"/api/workflows/{id}/{action}", null);
        return (await answer.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("status").GetString();
    }

    /// <summary>One app for all of them.</summary>
    public sealed class Fixture : IAsyncLifetime
    {
        internal ReportHost Host { get; private set; } = null!;

        public async Task InitializeAsync() => Host = await ReportHost.StartAsync(options =>
        {
            options.Engine = DurableEngine.AzureStorage;
            options.SkipTime = false;
            options.Settings["Chard:Tasks:ChargeCard:OnExhausted"] = "park";
            options.Settings["Chard:Limits:one:Concurrency"] = "1";
        });

        public async Task DisposeAsync() => await Host.DisposeAsync();
    }
}
