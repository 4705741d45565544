using System.Net;
using System.Text.Json;
using Chard.Domain.Workflows;
using Chard.Status;

namespace Chard.Functions.Tests.Api;

[Collection(ApiTests.Name)]
public sealed class StatusTests(ApiHost api)
{
    private readonly string _mark = Guid.NewGuid().ToString("N")[..12];

    [Theory]
    [InlineData("/api/workflows/a%20b", "invalid-request", 400)]
    [InlineData("/api/workflows/%C3%A4", "invalid-request", 400)]
    [InlineData("/api/workflows/a%20b/result", "invalid-request", 400)]
    [InlineData("/api/workflows/nobody", "workflow-not-found", 404)]
    [InlineData("/api/workflows/nobody/result", "workflow-not-found", 404)]
    [InlineData("/api/workflows/nobody?wait=61", "invalid-request", 400)]
    [InlineData("/api/workflows/nobody?wait=-1", "invalid-request", 400)]
    [InlineData("/api/workflows/nobody?wait=1&wait=2", "invalid-request", 400)]
    [InlineData("/api/workflows/nobody?weight=1", "invalid-request", 400)]
    [InlineData("/api/workflows?status=sleeping", "invalid-request", 400)]
    [InlineData("/api/workflows?limit=0", "invalid-request", 400)]
    [InlineData("/api/workflows?limit=201", "invalid-request", 400)]
    [InlineData("/api/workflows?continuation=x", "invalid-request", 400)]
    [InlineData("/api/workflows?owner=", "invalid-request", 400)]
    [InlineData("/api/workflows?stauts=failed", "invalid-request", 400)]
    public async Task Get_BadRequest_IsAProblem(string path, string type, int status) => (await api.GetAsync(path)).IsProblem(status, type);

