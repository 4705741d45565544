using System.Net;
using System.Text.Json;
using Chard.Functions.Tests.Api;
using Microsoft.DurableTask.Client;

namespace Chard.Functions.Tests.Canvases;

/// <summary>Canvases over HTTP, in the whole app on a local storage account.</summary>
[Collection(ApiTests.Name)]
public sealed class CanvasApiTests(ApiHost api)
{
    [Theory]
    [InlineData("""{"task":"Square","args":"$input"}""", "49")]
    [InlineData("""{"chain":[{"task":"Square","args":"$input"},{"task":"Square"}]}""", "2401")]
    [InlineData("""{"group":[{"task":"Square","args":"$input"},{"task":"Echo","args":"x"}]}""", """[49,"x"]""")]
    [InlineData("""{"chord":{"header":[{"task":"Square","args":"$input"},{"task":"Echo","args":1}],"body":{"task":"Sum"}}}""", "50")]
    [InlineData("""{"map":{"task":"Square","over":[1,2,"$input"]}}""", "[1,4,49]")]
    public async Task Start_ACanvas_RunsAndGivesItsResult(string canvas, string result)
    {
        Answer started = await api.PostAsync("/api/workflows", $$"""{"canvas":{{canvas}},"args":7,"owner":"ann"}""");
        Assert.Equal(HttpStatusCode.Accepted, started.Status);
        string id = started.Text("id");

        Answer status = await api.UntilAsync(id, "completed");

        Assert.Equal("RunCanvas", status.Text("workflow"));
        Assert.Equal(result, (await api.GetAsync($"/api/workflows/{id}/result")).Body);
    }

    [Fact]
    public async Task Start_ACanvasThatFails_ShowsTheTasksError()
    {
        Answer started = await api.PostAsync("/api/workflows", """{"canvas":{"group":[{"task":"Fail","args":{"message":"no"}}]}}""");

        Answer status = await api.UntilAsync(started.Text("id"), "failed");

        JsonElement error = status.Json.GetProperty("error");
        Assert.Equal(
            ("fail", "no", "Fail"),
            (error.GetProperty("code").GetString(), error.GetProperty("message").GetString(), error.GetProperty("task").GetString()));
    }

    [Fact]
    public async Task Start_AFaultyCanvas_Is400WithAPointerToEachFault()
    {
        Answer answer = await api.PostAsync(
            "/api/workflows",
            """{"canvas":{"chain":[{"task":"Ecko","args":1},{"group":[{"task":"Square","args":"x"}],"failures":"maybe"}]},"args":1}""");

        answer.IsProblem(400, "invalid-start");
        Assert.Equal(
            ["/canvas/chain/0/task", "/canvas/chain/1/failures", "/canvas/chain/1/group/0/args"],
            answer.Json.GetProperty("faults")
                .EnumerateArray().Select(f => f.GetProperty("pointer").GetString()).Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task Cancel_AWideCanvas_EndsItsPartsToo()
    {
        string members = string.Join(',', Enumerable.Repeat("""{"task":"Echo","args":1,"countdown":3600}""", 250));
        string id = (await api.PostAsync("/api/workflows", """{"canvas":{"group":[""" + members + "]}}")).Text("id");
        await Eventually.TrueAsync(
            "its parts run", () => Parts().Length == 3 && Parts().All(p => p.RuntimeStatus == OrchestrationRuntimeStatus.Running));

        await api.PostAsync($"/api/workflows/{id}/cancel");

        await api.UntilAsync(id, "cancelled");
        await Eventually.TrueAsync("its parts have ended", () => Parts().All(p => p.IsCompleted));

        OrchestrationMetadata[] Parts() =>
            [.. api.Durable.GetAllInstancesAsync(new OrchestrationQuery { InstanceIdPrefix = id + "." }).ToBlockingEnumerable()];
    }

    [Fact]
    public async Task Park_InTwoParts_StaysParkedUntilTheLastIsResolved()
    {
        const string Parked = """{"task":"Flaky","args":{"failures":1,"value":"mended"},"onExhausted":"park","retry":{"attempts":1}}""";
        string echoes = string.Join(',', Enumerable.Repeat("""{"task":"Echo","args":1}""", 1_100));
        string id = (await api.PostAsync("/api/workflows", """{"canvas":{"group":[""" + Parked + "," + echoes + "," + Parked + "]}}"))
            .Text("id");
        await api.UntilAsync(id, "parked");
        await Eventually.TrueAsync("both are parked", () => Letters().Length == 2);
        Answer told = await Eventually.SeenAsync(
            "all but those have ended", () => api.GetAsync($"/api/workflows/{id}"),
            status => status.Json.GetProperty("progress").GetProperty("succeeded").GetInt32() == 1_100);
        Assert.Equal("parked", told.Text("status"));

        await api.PostAsync($"/api/dead-letters/{id}.0.0.0/retry", "{}");
        await Eventually.TrueAsync("the first part has ended", () => Part($"{id}.0.0-999").IsCompleted);
        Assert.Equal("parked", (await api.GetAsync($"/api/workflows/{id}")).Text("status"));
        await api.PostAsync($"/api/dead-letters/{id}.0.1101.0/retry", "{}");

        await api.UntilAsync(id, "completed");
        JsonElement result = JsonElement.Parse((await api.GetAsync($"/api/workflows/{id}/result")).Body);
        Assert.Equal(("mended", "mended", 1_102), (result[0].GetString(), result[1_101].GetString(), result.GetArrayLength()));

        JsonElement[] Letters() => [.. api.GetAsync($"/api/dead-letters?workflowId={id}")
            .GetAwaiter().GetResult().Json.GetProperty("deadLetters").EnumerateArray()];
        OrchestrationMetadata Part(string instance) => api.Durable.GetInstanceAsync(instance).GetAwaiter().GetResult()!;
    }

    [Fact]
    public async Task Start_ACanvasAndAWorkflow_Is400() =>
        (await api.PostAsync("/api/workflows", """{"canvas":{"task":"Echo","args":1},"workflow":"Answer"}"""))
            .IsProblem(400, "invalid-start");
}
