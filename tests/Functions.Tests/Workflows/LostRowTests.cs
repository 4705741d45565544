using System.Text;
using System.Text.Json;
using Chard.Control;
using Chard.Domain.Json;
using Chard.Domain.Payloads;
using Chard.Domain.Workflows;
using Chard.Functions.Tests.InMemory;
using Chard.Running;
using Chard.Starts;
using Chard.Status;
using Microsoft.DurableTask.Client;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;

namespace Chard.Functions.Tests.Workflows;

/// <summary>
/// Storage and the engine are two: a machine that stops may leave either with a start that the other has lost. Each order of loss, made
/// whole by what comes next: the same start, another start, a read, the sweep's look, or the workflow's own run.
/// </summary>
public sealed class LostRowTests
{
    private const string Id = "w1";

    private readonly FakeTimeProvider _time = new(TestTime.Begin);
    private readonly EngineMock _engine = new();
    private readonly InMemoryPayloadStore _payloads = new();
    private readonly InMemoryWorkflowStatusStore _store;
    private readonly WorkflowStates _states;
    private readonly WorkflowControl _control;
    private readonly WorkflowRepair _repair;
    private readonly WorkflowWatch _watch;
    private readonly WorkflowStarter _starter;

    public LostRowTests()
    {
        _store = new(_time);
        var inputs = new StartInputs(_payloads);
        _states = new(_store, inputs, _payloads, _time, NullLogger<WorkflowStates>.Instance);
        _control = new(
            _states, _store, new InMemoryDeadLetterStore(_time), new RunningWorkflows(_store, _time, NullLogger<RunningWorkflows>.Instance),
            _time,
            NullLogger<WorkflowControl>.Instance);
        var scheduler = new WorkflowScheduler(_store, inputs, _time, NullLogger<WorkflowScheduler>.Instance);
        _repair = new(_states, _store, scheduler, _control, _time, NullLogger<WorkflowRepair>.Instance);
        _watch = new(_store, _states, _repair, new WorkflowSignals(), _time);
        _starter = new(
            new StartChecks([new AnyStart()]), _store, _states, inputs, scheduler, _time, NullLogger<WorkflowStarter>.Instance);
    }

    private static CancellationToken None => CancellationToken.None;

    [Theory]
    [InlineData(OrchestrationRuntimeStatus.Pending, WorkflowStatus.Queued)]
    [InlineData(OrchestrationRuntimeStatus.Running, WorkflowStatus.Running)]
    public async Task Start_AgainAfterItsRowWasLost_IsTheSameWorkflow(OrchestrationRuntimeStatus instance, WorkflowStatus status)
    {
        await StartAsync("one");
        await LoseRowAsync();
        _engine.Set(Id, instance);

        StartedWorkflow again = await StartAsync("one");

        Assert.Equal(new(Id, "Any", Existed: true, status), again);
        Assert.Equal(status, (await _store.GetAsync(Id, None))?.Status);
        Assert.Equal(1, _engine.Starts);
    }

    [Fact]
    public async Task Start_AgainAfterTheRowOfAnEndedOneWasLost_HasItsResult()
    {
        await StartAsync("one");
        await LoseRowAsync();
        _engine.Set(Id, OrchestrationRuntimeStatus.Completed, """{"rows":3}""");

        await StartAsync("one");
        _time.Advance(TimeSpan.FromSeconds(3));
        WorkflowState? state = await _watch.GetAsync(Id, _engine.Client, None);

        Assert.Equal(WorkflowStatus.Completed, state?.Status);
        Assert.Equal("""{"rows":3}""", (await _store.GetResultAsync(Id, None))?.Json);
    }

    [Theory]
    [InlineData(OrchestrationRuntimeStatus.Running)]
    [InlineData(OrchestrationRuntimeStatus.Completed)]
    public async Task Start_OfAnotherAfterTheRowWasLost_IsRefusedAndTheFirstHasItsRowAgain(OrchestrationRuntimeStatus instance)
    {
        await StartAsync("one", owner: "ann");
        WorkflowState before = (await _store.GetAsync(Id, None))!;
        string? hash = await _store.GetRequestHashAsync(Id, None);
        await LoseRowAsync();
        _engine.Set(Id, instance, "1");

        await Assert.ThrowsAsync<StartConflictException>(() => StartAsync("two", owner: "bob"));

        WorkflowState after = (await _store.GetAsync(Id, None))!;
        Assert.Equal(("ann", before.CreatedAt), (after.Owner, after.CreatedAt));
        Assert.Equal(hash, await _store.GetRequestHashAsync(Id, None));
        Assert.Equal(1, _engine.Starts);
    }

