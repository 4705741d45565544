using System.Net;
using Chard.DeadLetters;
using Chard.Domain.DeadLetters;
using Microsoft.DurableTask.Client;

namespace Chard.Functions.Tests.Api;

[Collection(ApiTests.Name)]
public sealed class ControlTests(ApiHost api)
{
    [Fact]
    public async Task Cancel_Running_EndsItAndWhatIsBelow()
    {
        string id = await api.StartAsync("WaitBelow");
        await api.Durable.WaitForInstanceStartAsync(id + ".0");

        Answer answer = await api.PostAsync($"/api/workflows/{id}/cancel");
        Assert.Equal(HttpStatusCode.Accepted, answer.Status);
        Assert.Equal("cancelled", answer.Text("status"));
        Assert.Equal(OrchestrationRuntimeStatus.Terminated, (await api.Durable.WaitForInstanceCompletionAsync(id)).RuntimeStatus);
        Assert.Equal(OrchestrationRuntimeStatus.Terminated, (await api.Durable.WaitForInstanceCompletionAsync(id + ".0")).RuntimeStatus);

        Assert.Equal(HttpStatusCode.Accepted, (await api.PostAsync($"/api/workflows/{id}/cancel")).Status);
        (await api.PostAsync($"/api/workflows/{id}/pause")).IsProblem(409, "wrong-state");
        (await api.PostAsync($"/api/workflows/{id}/resume")).IsProblem(409, "wrong-state");
        Assert.Equal("cancelled", (await api.GetAsync($"/api/workflows/{id}")).Text("status"));
    }

    [Fact]
    public async Task Cancel_IdThatBeginsAnother_LeavesTheOther()
    {
        string mark = "c" + Guid.NewGuid().ToString("N")[..12];
        await api.PostAsync("/api/workflows", $$"""{"workflow":"Wait","id":"{{mark}}"}""");
        await api.PostAsync("/api/workflows", $$"""{"workflow":"Wait","id":"{{mark}}-0"}""");
        await api.UntilAsync(mark, "running");
        await api.UntilAsync(mark + "-0", "running");

        await api.PostAsync($"/api/workflows/{mark}/cancel");
        await api.Durable.WaitForInstanceCompletionAsync(mark);
        Assert.Equal(OrchestrationRuntimeStatus.Running, (await api.Durable.GetInstanceAsync(mark + "-0"))?.RuntimeStatus);
        await api.PostAsync($"/api/workflows/{mark}-0/cancel");
    }

    [Fact]
    public async Task Cancel_Completed_Is409AndChangesNothing()
    {
        string id = await api.StartAsync("Answer");
        await api.UntilAsync(id, "completed");

        Answer answer = (await api.PostAsync($"/api/workflows/{id}/cancel")).IsProblem(409, "wrong-state");
        Assert.Contains("completed", answer.Text("detail"), StringComparison.Ordinal);
        Assert.Equal("completed", (await api.GetAsync($"/api/workflows/{id}")).Text("status"));
    }

    [Fact]
    public async Task Cancel_PutOff_NeverBegins()
    {
        string id = await api.StartAsync("Answer", "{}", $$""","startAt":"{{DateTimeOffset.UtcNow.AddHours(1):O}}" """);
        Assert.Equal("queued", (await api.GetAsync($"/api/workflows/{id}")).Text("status"));

        await api.PostAsync($"/api/workflows/{id}/cancel");
        Answer status = await api.GetAsync($"/api/workflows/{id}");
        Assert.Equal("cancelled", status.Text("status"));
        Assert.Equal(System.Text.Json.JsonValueKind.Null, status.Json.GetProperty("startedAt").ValueKind);
    }

