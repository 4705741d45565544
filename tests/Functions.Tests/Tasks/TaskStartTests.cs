using System.Net;
using System.Text.Json;
using Chard.DeadLetters;
using Chard.Domain.DeadLetters;
using Chard.Functions.Tests.Api;

namespace Chard.Functions.Tests.Tasks;

/// <summary>One task as a start, over HTTP and real tables.</summary>
[Collection(ApiTests.Name)]
public sealed class TaskStartTests(ApiHost api)
{
    [Theory]
    [InlineData("""{"task":"Echo","args":{"a":[1,null,"x"]}}""", """{"a":[1,null,"x"]}""")]
    [InlineData("""{"task":"echo"}""", "null")]
    [InlineData("""{"task":"Sum","args":[0.1,0.2,3]}""", "3.3")]
    [InlineData("""{"task":"Square","args":-4}""", "16")]
    [InlineData("""{"task":"Sleep","args":{"seconds":0.01,"value":"slept"}}""", "\"slept\"")]
    [InlineData("""{"task":"Flaky","args":{"failures":2,"value":7},"retry":{"attempts":3,"firstDelaySeconds":0.01}}""", "7")]
    [InlineData(
        """{"task":"Flaky","args":{"failures":2,"kind":"rateLimited","retryAfterSeconds":0.01,"value":7},"retry":{"attempts":1}}""", "7")]
    [InlineData("""{"task":"Fail","args":{},"onExhausted":"skip"}""", "null")]
    [InlineData("""{"task":"Echo","args":1,"countdown":0.05,"timeLimit":5,"idempotencyKey":"charge-1"}""", "1")]
    [InlineData("""{"task":"Echo","args":"by the queue","route":"slow"}""", "\"by the queue\"")]
    [InlineData("""{"task":"Echo","args":1,"route":"fast"}""", "1")]
    [InlineData("""{"task":"Echo","args":["$prev","$$item",{"a":"$input/x"}]}""", """["$prev","$$item",{"a":"$input/x"}]""")]
    [InlineData("""{"task":"Fail","args":{"kind":"permanent"},"onError":{"task":"Echo","args":"$prev/code"} }""", "\"fail\"")]
    public async Task Start_OneTask_GivesItsResult(string body, string result)
    {
        string id = await StartAsync(body);

        Assert.Equal("RunCanvas", (await api.UntilAsync(id, "completed")).Text("workflow"));
        Assert.Equal(result, (await api.GetAsync($"/api/workflows/{id}/result")).Body);
    }

    [Theory]
    [InlineData("""{"task":"Ekko"}""", "/task")]
    [InlineData("""{"task":7}""", "/task")]
    [InlineData("""{"task":"Sleep","args":{"seconds":"soon"}}""", "/args/seconds")]
    [InlineData("""{"task":"Sleep","args":{"second":1}}""", "/args/second")]
    [InlineData("""{"task":"Sum","args":[1,"two"]}""", "/args/1")]
    [InlineData("""{"task":"Square"}""", "/args")]
    [InlineData("""{"task":"Flaky","args":{"failures":99999999999}}""", "/args/failures")]
    [InlineData("""{"task":"Echo","retry":5}""", "/retry")]
    [InlineData("""{"task":"Echo","retry":{"attempts":0}}""", "/retry/attempts")]
    [InlineData("""{"task":"Echo","retry":{"attempts":1.5}}""", "/retry/attempts")]
    [InlineData("""{"task":"Echo","retry":{"tries":3}}""", "/retry/tries")]
    [InlineData("""{"task":"Echo","retry":{"backoff":0.5}}""", "/retry/backoff")]
    [InlineData("""{"task":"Echo","retry":{"firstDelaySeconds":1e999}}""", "/retry/firstDelaySeconds")]
    [InlineData("""{"task":"Echo","retry":{"timeoutSeconds":-1}}""", "/retry/timeoutSeconds")]
    [InlineData("""{"task":"Echo","timeLimit":0}""", "/timeLimit")]
    [InlineData("""{"task":"Echo","countdown":-1}""", "/countdown")]
    [InlineData("""{"task":"Echo","onExhausted":"ignore"}""", "/onExhausted")]
    [InlineData("""{"task":"Echo","route":"scenic"}""", "/route")]
    [InlineData("""{"task":"Echo","route":1}""", "/route")]
    [InlineData("""{"task":"Echo","idempotencyKey":"schlüssel"}""", "/idempotencyKey")]
    [InlineData("""{"task":"Echo","workflow":"ImportCsv"}""", "")]
    public async Task Start_WrongTask_SaysWhere(string body, string pointer)
    {
        Answer answer = (await api.PostAsync("/api/workflows", body)).IsProblem(400, "invalid-start");

        Assert.Contains(pointer, answer.Json.GetProperty("faults").EnumerateArray().Select(f => f.GetProperty("pointer").GetString()));
    }

