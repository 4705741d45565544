using Chard.Domain.Failures;
using Chard.Domain.Ledger;
using Chard.Domain.Tasks;
using Chard.Functions.Tests.InMemory;
using Chard.Functions.Tests.Support;
using Chard.Functions.TryOut;
using Chard.Running;
using Chard.Tests.InMemory;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;

namespace Chard.Functions.Tests.Tasks;

/// <summary>The activity side of a call, without an engine.</summary>
public sealed class TaskRunnerTests
{
    private static readonly LedgerKey Key = new("wf", null, "0");

    private readonly InMemoryLedgerStore _rows = new();
    private readonly InMemoryPayloadStore _payloads = new();
    private readonly Receiver _receiver = new();
    private readonly RunningWorkflows _workflows = new(
        new InMemoryWorkflowStatusStore(TimeProvider.System), TimeProvider.System, NullLogger<RunningWorkflows>.Instance);

    [Fact]
    public async Task RunAsync_SecondDeliveryInTheProcess_JoinsTheFirst()
    {
        var go = new TaskCompletionSource();
        _receiver.Script = (_, _) => go.Task;
        TaskRunner runner = Runner();

        Task<TaskOutcome> first = runner.RunAsync<Charge>(Call(), default);
        Task<TaskOutcome> second = runner.RunAsync<Charge>(Call(), default);
        go.SetResult();

        Assert.Equal((await first).Result!.ToElement().GetString(), (await second).Result!.ToElement().GetString());
        Assert.Single(_receiver.Runs);
        Assert.Equal(["add", "update"], _rows.Operations);
    }

    [Fact]
    public async Task RunAsync_SecondDeliveryElsewhere_IsToldToAskAgain()
    {
        var go = new TaskCompletionSource();
        _receiver.Script = (_, _) => go.Task;
        Task<TaskOutcome> first = Runner().RunAsync<Charge>(Call(), default);

        TaskOutcome second = await Runner().RunAsync<Charge>(Call(), default);
        go.SetResult();
        await first;

        Assert.True(second.Again!.IsBusy);
        Assert.Equal("\"charged 5\"", (await Runner().RunAsync<Charge>(Call(), default)).Result!.ToElement().GetRawText());
        Assert.Single(_receiver.Runs);
    }

    [Fact]
    public async Task RunAsync_LeaseTakenByAnother_StopsTheTaskAndDropsItsEnd()
    {
        var began = new TaskCompletionSource();
        _receiver.Script = async (_, token) =>
        {
            began.TrySetResult();
            await Task.Delay(Timeout.Infinite, token);
        };
        Task<TaskOutcome> first = Runner(lease: 0.3).RunAsync<Charge>(Call(), default);
        await began.Task;

        // Another host finds the lease run out, as after a long pause of the first.
        StoredRow stored = (await _rows.GetAsync(Key, default))!.Value;
        await TakeOverAsync(stored);

        TaskOutcome outcome = await first.WaitAsync(TimeSpan.FromSeconds(20));
        Assert.True(outcome.Again!.IsBusy);
        Assert.Equal("thief", _rows[Key]!.Runner);
    }

    [Fact]
    public async Task RunAsync_ForLongerThanManyLeases_KeepsItsOwn()
    {
        var time = new FakeTimeProvider();
        var end = new TaskCompletionSource();
        _receiver.Script = (_, token) => end.Task.WaitAsync(token);
        Task<TaskOutcome> run = Runner(time: time).RunAsync<Charge>(Call(), default);
        await Eventually.TrueAsync("the task runs", () => !_receiver.Runs.IsEmpty);

        for (int second = 0; second < 300; second += 5)
        {
            time.Advance(TimeSpan.FromSeconds(5));
            await Eventually.TrueAsync("the lease is alive", () => _rows[Key]!.LeaseUntil > time.GetUtcNow());
        }

        end.SetResult();
        Assert.Equal("\"charged 5\"", (await run).Result!.ToElement().GetRawText());
    }

