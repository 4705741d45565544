using System.Net;
using Chard.DeadLetters;
using Chard.Domain.DeadLetters;
using Chard.Testing;

namespace Chard.Functions.Tests.Api;

/// <summary>Storage that fails at each write in turn: before it, or after it with the answer lost.</summary>
[Collection(ApiTests.Name)]
public sealed class StorageFaultTests(ApiHost api) : IDisposable
{
    private readonly string _mark = "s" + Guid.NewGuid().ToString("N")[..12];

    public static TheoryData<int, string> WritesAndFaults
    {
        get
        {
            var data = new TheoryData<int, string>();
            foreach (int write in (int[])[0, 1, 2])
            {
                data.Add(write, "busy");
                data.Add(write, "broken");
                data.Add(write, "answer lost");
            }

            return data;
        }
    }

    public void Dispose()
    {
        Assert.Contains(api.App.Storage.Calls, c => c.IsFaulted);
        api.App.Storage.Heal();
        api.App.Storage.Clear();
    }

    [Theory]
    [MemberData(nameof(WritesAndFaults))]
    public async Task Start_AWriteFails_RunsOnceAndCompletes(int write, string fault)
    {
        api.App.Storage.Fail(IsTransaction, FaultOf(fault), skip: write);
        string id = await api.StartAsync("Answer", "5", $$""","id":"{{_mark}}" """);
        Answer status = await api.UntilAsync(id, "completed");

        Assert.Equal("\"3\"", status.Tag);
        Assert.Equal("5", (await api.GetAsync($"/api/workflows/{id}/result")).Body);
    }

    [Fact]
    public async Task Start_StorageAway_Is503AndCanBeRepeated()
    {
        api.App.Storage.Fail(IsTransaction, StorageFault.Busy, times: 4);
        (string, string) key = ("Idempotency-Key", _mark);
        (await api.PostAsync("/api/workflows", """{"workflow":"Answer"}""", key)).IsProblem(503, "storage-unavailable");

        Answer again = await api.PostAsync("/api/workflows", """{"workflow":"Answer"}""", key);
        Assert.Equal(HttpStatusCode.Accepted, again.Status);
        await api.UntilAsync(again.Text("id"), "completed");
    }

    [Theory]
    [InlineData("busy")]
    [InlineData("answer lost")]
    public async Task Resume_ItsWriteFails_IsStillResumedByUs(string fault)
    {
        string id = await api.StartAsync("Wait");
        await api.UntilAsync(id, "running");
        await api.PostAsync($"/api/workflows/{id}/pause");
        api.App.Storage.Fail(IsTransaction, FaultOf(fault));

        Assert.Equal(HttpStatusCode.Accepted, (await api.PostAsync($"/api/workflows/{id}/resume")).Status);
        await api.PostAsync($"/api/workflows/{id}/cancel");
    }

    [Theory]
    [InlineData("busy")]
    [InlineData("answer lost")]
    public async Task Resolve_ItsWriteFails_IsStillResolvedByUs(string fault)
    {
        string id = DeadLetterId.OfTask(_mark, "0", 0);
        await api.Service<IDeadLetterStore>().AddAsync(
            new() { Id = id, WorkflowId = _mark, Task = "Echo", Path = "0", Class = "c", Message = "m", CreatedAt = DateTimeOffset.UtcNow },
            CancellationToken.None);
        api.App.Storage.Fail(IsTransaction, FaultOf(fault));

        Assert.Equal(HttpStatusCode.OK, (await api.PostAsync($"/api/dead-letters/{id}/discard")).Status);
        (await api.PostAsync($"/api/dead-letters/{id}/discard")).IsProblem(409, "wrong-state");
    }

    private static bool IsTransaction(StorageCall call) =>
        call is { Service: StorageService.Table, Method: "POST" } && call.Path.EndsWith("$batch", StringComparison.Ordinal);

    private static StorageFault FaultOf(string name) => name switch
    {
        "busy" => StorageFault.Busy,
        "broken" => StorageFault.NoAnswer,
        _ => StorageFault.NoAnswer with { IsApplied = true },
    };
}