    [Fact]
    public async Task Start_OfAnIdThatAnEndedInstanceOfNobodyHas_TakesItsPlace()
    {
        _engine.Instances[Id] = new("Any", Id) { RuntimeStatus = OrchestrationRuntimeStatus.Failed };

        StartedWorkflow started = await StartAsync("one");

        Assert.False(started.Existed);
        Assert.Equal(OrchestrationRuntimeStatus.Pending, _engine.Instances[Id].RuntimeStatus);
    }

    [Fact]
    public async Task Start_OfAnIdThatARunningInstanceOfNobodyHas_IsRefusedAndLeavesNoRow()
    {
        _engine.Instances[Id] = new("Any", Id) { RuntimeStatus = OrchestrationRuntimeStatus.Running };

        await Assert.ThrowsAsync<StartConflictException>(() => StartAsync("one"));

        Assert.Null(await _store.GetAsync(Id, None));
        Assert.Equal(OrchestrationRuntimeStatus.Running, _engine.Instances[Id].RuntimeStatus);
    }

    [Fact]
    public async Task Start_WhoseAnswerFromTheEngineWasLost_IsStartedOnce()
    {
        _engine.LosesAnswers = true;

        StartedWorkflow started = await StartAsync("one");

        Assert.Equal((Id, WorkflowStatus.Queued, 1), (started.Id, started.Status, _engine.Starts));
    }

    [Theory]
    [InlineData("start")]
    [InlineData("read")]
    [InlineData("sweep")]
    public async Task Start_ThatTheEngineNeverGot_IsMadeUpForByWhatComesNext(string next)
    {
        _engine.IsDown = true;
        await Assert.ThrowsAsync<InvalidOperationException>(() => StartAsync("one"));
        _engine.IsDown = false;
        _time.Advance(TimeSpan.FromSeconds(6));

        await NextAsync(next);

        Assert.Equal(1, _engine.Starts);
        Assert.Equal("""{"n":"one"}""", _engine.Instances[Id].SerializedInput);
    }

    [Theory]
    [InlineData(OrchestrationRuntimeStatus.Pending, WorkflowStatus.Queued)]
    [InlineData(OrchestrationRuntimeStatus.Running, WorkflowStatus.Running)]
    [InlineData(OrchestrationRuntimeStatus.Suspended, WorkflowStatus.Paused)]
    [InlineData(OrchestrationRuntimeStatus.Completed, WorkflowStatus.Completed)]
    [InlineData(OrchestrationRuntimeStatus.Failed, WorkflowStatus.Failed)]
    [InlineData(OrchestrationRuntimeStatus.Terminated, WorkflowStatus.Cancelled)]
    public async Task Read_OfALostRow_TellsHowTheInstanceStandsAndWhoseItIs(OrchestrationRuntimeStatus instance, WorkflowStatus status)
    {
        await StartAsync("one", owner: "ann", stamps: ["batch:7", "x"], expiresIn: 3600);
        WorkflowState before = (await _store.GetAsync(Id, None))!;
        WorkflowStart start = (await _store.GetStartAsync(Id, None))!;
        await LoseRowAsync();
        _engine.Set(Id, instance, instance == OrchestrationRuntimeStatus.Completed ? "1" : null);
        _time.Advance(TimeSpan.FromSeconds(10));

        WorkflowState after = (await _watch.GetAsync(Id, _engine.Client, None))!;

        Assert.Equal(status, after.Status);
        Assert.Equal(
            (before.Workflow, before.Owner, before.CreatedAt, before.ExpiresAt),
            (after.Workflow, after.Owner, after.CreatedAt, after.ExpiresAt));
        Assert.Equal(before.Stamps, after.Stamps);
        Assert.True(after.Version > 1_000_000, $"Version {after.Version} may have been seen with another content.");
        WorkflowStart again = (await _store.GetStartAsync(Id, None))!;
        Assert.Equal((start.RequestHash, start.Orchestrator), (again.RequestHash, again.Orchestrator));
        Assert.Equal(start.Input?.GetRawText(), again.Input?.GetRawText());
    }

