using System.Text.Json;
using Chard.Canvases;
using Chard.Domain.Ledger;
using Chard.Domain.Workflows;
using Chard.Running;
using Microsoft.Extensions.DependencyInjection;

namespace Chard.Functions.Tests.Canvases;

/// <summary>What happens to a pack while it runs, on the engine.</summary>
public sealed class RunPackTests : IAsyncLifetime
{
    private const string Three = """[{"task":"Charge","args":"a"},{"task":"Charge","args":"b"},{"task":"Charge","args":"c"}]""";

    private readonly CanvasHost _host = new();

    public Task InitializeAsync() => _host.InitializeAsync();

    public Task DisposeAsync() => _host.DisposeAsync();

    [Fact]
    public async Task Group_OfPackableTasks_IsOneActivityWithARowATask()
    {
        string id = await _host.StartAsync($$"""{"group":{{Three}},"pack":10}""");

        Assert.Equal("""["charged a","charged b","charged c"]""", await _host.EndAsync(id));
        Assert.Equal(
            ["0.0", "0.1", "0.2", "pack~0.0-2"], _host.Stores.Ledger.Rows.Select(r => r.Key.Path).Order(StringComparer.Ordinal));
        Assert.Equal(new WorkflowProgress(3, 3, 0), await ProgressOf(id));
    }