    [Fact]
    public async Task Get_FailedWorkflow_SaysWhy()
    {
        string id = await api.StartAsync("Boom");
        JsonElement error = (await api.UntilAsync(id, "failed")).Json.GetProperty("error");

        Assert.Equal("unhandled", error.GetProperty("code").GetString());
        Assert.Equal("boom", error.GetProperty("message").GetString());
        Answer result = (await api.GetAsync($"/api/workflows/{id}/result")).IsProblem(409, "no-result");
        Assert.Contains("failed", result.Text("detail"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Get_WaitWithKnownTag_AnswersAtTheChangeOrSays304()
    {
        string id = await api.StartAsync("Wait");
        Answer running = await api.UntilAsync(id, "running");
        Assert.Equal(
            HttpStatusCode.NotModified, (await api.GetAsync($"/api/workflows/{id}", ("If-None-Match", running.Tag!))).Status);
        Assert.Equal(
            HttpStatusCode.NotModified, (await api.GetAsync($"/api/workflows/{id}?wait=1", ("If-None-Match", running.Tag!))).Status);

        Task<Answer> waiting = api.GetAsync($"/api/workflows/{id}?wait=60", ("If-None-Match", running.Tag!));
        Assert.False(waiting.IsCompleted);
        await api.Durable.RaiseEventAsync(id, "go", "x");
        Assert.Equal("completed", (await waiting).Text("status"));
        Assert.Equal("completed", (await api.GetAsync($"/api/workflows/{id}?wait=60")).Text("status"));
    }

    [Fact]
    public async Task Get_Progress_IsShown()
    {
        string id = await api.StartAsync("Progress");
        await api.UntilAsync(id, "running");
        for (int i = 1; i <= 3; i++)
        {
            await api.Durable.RaiseEventAsync(id, "go", "x");
        }

        JsonElement progress = (await api.UntilAsync(id, "completed")).Json.GetProperty("progress");
        Assert.Equal("""{"total":3,"succeeded":3,"failed":0}""", progress.GetRawText());
    }

    [Fact]
    public async Task Get_EventStream_TellsEveryChangeAndEnds()
    {
        string id = await api.StartAsync("Wait");
        await api.UntilAsync(id, "running");
        using var request = new HttpRequestMessage(HttpMethod.Get, $"/api/workflows/{id}");
        request.Headers.Accept.ParseAdd("text/event-stream");
        using HttpResponseMessage response = await api.Http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead);
        Assert.Equal("text/event-stream", response.Content.Headers.ContentType?.MediaType);
        using var reader = new StreamReader(await response.Content.ReadAsStreamAsync());

        Assert.Equal("id: 2", await reader.ReadLineAsync());
        Assert.Equal("event: status", await reader.ReadLineAsync());
        string data = (await reader.ReadLineAsync())!;
        Assert.Equal("running", JsonElement.Parse(data["data: ".Length..]).GetProperty("status").GetString());

        await api.Durable.RaiseEventAsync(id, "go", "x");
        string rest = await reader.ReadToEndAsync();
        Assert.Contains("id: 3\nevent: status\n", rest, StringComparison.Ordinal);
        Assert.Contains("\"status\":\"completed\"", rest, StringComparison.Ordinal);

        Answer again = await api.GetAsync($"/api/workflows/{id}", ("Accept", "text/event-stream"), ("Last-Event-ID", "3"));
        Assert.Equal(HttpStatusCode.NoContent, again.Status);
        Answer missed = await api.GetAsync($"/api/workflows/{id}", ("Accept", "text/event-stream"), ("Last-Event-ID", "2"));
        Assert.StartsWith("id: 3\n", missed.Body, StringComparison.Ordinal);
    }

    [Fact]
    public async Task List_ByOwner_PagesNewestFirst()
    {
        var started = new List<string>();
        for (int i = 0; i < 5; i++)
        {
            started.Add(await api.StartAsync("Answer", "{}", $$""","owner":"own {{_mark}}" """));
        }

        await Task.WhenAll(started.Select(id => api.UntilAsync(id, "completed")));
        string path = $"/api/workflows?owner=own%20{_mark}&status=completed&workflow=Answer&limit=2";
        var seen = new List<string>();
        string? continuation = null;
        do
        {
            Answer page = await api.GetAsync(continuation is null ? path : $"{path}&continuation={Uri.EscapeDataString(continuation)}");
            seen.AddRange(page.Json.GetProperty("workflows").EnumerateArray().Select(w => w.GetProperty("id").GetString()!));
            continuation = page.Json.GetProperty("continuation").GetString();
        }
        while (continuation is not null);

        Assert.Equal(Enumerable.Reverse(started), seen);
    }

    [Fact]
    public async Task Get_TerminatedFromOutside_IsRepairedAtRead()
    {
        string id = await api.StartAsync("Wait");
        await api.UntilAsync(id, "running");
        await api.Durable.TerminateInstanceAsync(id);

        Answer status = await api.UntilAsync(id, "cancelled");
        Assert.Equal("terminated", status.Json.GetProperty("error").GetProperty("code").GetString());
    }

    [Fact]
    public async Task Get_EndedWithoutAReport_IsRepaired()
    {
        string id = await api.StartAsync("Mute");
        await api.Durable.WaitForInstanceStartAsync(id);
        await api.Durable.RaiseEventAsync(id, "go", 42);

        await api.UntilAsync(id, "completed");
        Assert.Equal("42", (await api.GetAsync($"/api/workflows/{id}/result")).Body);
    }

    [Fact]
    public async Task List_EndedWithoutAReport_IsRepairedByTheSweep()
    {
        string id = await api.StartAsync("Mute", "{}", $$""","owner":"mute {{_mark}}" """);
        await api.Durable.WaitForInstanceStartAsync(id);
        await api.Durable.RaiseEventAsync(id, "go", "this is not a number");

        await Eventually.SeenAsync(
            $"{id} is listed as failed", () => api.GetAsync($"/api/workflows?owner=mute%20{_mark}&status=failed"),
            failed => failed.Body.Contains(id, StringComparison.Ordinal));
    }

    [Fact]
    public async Task Get_PurgedInstance_IsLost()
    {
        DateTimeOffset past = DateTimeOffset.UtcNow.AddMinutes(-1);
        var store = api.Service<IWorkflowStatusStore>();
        await store.TryAddAsync(
            new() { Id = _mark, Workflow = "Wait", Status = WorkflowStatus.Running, CreatedAt = past, UpdatedAt = past },
            new("hash", "Wait", past), CancellationToken.None);

        Answer status = await api.UntilAsync(_mark, "failed");
        Assert.Equal("instance-lost", status.Json.GetProperty("error").GetProperty("code").GetString());
    }
}