    [Fact]
    public async Task Read_OfALostRowWhoseTimeHasNotCome_IsQueued()
    {
        await StartAsync("one", startAt: _time.GetUtcNow().AddHours(1));
        await LoseRowAsync();
        _engine.Set(Id, OrchestrationRuntimeStatus.Running);

        Assert.Equal(WorkflowStatus.Queued, (await _watch.GetAsync(Id, _engine.Client, None))?.Status);
    }

    [Fact]
    public async Task Read_OfALostRowWithALargeInput_KeepsTheInputAside()
    {
        await StartAsync(new string('x', 40_000));
        await LoseRowAsync();

        await _watch.GetAsync(Id, _engine.Client, None);

        Assert.NotNull((await _store.GetStartAsync(Id, None))?.InputReference);
    }

    [Fact]
    public async Task Read_OfALostRowWithALargeResult_KeepsTheResultAside()
    {
        string result = JsonSerializer.Serialize(new string('x', 40_000));
        await StartAsync("one");
        await LoseRowAsync();
        _engine.Set(Id, OrchestrationRuntimeStatus.Completed, result);
        _time.Advance(TimeSpan.FromSeconds(3));

        await _watch.GetAsync(Id, _engine.Client, None);

        PayloadReference reference = (await _store.GetResultAsync(Id, None))!.Reference!;
        Assert.Equal(result.Length, reference.Bytes);
    }

    [Fact]
    public async Task Read_OfALostRowWhoseResultIsAPayload_NamesThePayload()
    {
        PayloadReference reference = await _payloads.WriteAsync(
            Id, "results/0", (stream, token) => stream.WriteAsync(Encoding.UTF8.GetBytes("[1]"), token).AsTask(), None);
        await StartAsync("one");
        await LoseRowAsync();
        _engine.Set(Id, OrchestrationRuntimeStatus.Completed, JsonSerializer.Serialize(reference, JsonSerializerOptions.Web));
        _time.Advance(TimeSpan.FromSeconds(3));

        await _watch.GetAsync(Id, _engine.Client, None);

        Assert.Equal(new(null, reference), await _store.GetResultAsync(Id, None));
    }

    [Fact]
    public async Task Read_OfWhatNobodyStarted_IsNothing()
    {
        _engine.Instances["foreign"] = new("Any", "foreign") { RuntimeStatus = OrchestrationRuntimeStatus.Running };

        Assert.Null(await _watch.GetAsync("foreign", _engine.Client, None));
        Assert.Null(await _watch.GetAsync("unknown", _engine.Client, None));
    }

    [Fact]
    public async Task Read_OfASubOrchestrationWithTheTagsOfItsParent_IsNothing()
    {
        await StartAsync("one");
        _engine.Instances["0af1"] = new("Part", "0af1")
        {
            RuntimeStatus = OrchestrationRuntimeStatus.Running, Tags = _engine.Instances[Id].Tags
        };

        Assert.Null(await _watch.GetAsync("0af1", _engine.Client, None));
    }

    [Fact]
    public async Task Read_OfAnExpiredRowWhoseInstanceHadEnded_IsItsEnd()
    {
        await StartAsync("one", expiresIn: 60);
        _engine.Set(Id, OrchestrationRuntimeStatus.Completed, "1");
        _time.Advance(TimeSpan.FromHours(1));

        Assert.Equal(WorkflowStatus.Completed, (await _watch.GetAsync(Id, _engine.Client, None))?.Status);
    }

    [Fact]
    public async Task Run_WhoseRowWasLostBeforeItBegan_BeginsAndEnds()
    {
        await StartAsync("one");
        await LoseRowAsync();

        WorkflowBeginning beginning = await new BeginWorkflow(_states, _time).RunAsync(Id, _engine.Client, None);
        await new UpdateWorkflowStatus(_states).RunAsync(
            new(Id, WorkflowStatus.Completed, Result: JsonElement.Parse("1")), _engine.Client, None);

        Assert.True(beginning.Proceed);
        Assert.Equal(WorkflowStatus.Completed, (await _store.GetAsync(Id, None))?.Status);
    }

    [Fact]
    public async Task Run_WhoseRowWasLostUnderWay_ReportsItsEnd()
    {
        await StartAsync("one");
        await new BeginWorkflow(_states, _time).RunAsync(Id, _engine.Client, None);
        await LoseRowAsync();
        _engine.Set(Id, OrchestrationRuntimeStatus.Running);

        await new UpdateWorkflowStatus(_states).RunAsync(
            new(Id, WorkflowStatus.Completed, Result: JsonElement.Parse("1")), _engine.Client, None);

        Assert.Equal("1", (await _store.GetResultAsync(Id, None))?.Json);
    }

