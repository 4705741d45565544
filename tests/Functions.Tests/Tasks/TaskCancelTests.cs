using System.Text.Json;
using Chard.DeadLetters;
using Chard.Domain.DeadLetters;
using Chard.Domain.Failures;
using Chard.Domain.Ledger;
using Chard.Domain.Tasks;
using Chard.Domain.Workflows;
using Chard.Functions.Tests.InMemory;
using Chard.Functions.Tests.Support;
using Chard.Running;
using Chard.Tests.InMemory;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;

namespace Chard.Functions.Tests.Tasks;

/// <summary>What becomes of a run whose workflow is ended meanwhile, without an engine.</summary>
public sealed class TaskCancelTests : IDisposable
{
    private static readonly LedgerKey Key = new("wf", null, "0");

    private readonly InMemoryLedgerStore _rows = new();
    private readonly InMemoryPayloadStore _payloads = new();
    private readonly InMemoryWorkflowStatusStore _statuses = new(TimeProvider.System);
    private readonly Receiver _receiver = new();
    private readonly RunningWorkflows _workflows;

    public TaskCancelTests() => _workflows = new(_statuses, TimeProvider.System, NullLogger<RunningWorkflows>.Instance);

    public void Dispose() => _workflows.Dispose();

    [Fact]
    public async Task Run_WorkflowEnded_StopsAsCancelledForGood()
    {
        _receiver.Script = (_, token) => Task.Delay(Timeout.Infinite, token);
        Task<TaskOutcome> run = RunAsync();

        _workflows.End("wf");

        Assert.Equal("cancelled", (await Assert.ThrowsAsync<PermanentTaskException>(() => run)).Code);
        Assert.Equal(
            (LedgerStatus.Failed, TaskFailure.CancelledCode, FailureKind.Permanent),
            (_rows[Key]!.Status, _rows[Key]!.Failure!.Code, _rows[Key]!.Failure!.Kind));
    }

    [Fact]
    public async Task Run_ThrowsAnythingOnceItIsStopped_IsCancelledAllTheSame()
    {
        _receiver.Script = async (_, token) =>
        {
            await Task.Delay(Timeout.Infinite, token).ContinueWith(_ => { }, TaskScheduler.Default);
            throw new IOException("the socket was closed under it");
        };
        Task<TaskOutcome> run = RunAsync();

        _workflows.End("wf");

        Assert.Equal("cancelled", (await Assert.ThrowsAsync<PermanentTaskException>(() => run)).Code);
        Assert.Equal("cancelled", _rows[Key]!.Failure!.Code);
    }

    [Fact]
    public async Task Run_FinishesItsWorkAllTheSame_IsRecordedAsDone()
    {
        _receiver.Script = (_, token) => Task.Delay(Timeout.Infinite, token).ContinueWith(_ => { }, TaskScheduler.Default);
        Task<TaskOutcome> run = RunAsync();

        _workflows.End("wf");

        Assert.Equal("\"charged 5\"", (await run).Result!.ToElement().GetRawText());
        Assert.Equal(LedgerStatus.Succeeded, _rows[Key]!.Status);
    }

