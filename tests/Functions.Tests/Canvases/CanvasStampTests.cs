using System.Collections.Concurrent;
using System.Text.Json;
using Chard.Calls;
using Chard.Domain.Ledger;
using Chard.Domain.Tasks;
using Chard.Functions.Tests.Tasks;
using Chard.Status;
using Microsoft.DurableTask.Client;

namespace Chard.Functions.Tests.Canvases;

/// <summary>Stamps of nodes: what is below inherits them, and tasks, rows and dead letters show them.</summary>
public sealed class CanvasStampTests : IAsyncLifetime
{
    private readonly CanvasHost _host = new();
    private readonly ConcurrentDictionary<string, string> _seen = new();

    public async Task InitializeAsync()
    {
        await _host.InitializeAsync();
        _host.Stores.Receiver.Script = (context, _) =>
        {
            _seen[context.Path] = string.Join(' ', context.Stamps);
            return Task.CompletedTask;
        };
    }

    public Task DisposeAsync() => _host.DisposeAsync();

    [Fact]
    public async Task Stamps_OfEveryKindOfNode_ReachWhatIsBelow()
    {
        string id = await _host.StartAsync(
            """
            {"chain":[
              {"task":"Charge","args":"a","stamps":["x=1"]},
              {"group":[{"task":"Charge","args":"b"},{"task":"Charge","args":"c","stamps":["y=2","batch=7"]}],"stamps":["g"]},
              {"chord":{"header":[{"task":"Charge","args":"d","stamps":["h"]}],"body":{"task":"Charge","args":"e"}},"stamps":["c"]},
              {"map":{"task":"Charge","over":["f","g"]},"stamps":["m"]},
              {"task":"Fail","args":{},"stamps":["f"],"onError":{"task":"Charge","args":"h","stamps":["e"]}},
              {"task":"Charge","args":"i"}
            ],"stamps":["all"]}
            """,
            stamps: ["batch=7", "tenant=1"]);
        await _host.EndAsync(id);

        Assert.Equal(
            new SortedDictionary<string, string>
            {
                ["0.0"] = "batch=7 tenant=1 all x=1",
                ["0.1.0"] = "batch=7 tenant=1 all g",
                ["0.1.1"] = "batch=7 tenant=1 all g y=2",
                ["0.2.b"] = "batch=7 tenant=1 all c",
                ["0.2.h.0"] = "batch=7 tenant=1 all c h",
                ["0.3.0"] = "batch=7 tenant=1 all m",
                ["0.3.1"] = "batch=7 tenant=1 all m",
                ["0.4.e"] = "batch=7 tenant=1 all f e",
                ["0.5"] = "batch=7 tenant=1 all",
            },
            new SortedDictionary<string, string>(_seen));

        // A row has its own only: the workflow's are in the workflow's row.
        Assert.All(_seen, s => Assert.Equal(s.Value["batch=7 tenant=1 ".Length..], string.Join(' ', Row(id, s.Key).Stamps!)));
        Assert.Equal(["batch=7", "tenant=1", "all", "f"], Assert.Single(_host.Stores.DeadLetters.Values).Stamps);
        TaskRowPage shown = await TaskRowDocuments.ReadAsync(
            _host.Stores.Ledger, (await _host.Statuses.GetAsync(id, CancellationToken.None))!, TaskRowDocuments.MaxRows, after: null,
            CancellationToken.None);
        Assert.Equal(["batch=7", "tenant=1", "all", "g", "y=2"], shown.Rows.Single(r => r.Path == "0.1.1").Stamps);
    }

    [Fact]
    public async Task Stamps_OfTheWorkflowAlone_AreInNoRow()
    {
        string id = await _host.StartAsync(
            """{"group":[{"task":"Charge","args":"a"},{"map":{"task":"Charge","over":["b"]}}]}""", stamps: ["batch=7"]);
        await _host.EndAsync(id);

        Assert.Equal(["batch=7", "batch=7"], _seen.Values);
        Assert.All(_host.Stores.Ledger.Rows, r => Assert.Null(r.Stamps));
    }