    [Fact]
    public async Task Run_OfWhatNobodyStarted_SaysSo()
    {
        _engine.Instances["foreign"] = new("Any", "foreign") { RuntimeStatus = OrchestrationRuntimeStatus.Running };

        var refusal = await Assert.ThrowsAsync<KeyNotFoundException>(
            () => new BeginWorkflow(_states, _time).RunAsync("foreign", _engine.Client, None));

        Assert.StartsWith("Workflow 'foreign' was not started by this app.", refusal.Message, StringComparison.Ordinal);
        await Assert.ThrowsAsync<KeyNotFoundException>(
            () => new UpdateWorkflowStatus(_states).RunAsync(new("foreign", WorkflowStatus.Running), _engine.Client, None));
    }

    [Fact]
    public async Task Cancel_OfALostRow_EndsTheInstance()
    {
        await StartAsync("one");
        await LoseRowAsync();
        _engine.Set(Id, OrchestrationRuntimeStatus.Running);

        WorkflowChange? change = await _control.CancelAsync(Id, _engine.Client, None);

        Assert.Equal((WorkflowStatus.Cancelled, false), (change?.State.Status, change?.Refused));
        Assert.Equal(OrchestrationRuntimeStatus.Terminated, _engine.Instances[Id].RuntimeStatus);
    }

    [Fact]
    public async Task Start_WhoseInputWasLostBeforeTheEngineGotIt_HasFailedAndSaysWhy()
    {
        await StartLargeAndLoseItsInputAsync();

        WorkflowState? state = await SweepAsync();

        Assert.Equal((WorkflowStatus.Failed, "payload-missing"), (state?.Status, state?.Error?.Code));
        Assert.Equal(0, _engine.Starts);
    }

    [Fact]
    public async Task Start_AgainAfterItsInputWasLost_BringsItBack()
    {
        await StartLargeAndLoseItsInputAsync();

        await StartAsync(new string('x', 40_000));

        Assert.Equal(1, _engine.Starts);
        Assert.Equal(WorkflowStatus.Queued, (await SweepAsync())?.Status);
    }

    private async Task StartLargeAndLoseItsInputAsync()
    {
        _engine.IsDown = true;
        await Assert.ThrowsAsync<InvalidOperationException>(() => StartAsync(new string('x', 40_000)));
        _payloads.Remove((await _store.GetStartAsync(Id, None))!.InputReference!.Blob);
        _engine.IsDown = false;
        _time.Advance(TimeSpan.FromSeconds(6));
    }

    private async Task NextAsync(string next)
    {
        switch (next)
        {
            case "start":
                await StartAsync("one");
                break;
            case "read":
                await _watch.GetAsync(Id, _engine.Client, None);
                break;
            default:
                await SweepAsync();
                break;
        }
    }

    /// <summary>What the sweep does for one row.</summary>
    private async Task<WorkflowState?> SweepAsync()
    {
        Assert.Contains(Id, (await _store.GetActiveAsync(null, 100, None)).Ids);
        await _repair.CheckAsync((await _store.GetAsync(Id, None))!, _engine.Client, None);
        return await _store.GetAsync(Id, None);
    }

    private Task<StartedWorkflow> StartAsync(
        string n, string? owner = null, string[]? stamps = null, DateTimeOffset? startAt = null, double? expiresIn = null) =>
        _starter.StartAsync(
            new(JsonSerializer.SerializeToElement(new { any = n }))
            {
                Id = Id, Owner = owner, Stamps = stamps ?? [], StartAt = startAt, ExpiresIn = expiresIn
            },
            _engine.Client, None);

    private async Task LoseRowAsync() => await _store.RemoveAsync((await _store.GetAsync(Id, None))!, None);

    private sealed class AnyStart : IStartKind
    {
        public string Member => "any";

        public IReadOnlyList<string> Options => [];

        public StartPlan Plan(JsonElement form, IReadOnlyList<string> stamps, ICollection<JsonFault> faults) => new(
            "Any", "AnyOrchestrator", (_, _) => ValueTask.FromResult<object>(
                new Dictionary<string, string?> { ["n"] = form.GetProperty("any").GetString() }));
    }
}