    [Fact]
    public async Task Chain_OfPackableTasks_TellsItsProgressAtItsEnd()
    {
        string id = await _host.StartAsync("""{"chain":[{"task":"Square","args":3},{"task":"Square"},{"task":"Echo"}]}""");

        Assert.Equal("81", await _host.EndAsync(id));
        Assert.Equal(new WorkflowProgress(3, 3, 0), await ProgressOf(id));
        Assert.Equal(["0.0", "0.1", "0.2", "pack~0"], _host.Stores.Ledger.Rows.Select(r => r.Key.Path).Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task Canvas_WithFailures_CountsThemInItsProgress()
    {
        string id = await _host.StartAsync(
            """{"group":[{"task":"Echo","args":1},{"task":"Fail","args":{}},"""
                + """{"chain":[{"task":"Echo"},{"task":"Fail","args":{}}]}],"failures":{"tolerate":2}}""");

        Assert.Equal("[1,null,null]", await _host.EndAsync(id));
        Assert.Equal(new WorkflowProgress(4, 2, 2), await ProgressOf(id));
    }

    [Fact]
    public async Task Time_IsOver_HandsBackWhatItHasNotBegun()
    {
        // One lane at a time, and each takes longer than the pack has.
        _host.Stores.Receiver.Script = (_, _) =>
        {
            _host.Eager.Pass(TimeSpan.FromSeconds(2));
            return Task.CompletedTask;
        };

        string id = await _host.StartAsync($$"""{"group":{{Three}},"pack":10,"packSeconds":1,"maxInFlight":1}""");

        Assert.Equal("""["charged a","charged b","charged c"]""", await _host.EndAsync(id));
        Assert.Equal(3, _host.Stores.Receiver.Runs.Count);
        Assert.Equal(3, _host.Stores.Ledger.Rows.Count(r => r.Key.Path.StartsWith(LedgerRow.PackPrefix, StringComparison.Ordinal)));
    }

    [Fact]
    public async Task Time_IsOverBetweenTwoSteps_GoesOnWithTheSecond()
    {
        _host.Stores.Receiver.Script = (_, _) =>
        {
            _host.Eager.Pass(TimeSpan.FromSeconds(2));
            return Task.CompletedTask;
        };
        const string Chain = """{"chain":[{"task":"Charge","args":"a"},{"task":"Charge","args":"b"}]}""";

        string id = await _host.StartAsync($$"""{"group":[{{Chain}},{{Chain}}],"pack":10,"packSeconds":1}""");

        Assert.Equal("""["charged b","charged b"]""", await _host.EndAsync(id));
        Assert.Equal(4, _host.Stores.Receiver.Runs.Count);
    }

    [Fact]
    public async Task Paused_BeginsNoMoreAndHandsBackTheRest()
    {
        var begun = new TaskCompletionSource();
        var goOn = new TaskCompletionSource();
        _host.Stores.Receiver.Script = (context, _) =>
        {
            begun.TrySetResult();
            return context.Path == "0.0" ? goOn.Task : Task.CompletedTask;
        };
        string id = await _host.StartAsync($$"""{"group":{{Three}},"pack":10,"maxInFlight":1}""");
        await begun.Task.WaitAsync(TimeSpan.FromSeconds(60));

        _host.Eager.Host.Services.GetRequiredService<RunningWorkflows>().Pause(id, isPaused: true);
        goOn.SetResult();
        await Eventually.TrueAsync(
            "the pack has ended", () => _host.Stores.Ledger[new(id, null, "pack~0.0-2")] is { Status: LedgerStatus.Succeeded });
        PackOutcome outcome = _host.Stores.Ledger[new(id, null, "pack~0.0-2")]!.Result!.ToElement().Deserialize<PackOutcome>()!;

        Assert.Equal((1, true), (outcome.Begun, outcome.IsPaused));
        Assert.Equal("""["charged a","charged b","charged c"]""", await _host.EndAsync(id));
    }

    [Fact]
    public async Task PausedBeforeItsFirstTask_BeginsNoneUntilTheWorkflowGoesOn()
    {
        var goOn = new TaskCompletionSource();
        _host.Stores.Receiver.Script = (context, _) => context.Path == "0.0" ? goOn.Task : Task.CompletedTask;
        string id = await _host.StartAsync(
            $$"""{"chain":[{"task":"Charge","args":"held","pack":1},{"group":{{Three}},"pack":10}]}""");
        await Eventually.TrueAsync("the first is at work", () => _host.Stores.Receiver.Runs.Count == 1);

        // Paused in its row and in this process, where other work of it goes on; its instance is not suspended yet.
        RunningWorkflows workflows = _host.Eager.Host.Services.GetRequiredService<RunningWorkflows>();
        using RunningWorkflow other = workflows.Enter(id);
        await _host.Statuses.ChangeAsync(id, state => WorkflowTransitions.Pause(state, _host.Now), default);
        workflows.Pause(id, isPaused: true);
        goOn.SetResult();
        await Eventually.TrueAsync("the pack was asked to begin", () => _host.Stores.Ledger[new(id, null, "pack~0.1.0-2")] is not null);
        Assert.Single(_host.Stores.Receiver.Runs);

        await _host.Statuses.ChangeAsync(id, state => WorkflowTransitions.Resume(state, _host.Now), default);
        workflows.Pause(id, isPaused: false);

        Assert.Equal("""["charged a","charged b","charged c"]""", await _host.EndAsync(id));
        Assert.Equal(4, _host.Stores.Receiver.Runs.Count);
    }

    [Fact]
    public async Task Cancelled_StopsWhatIsAtWork()
    {
        var begun = new TaskCompletionSource();
        var stopped = new TaskCompletionSource();
        _host.Stores.Receiver.Script = async (_, token) =>
        {
            begun.TrySetResult();
            await using CancellationTokenRegistration stops = token.Register(() => stopped.TrySetResult());
            await stopped.Task;
            token.ThrowIfCancellationRequested();
        };
        string id = await _host.StartAsync($$"""{"group":{{Three}},"pack":10,"maxInFlight":1}""");
        await begun.Task.WaitAsync(TimeSpan.FromSeconds(60));

        _host.Eager.Host.Services.GetRequiredService<RunningWorkflows>().End(id);
        await stopped.Task.WaitAsync(TimeSpan.FromSeconds(60));
        await Eventually.TrueAsync(
            "the pack has ended", () => _host.Stores.Ledger[new(id, null, "pack~0.0-2")] is { Status: LedgerStatus.Failed });

        Assert.Equal("cancelled", _host.Stores.Ledger[new(id, null, "pack~0.0-2")]!.Failure!.Code);
        Assert.Single(_host.Stores.Receiver.Runs);
    }

    private async Task<WorkflowProgress?> ProgressOf(string id) => (await _host.Statuses.GetAsync(id, default))!.Progress;
}