    [Fact]
    public async Task Stamps_AroundAWideGroupAndAWideMap_ReachTheParts()
    {
        string members = string.Join(',', Enumerable.Range(0, 602).Select(i => i == 601
            ? """{"task":"Fail","args":{},"stamps":["last"],"onExhausted":"skip"}"""
            : $$"""{"task":"Echo","args":{{i}}}"""));
        string items = string.Join(',', Enumerable.Range(0, 201));
        string id = await _host.StartAsync(
            $$"""{"chain":[{"group":[{{members}}],"stamps":["wide"]},"""
                + $$"""{"map":{"task":"Echo","over":[{{items}}],"chunk":1},"stamps":["map"]}],"stamps":["all"]}""",
            stamps: ["batch=7"]);
        await _host.EndAsync(id);

        LedgerRow[] rows = [
            .. _host.Stores.Ledger.Rows.Where(r => !r.Key.Path.StartsWith(LedgerRow.PackPrefix, StringComparison.Ordinal))];
        Assert.Equal(602 + 201, rows.Length);
        Assert.All(rows.Where(r => r.Key.Path.StartsWith("0.1.", StringComparison.Ordinal)), r => Assert.Equal(["all", "map"], r.Stamps!));
        Assert.All(
            rows.Where(r => r.Key.Path.StartsWith("0.0.", StringComparison.Ordinal) && r.Key.Path != "0.0.601"),
            r => Assert.Equal(["all", "wide"], r.Stamps!));
        Assert.Equal(["all", "wide", "last"], rows.Single(r => r.Key.Path == "0.0.601").Stamps!);
        Assert.Equal(["batch=7", "all", "wide", "last"], Assert.Single(_host.Stores.DeadLetters.Values).Stamps);
    }

    [Fact]
    public async Task Stamps_OfACallInCode_AreAddedToTheWorkflows()
    {
        await using EagerHost host = await EagerHost.StartAsync();
        host.Stores.Receiver.Script = _host.Stores.Receiver.Script;
        string id = await host.StartAsync(async context =>
        {
            await context.CallTaskAsync("Charge", "5", new() { Stamps = ["customer=7", "stamp-1"] });
            await context.CallTaskAsync("Charge", "6");
            return "done";
        });
        await host.EndAsync(id);

        Assert.Equal("stamp-1 customer=7", _seen["0"]);
        Assert.Equal("stamp-1", _seen["1"]);
        Assert.Equal(["customer=7"], host.Stores.Ledger[new(id, null, "0")]!.Stamps!);
        Assert.Null(host.Stores.Ledger[new(id, null, "1")]!.Stamps);
    }

    [Theory]
    [InlineData("two words")]
    [InlineData("n0,n1,n2,n3,n4,n5,n6,n7,n8,n9,n10,n11,n12,n13,n14,n15")]
    public async Task Stamps_OfACallInCodeThatWillNotDo_AreRefused(string stamps)
    {
        await using EagerHost host = await EagerHost.StartAsync();

        OrchestrationMetadata end = await host.RunAsync("Charge", "5", new() { Stamps = stamps.Split(',') });

        Assert.Equal(typeof(ArgumentException).FullName, end.FailureDetails?.ErrorType);
        Assert.Empty(host.Stores.Receiver.Runs);
    }

    [Fact]
    public void TaskCall_WithoutStamps_SaysNothingOfThem()
    {
        string json = JsonSerializer.Serialize(new TaskCall { WorkflowId = "w", Path = "0", Task = "Echo", Args = TaskValue.Null });

        Assert.DoesNotContain("tamps", json, StringComparison.Ordinal);
    }

    private LedgerRow Row(string id, string path) => _host.Stores.Ledger.Rows.Single(r => r.Key.WorkflowId == id && r.Key.Path == path);
}