    [Fact]
    public async Task RunAsync_HostStops_GivesTheLeaseBackUnended()
    {
        using var stop = new CancellationTokenSource();
        _receiver.Script = (_, token) => Task.Delay(Timeout.Infinite, token);
        Task<TaskOutcome> run = Runner().RunAsync<Charge>(Call(), stop.Token);
        await Eventually.TrueAsync("the task runs", () => !_receiver.Runs.IsEmpty);

        await stop.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => run);
        Assert.Equal(LedgerStatus.Running, _rows[Key]!.Status);
        Assert.True(_rows[Key]!.LeaseUntil <= DateTimeOffset.UtcNow);
    }

    [Fact]
    public async Task RunAsync_ThrownOutOfTheBlueWhileTheHostStops_IsNoFailure()
    {
        using var stop = new CancellationTokenSource();
        _receiver.Script = async (_, token) =>
        {
            await stop.CancelAsync();
            throw new IOException("the socket went away with the host");
        };

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => Runner().RunAsync<Charge>(Call(), stop.Token));
        Assert.Equal(LedgerStatus.Running, _rows[Key]!.Status);
    }

    [Fact]
    public async Task RunAsync_FailureOfAnyKind_LeavesAsCodeAndMessage()
    {
        _receiver.Script = (_, _) => throw new HttpRequestException("bad gateway", null, System.Net.HttpStatusCode.BadGateway);

        var thrown = await Assert.ThrowsAsync<TransientTaskException>(() => Runner().RunAsync<Charge>(Call(), default));

        Assert.Equal("http-502: bad gateway", thrown.Message);
        Assert.Equal((LedgerStatus.Failed, "http-502"), (_rows[Key]!.Status, _rows[Key]!.Failure!.Code));
    }

    [Fact]
    public async Task RunAsync_WithoutLedger_WritesNoRowAndRunsAgain()
    {
        TaskRunner runner = Runner();

        await runner.RunAsync<Charge>(Call(ledger: false), default);
        await runner.RunAsync<Charge>(Call(ledger: false), default);

        Assert.Equal(2, _receiver.Runs.Count);
        Assert.Empty(_rows.Operations);
    }

    [Fact]
    public async Task RunAsync_ResultThatCannotBeStored_IsInDoubtAndNotAFailure()
    {
        TaskRunner runner = Runner(new FullDisk());

        var thrown = await Assert.ThrowsAsync<TransientTaskException>(() => runner.RunAsync<Grow>(
            new TaskCall
            {
                WorkflowId = "wf", Path = "0", Task = "Grow", Args = TaskValue.Of(TaskJson.ToElement(new { text = "abc", times = 50_000 }))
            }, default));

        Assert.Equal("result-not-stored", thrown.Code);
        Assert.Equal(LedgerStatus.Running, _rows[Key]!.Status);
        Assert.True(_rows[Key]!.LeaseUntil <= DateTimeOffset.UtcNow);
    }

    [Fact]
    public async Task RunAsync_LineThatRunsTheWrongClass_SaysSo()
    {
        var thrown = await Assert.ThrowsAsync<PermanentTaskException>(() => Runner().RunAsync<Echo>(Call(), default));

        Assert.StartsWith("wrong-function: A call of Charge came to the function of Echo", thrown.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task RunAsync_ProgressReported_IsInTheRow()
    {
        _receiver.Script = async (context, _) =>
        {
            context.ReportProgress(new(3, 10, new string('m', 1000)));
            await Eventually.TrueAsync("the row shows it", () => _rows[Key]!.Progress is not null);
        };

        await Runner(progress: 0).RunAsync<Charge>(Call(), default);

        Assert.Equal((3, 10L, 256), (_rows[Key]!.Progress!.Done, _rows[Key]!.Progress!.Total, _rows[Key]!.Progress!.Message!.Length));
    }

    [Fact]
    public async Task RunAsync_Deadline_IsTheEarlierOfLimitAndDeadline()
    {
        DateTimeOffset? seen = null;
        _receiver.Script = (context, _) =>
        {
            seen = context.Deadline;
            return Task.CompletedTask;
        };
        DateTimeOffset deadline = DateTimeOffset.UtcNow.AddSeconds(30);

        await Runner().RunAsync<Charge>(Call(deadline: deadline), default);

        Assert.Equal(deadline, seen);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task RunAsync_StreamTaskWithLargeArgs_ReadsThemItemByItem(bool ledger)
    {
        var numbers = new GeneratedPayloads(1_000_000);
        TaskCall call = Call("ReadAhead", TaskValue.Of(numbers.Reference), ledger);

        TaskOutcome outcome = await Runner(numbers).RunAsync<ReadAhead>(call, default);

        Assert.InRange(outcome.Result!.ToElement().GetInt64(), 0, 64 * 1024);
        Assert.Equal((numbers.Reference.Bytes, 1, 0), (numbers.BytesRead, numbers.Opened, numbers.Open));
    }

    [Fact]
    public async Task RunAsync_StreamTaskWithSmallArgs_TakesThemWhereverTheyLie()
    {
        TaskCall inline = Call("Sum", TaskValue.Of(TaskJson.ToElement(new[] { 0.1m, 0.2m })), ledger: false);
        TaskCall stored = Call("Sum", await StoreAsync("[1, 2.5]"), ledger: false);
        TaskCall nothing = Call("Sum", await StoreAsync("null", "nothing"), ledger: false);

        Assert.Equal("0.3", (await Runner().RunAsync<Sum>(inline, default)).Result!.ToElement().GetRawText());
        Assert.Equal("3.5", (await Runner().RunAsync<Sum>(stored, default)).Result!.ToElement().GetRawText());
        var refused = await Assert.ThrowsAsync<PermanentTaskException>(() => Runner().RunAsync<Sum>(nothing, default));
        Assert.Equal("invalid-args: Sum needs an array of Decimal as its arguments, and there is none.", refused.Message);
    }

    [Fact]
    public async Task RunAsync_StreamTaskWithAnItemThatDoesNotFit_FailsForGoodAndNamesIt()
    {
        var numbers = new GeneratedPayloads(100_000) { Odd = (70_001, "\"seven\"") };
        TaskCall call = Call("ReadAhead", TaskValue.Of(numbers.Reference));

        var refused = await Assert.ThrowsAsync<PermanentTaskException>(() => Runner(numbers).RunAsync<ReadAhead>(call, default));

        Assert.StartsWith(
            "invalid-args: Item 70001 of the arguments of ReadAhead does not fit Decimal: ", refused.Message, StringComparison.Ordinal);
        Assert.Equal((LedgerStatus.Failed, 0), (_rows[Key]!.Status, numbers.Open));
    }

    private static TaskCall Call(bool ledger = true, DateTimeOffset? deadline = null) =>
        Call("Charge", TaskValue.Of(TaskJson.ToElement("5")), ledger, deadline);

    private static TaskCall Call(string task, TaskValue args, bool ledger = true, DateTimeOffset? deadline = null) => new()
    {
        WorkflowId = "wf",
        Path = "0",
        Task = task,
        Args = args,
        WithoutLedger = !ledger,
        TimeLimitSeconds = 600,
        Deadline = deadline,
    };

    private TaskRunner Runner(
        Chard.Domain.Payloads.IPayloadStore? payloads = null, double lease = 30, double progress = 2, TimeProvider? time = null)
    {
        time ??= TimeProvider.System;
        var settings = new LedgerSettings
        {
            Lease = TimeSpan.FromSeconds(lease), DuplicateWait = TimeSpan.Zero, ProgressInterval = TimeSpan.FromSeconds(progress),
            AbandonAfter = TimeSpan.FromSeconds(5),
        };
        TaskCatalogue catalogue = TaskCatalogue.Create(
            [typeof(Charge), typeof(Echo), typeof(Grow), typeof(ReadAhead), typeof(Sum)], ["Charge", "Echo", "Grow", "ReadAhead", "Sum"],
            new Dictionary<string, IReadOnlyList<KeyValuePair<string, string?>>>());
        return new(
            catalogue, new TaskLedger(_rows, settings, time), settings, new TaskValueStore(payloads ?? _payloads), payloads ?? _payloads,
            FailureClassifier.Plain, _workflows, Services(payloads), TestMetrics.New(), time, NullLogger<TaskRunner>.Instance);
    }

    private async Task<TaskValue> StoreAsync(string json, string name = "array") =>
        TaskValue.Of(await _payloads.WriteAsync(
            "wf", name, (stream, token) => stream.WriteAsync(System.Text.Encoding.UTF8.GetBytes(json), token).AsTask(), default));

    private ServiceProvider Services(Chard.Domain.Payloads.IPayloadStore? payloads)
    {
        IServiceCollection services = new ServiceCollection().AddSingleton(_receiver);
        return (payloads is GeneratedPayloads generated ? services.AddSingleton(generated) : services).BuildServiceProvider();
    }

    private async Task TakeOverAsync(StoredRow stored)
    {
        string? version = stored.Version;
        while (await _rows.TryReplaceAsync(
            stored.Row with { Runner = "thief", LeaseUntil = DateTimeOffset.UtcNow.AddMinutes(1) }, version!, default) is null)
        {
            version = (await _rows.GetAsync(Key, default))!.Value.Version; // the first one has just renewed
        }
    }

    private sealed class FullDisk : Chard.Domain.Payloads.IPayloadStore
    {
        public Task<Chard.Domain.Payloads.PayloadReference> WriteAsync(
            string workflowId, string name, Func<Stream, CancellationToken, Task> write, CancellationToken cancellationToken) =>
                throw new IOException("no space");

        public Task<Chard.Domain.Payloads.PayloadReference?> FindAsync(
            string workflowId, string name, CancellationToken cancellationToken) => throw new NotSupportedException();

        public Task<Stream> OpenReadAsync(Chard.Domain.Payloads.PayloadReference reference, CancellationToken cancellationToken) =>
            throw new IOException("no disk");

        public Task DeleteAsync(string workflowId, string folder, CancellationToken cancellationToken) => throw new IOException("no disk");

        public Task<int> DeleteAllAsync(string owner, int most, CancellationToken cancellationToken) => throw new IOException("no disk");
    }
}