    [Fact]
    public async Task Run_IgnoresItsToken_IsLeftBehindAsCancelled()
    {
        var never = new TaskCompletionSource();
        _receiver.Script = (_, _) => never.Task;
        Task<TaskOutcome> run = RunAsync(abandon: 0.1);

        _workflows.End("wf");

        Assert.Equal("cancelled", (await Assert.ThrowsAsync<PermanentTaskException>(() => run)).Code);
        never.SetResult();
        Assert.Equal("cancelled", _rows[Key]!.Failure!.Code);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Run_WorkflowEndedBefore_DoesNotBegin(bool ledger)
    {
        _workflows.End("wf");

        Assert.Equal("cancelled", (await Assert.ThrowsAsync<PermanentTaskException>(() => RunAsync(ledger))).Code);
        Assert.Empty(_receiver.Runs);
        Assert.Empty(_rows.Operations);
    }

    [Fact]
    public async Task Run_WithoutLedger_StopsAsCancelled()
    {
        _receiver.Script = (_, token) => Task.Delay(Timeout.Infinite, token);
        Task<TaskOutcome> run = RunAsync(ledger: false);

        _workflows.End("wf");

        Assert.Equal("cancelled", (await Assert.ThrowsAsync<PermanentTaskException>(() => run)).Code);
    }

    [Fact]
    public async Task Run_WorkflowHasNoRow_IsLeftAlone()
    {
        _receiver.Script = (_, token) => Task.Delay(TimeSpan.FromSeconds(0.2), token);

        Assert.Equal("\"charged 5\"", (await RunAsync()).Result!.ToElement().GetRawText());
    }

    [Fact]
    public async Task Run_DeadlineFurtherAwayThanTimersReach_Runs()
    {
        DateTimeOffset deadline = DateTimeOffset.UtcNow.AddDays(365);

        Assert.Equal("\"charged 5\"", (await RunAsync(deadline: deadline)).Result!.ToElement().GetRawText());
    }

    [Fact]
    public async Task Run_DeadlineReached_StopsAndIsNotTakenForACancel()
    {
        CancellationToken seen = default;
        _receiver.Script = (_, token) => Task.Delay(Timeout.Infinite, seen = token);

        var time = new FakeTimeProvider();
        Task<TaskOutcome> run = RunAsync(deadline: time.GetUtcNow().AddSeconds(60), time: time);
        Assert.False(seen.IsCancellationRequested);

        time.Advance(TimeSpan.FromSeconds(60));

        TransientTaskException thrown = await Assert.ThrowsAsync<TransientTaskException>(() => run);
        Assert.True(seen.IsCancellationRequested);
        Assert.NotEqual("cancelled", thrown.Code);
    }

    [Theory]
    [InlineData("cancelled", WorkflowStatus.Cancelled, false)]
    [InlineData("cancelled", WorkflowStatus.Expired, false)]
    [InlineData("cancelled", WorkflowStatus.Running, true)]
    [InlineData("fail", WorkflowStatus.Cancelled, true)]
    public async Task WriteDeadLetter_OfATaskStoppedWithItsWorkflow_WritesNone(string failure, WorkflowStatus status, bool written)
    {
        var letters = new InMemoryDeadLetterStore(TimeProvider.System);
        await _statuses.TryAddAsync(
            new() { Id = "wf", Workflow = "W", Status = status, CreatedAt = default }, new("h", "W", default, null),
            CancellationToken.None);
        var letter = new DeadLetter { Id = "wf.0.0", WorkflowId = "wf", Class = failure, Message = "m", CreatedAt = default };

        await new WriteDeadLetter(letters, _statuses, TestMetrics.News()).RunAsync(letter, CancellationToken.None);

        Assert.Equal(written, await letters.GetAsync(letter.Id, CancellationToken.None) is not null);
    }

    private async Task<TaskOutcome> RunAsync(
        bool ledger = true, double abandon = 30, DateTimeOffset? deadline = null, TimeProvider? time = null)
    {
        time ??= TimeProvider.System;
        var settings = new LedgerSettings { DuplicateWait = TimeSpan.Zero, AbandonAfter = TimeSpan.FromSeconds(abandon) };
        TaskCatalogue catalogue = TaskCatalogue.Create(
            [typeof(Charge)], ["Charge"], new Dictionary<string, IReadOnlyList<KeyValuePair<string, string?>>>());
        var runner = new TaskRunner(
            catalogue, new TaskLedger(_rows, settings, time), settings, new TaskValueStore(_payloads), _payloads, FailureClassifier.Plain,
            _workflows, new ServiceCollection().AddSingleton(_receiver).BuildServiceProvider(), TestMetrics.New(), time,
            NullLogger<TaskRunner>.Instance);
        var call = new TaskCall
        {
            WorkflowId = "wf", Path = "0", Task = "Charge", Args = TaskValue.Of(JsonElement.Parse("\"5\"")), WithoutLedger = !ledger,
            TimeLimitSeconds = 600, Deadline = deadline,
        };
        Task<TaskOutcome> run = runner.RunAsync<Charge>(call, default);
        await Eventually.TrueAsync("the task runs", () => run.IsCompleted || !_receiver.Runs.IsEmpty);
        return await run;
    }
}