    [Fact]
    public async Task Cancel_OpenDeadLetters_AreDiscarded()
    {
        string id = await api.StartAsync("Wait");
        await api.UntilAsync(id, "running");
        var store = api.Service<IDeadLetterStore>();
        string letter = DeadLetterId.OfTask(id, "0", 0);
        await store.AddAsync(
            new()
            {
                Id = letter, WorkflowId = id, InstanceId = id, Task = "Echo", Path = "0", Class = "c", Message = "m", Parked = true,
                CreatedAt = DateTimeOffset.UtcNow,
            },
            CancellationToken.None);

        await api.PostAsync($"/api/workflows/{id}/cancel");
        Assert.Equal("discarded", (await api.GetAsync($"/api/dead-letters/{letter}")).Text("state"));
        (await api.PostAsync($"/api/dead-letters/{letter}/retry")).IsProblem(409, "wrong-state");
    }

    [Fact]
    public async Task PauseAndResume_WaitingWorkflow_GoesOnWhereItWas()
    {
        string id = await api.StartAsync("Wait");
        await api.UntilAsync(id, "running");
        Assert.Equal("paused", (await api.PostAsync($"/api/workflows/{id}/pause")).Text("status"));
        Assert.Equal("paused", (await api.PostAsync($"/api/workflows/{id}/pause")).Text("status"));
        await api.Durable.RaiseEventAsync(id, "go", "later");
        Assert.Equal("paused", (await api.GetAsync($"/api/workflows/{id}?wait=1")).Text("status"));

        Assert.Equal("running", (await api.PostAsync($"/api/workflows/{id}/resume")).Text("status"));
        await api.UntilAsync(id, "completed");
        Assert.Equal("\"later\"", (await api.GetAsync($"/api/workflows/{id}/result")).Body);
    }

    [Fact]
    public async Task Cancel_Paused_Ends()
    {
        string id = await api.StartAsync("Wait");
        await api.UntilAsync(id, "running");
        await api.PostAsync($"/api/workflows/{id}/pause");

        Assert.Equal("cancelled", (await api.PostAsync($"/api/workflows/{id}/cancel")).Text("status"));
        Assert.Equal(OrchestrationRuntimeStatus.Terminated, (await api.Durable.WaitForInstanceCompletionAsync(id)).RuntimeStatus);
    }

    [Fact]
    public async Task Start_ExpiresIn_EndsItInTime()
    {
        string id = await api.StartAsync("WaitBelow", "{}", ""","expiresIn":1""");
        Answer status = await api.UntilAsync(id, "expired");

        Assert.Equal("expired", status.Json.GetProperty("error").GetProperty("code").GetString());
        Assert.Equal(OrchestrationRuntimeStatus.Terminated, (await api.Durable.WaitForInstanceCompletionAsync(id)).RuntimeStatus);
        Assert.Equal(OrchestrationRuntimeStatus.Terminated, (await api.Durable.WaitForInstanceCompletionAsync(id + ".0")).RuntimeStatus);
    }

    [Fact]
    public async Task Start_ExpiresInAndDoneBefore_Completes()
    {
        string id = await api.StartAsync("Answer", "1", ""","expiresIn":3600""");
        await api.UntilAsync(id, "completed");
        Assert.Equal(OrchestrationRuntimeStatus.Completed, (await api.Durable.WaitForInstanceCompletionAsync(id)).RuntimeStatus);
    }

    [Fact]
    public async Task Start_StartAt_WaitsForIt()
    {
        DateTimeOffset due = DateTimeOffset.UtcNow.AddSeconds(2);
        string id = await api.StartAsync("Answer", "1", $$""","startAt":"{{due:O}}" """);
        Answer status = await api.UntilAsync(id, "completed");

        Assert.True(status.Json.GetProperty("startedAt").GetDateTimeOffset() >= due, status.Body);
    }

    [Theory]
    [InlineData("cancel")]
    [InlineData("pause")]
    [InlineData("resume")]
    public async Task Action_UnknownOrBadId_IsAProblem(string action)
    {
        (await api.PostAsync($"/api/workflows/nobody/{action}")).IsProblem(404, "workflow-not-found");
        (await api.PostAsync($"/api/workflows/a%20b/{action}")).IsProblem(400, "invalid-request");
        (await api.PostAsync($"/api/workflows/nobody/{action}?force=true")).IsProblem(400, "invalid-request");
    }
}
