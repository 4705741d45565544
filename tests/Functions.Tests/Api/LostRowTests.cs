using System.Net;
using System.Text.Json;
using Chard.Domain.Workflows;
using Chard.Status;

namespace Chard.Functions.Tests.Api;

/// <summary>
/// Rows that storage has lost, on the real worker and engine: what the engine was told at the start comes back with its instance.
/// </summary>
[Collection(ApiTests.Name)]
public sealed class LostRowTests(ApiHost api)
{
    private readonly string _id = "lost-" + Guid.NewGuid().ToString("N")[..12];

    private string Body => $$"""{"workflow":"Wait","id":"{{_id}}","owner":"ann","stamps":["batch:{{_id}}","x"]}""";

    [Fact]
    public async Task Get_OfARunningWorkflow_TellsWhoseItIsAndItsEnd()
    {
        WorkflowState before = await StartAndLoseAsync();

        JsonElement status = (await api.GetAsync($"/api/workflows/{_id}")).Json;
        Assert.Equal("running", status.GetProperty("status").GetString());
        Assert.Equal("ann", status.GetProperty("owner").GetString());
        Assert.Equal(before.CreatedAt, status.GetProperty("createdAt").GetDateTimeOffset());
        Assert.Contains(_id, (await api.GetAsync($"/api/workflows?stamp=batch:{_id}")).Body, StringComparison.Ordinal);

        await api.Durable.RaiseEventAsync(_id, "go", "there");
        await api.UntilAsync(_id, "completed");
        Assert.Equal("\"there\"", (await api.GetAsync($"/api/workflows/{_id}/result")).Body);
    }

    [Fact]
    public async Task Run_WhoseRowIsLostUnderWay_ReportsItsEnd()
    {
        await StartAndLoseAsync();

        await api.Durable.RaiseEventAsync(_id, "go", "there");
        using var patience = new CancellationTokenSource(TimeSpan.FromMinutes(1));
        await api.Durable.WaitForInstanceCompletionAsync(_id, patience.Token);

        Assert.Equal(WorkflowStatus.Completed, (await api.Service<IWorkflowStatusStore>().GetAsync(_id, CancellationToken.None))?.Status);
    }

    [Fact]
    public async Task Post_TheSameStartAgain_IsTheSameWorkflow()
    {
        await StartAndLoseAsync();

        Answer again = await api.PostAsync("/api/workflows", Body);

        Assert.Equal(202, (int)again.Status);
        Assert.Equal("running", again.Text("status"));
    }

    [Fact]
    public async Task Post_AnotherStartOfTheId_IsRefused()
    {
        await StartAndLoseAsync();

        Answer other = await api.PostAsync("/api/workflows", Body.Replace("ann", "bob", StringComparison.Ordinal));

        other.IsProblem(422, "id-taken");
        Assert.Equal("ann", (await api.GetAsync($"/api/workflows/{_id}")).Text("owner"));
    }

    [Fact]
    public async Task Get_OfAWorkflowThatHasEnded_HasTheResultThatItHad()
    {
        using var csv = new ByteArrayContent("id,name\n1,Ada\n"u8.ToArray());
        csv.Headers.ContentType = new("text/csv");
        using HttpResponseMessage upload = await api.Http.PostAsync(new Uri($"/api/imports?table=lost&id={_id}", UriKind.Relative), csv);
        Assert.Equal(HttpStatusCode.Accepted, upload.StatusCode);
        await api.UntilAsync(_id, "completed");
        string before = (await api.GetAsync($"/api/workflows/{_id}/result")).Body;
        await LoseAsync();

        Assert.Equal("completed", (await api.GetAsync($"/api/workflows/{_id}")).Text("status"));
        Assert.Equal(before, (await api.GetAsync($"/api/workflows/{_id}/result")).Body);
    }

    [Fact]
    public async Task Cancel_EndsTheInstance()
    {
        await StartAndLoseAsync();

        Assert.Equal(202, (int)(await api.PostAsync($"/api/workflows/{_id}/cancel")).Status);

        using var patience = new CancellationTokenSource(TimeSpan.FromMinutes(1));
        await api.Durable.WaitForInstanceCompletionAsync(_id, patience.Token);
        await api.UntilAsync(_id, "cancelled");
    }

    private async Task<WorkflowState> StartAndLoseAsync()
    {
        Assert.Equal(202, (int)(await api.PostAsync("/api/workflows", Body)).Status);
        await api.UntilAsync(_id, "running");
        return await LoseAsync();
    }

    private async Task<WorkflowState> LoseAsync()
    {
        var store = api.Service<IWorkflowStatusStore>();
        WorkflowState state = (await store.GetAsync(_id, CancellationToken.None))!;
        await store.RemoveAsync(state, CancellationToken.None);
        return state;
    }
}