    [Fact]
    public async Task Start_TaskThatFails_ShowsItsCodeAndItsDeadLetter()
    {
        string id = await StartAsync("""{"task":"Fail","args":{"kind":"permanent","message":"no such article"}}""");

        Answer status = await api.UntilAsync(id, "failed");
        JsonElement error = status.Json.GetProperty("error");
        Assert.Equal(
            ("fail", "no such article", "Fail"),
            (error.GetProperty("code").GetString(), error.GetProperty("message").GetString(), error.GetProperty("task").GetString()));
        DeadLetter? letter = await api.Service<IDeadLetterStore>().GetAsync(DeadLetterId.OfTask(id, "0", 0), default);
        Assert.Equal(("Fail", "fail", $"{id}:0"), (letter!.Task, letter.Class, letter.IdempotencyKey));
    }

    [Fact]
    public async Task Start_WithAnIdempotencyKey_HandsItToTheTask()
    {
        string id = await StartAsync("""{"task":"Fail","args":{"kind":"permanent"},"idempotencyKey":"charge-7"}""");

        await api.UntilAsync(id, "failed");
        DeadLetter? letter = await api.Service<IDeadLetterStore>().GetAsync(DeadLetterId.OfTask(id, "0", 0), default);
        Assert.Equal("charge-7", letter!.IdempotencyKey);
    }

    [Fact]
    public async Task Start_TaskThatParks_GoesOnAfterARetryWithOtherArgs()
    {
        string id = await StartAsync("""{"task":"Flaky","args":{"failures":99},"retry":{"attempts":1},"onExhausted":"park"}""");
        await api.UntilAsync(id, "parked");

        Answer retried = await api.PostAsync(
            $"/api/dead-letters/{DeadLetterId.OfTask(id, "0", 0)}/retry", """{"args":{"failures":0,"value":"mended"}}""");

        Assert.True(retried.Status is HttpStatusCode.OK or HttpStatusCode.Accepted, retried.Body);
        await api.UntilAsync(id, "completed");
        Assert.Equal("\"mended\"", (await api.GetAsync($"/api/workflows/{id}/result")).Body);
    }

    [Fact]
    public async Task Start_LargeArgsAndResult_TravelByReference()
    {
        string text = new('x', 100_000);
        string id = await StartAsync($$"""{"task":"Echo","args":"{{text}}"}""");

        await api.UntilAsync(id, "completed");
        Assert.Equal($"\"{text}\"", (await api.GetAsync($"/api/workflows/{id}/result")).Body);
        Microsoft.DurableTask.Client.OrchestrationMetadata instance =
            await api.Durable.WaitForInstanceCompletionAsync(id, getInputsAndOutputs: true);
        Assert.InRange(instance.SerializedInput!.Length + instance.SerializedOutput!.Length, 1, 2000);
    }

    private async Task<string> StartAsync(string body)
    {
        Answer started = await api.PostAsync("/api/workflows", body);
        Assert.True(started.Status == HttpStatusCode.Accepted, started.Body);
        return started.Text("id");
    }
}
