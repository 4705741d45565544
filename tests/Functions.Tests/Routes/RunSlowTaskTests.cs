using Azure.Storage.Queues.Models;
using Chard.Calls;
using Chard.DeadLetters;
using Chard.Domain.DeadLetters;
using Chard.Domain.Failures;
using Chard.Domain.Ledger;
using Chard.Domain.Routes;
using Chard.Domain.Tasks;
using Chard.Domain.Workflows;
using Chard.Functions.Tests.InMemory;
using Chard.Functions.Tests.Support;
using Chard.Functions.Tests.Tasks;
using Chard.Functions.TryOut;
using Chard.Running;
using Chard.Tests.InMemory;
using Microsoft.DurableTask.Client;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using Moq;

namespace Chard.Functions.Tests.Routes;

/// <summary>The queue side of the slow route, without a queue.</summary>
public sealed class RunSlowTaskTests
{
    private static readonly LedgerKey Key = new("wf", null, "0");

    private readonly InMemoryLedgerStore _rows = new();
    private readonly InMemoryPayloadStore _payloads = new();
    private readonly Receiver _receiver = new();
    private readonly InMemoryWorkflowStatusStore _workflows = new(TimeProvider.System);
    private readonly InMemoryDeadLetterStore _letters = new(TimeProvider.System);
    private readonly Mock<DurableTaskClient> _client = new("test");
    private readonly List<(string Instance, string Event, SlowTaskEnd End)> _raised = [];

    public RunSlowTaskTests() =>
        _client.Setup(c => c.RaiseEventAsync(It.IsAny<string>(), It.IsAny<string>(), It.IsAny<object?>(), It.IsAny<CancellationToken>()))
            .Callback((string instance, string name, object? end, CancellationToken _) => _raised.Add((instance, name, (SlowTaskEnd)end!)))
            .Returns(Task.CompletedTask);

    private static CancellationToken None => CancellationToken.None;

    [Fact]
    public async Task Run_Success_RaisesTheResultForTheInstanceAndTurn()
    {
        await Queue().RunAsync(Message(Call(attempt: 2)), _client.Object, None);

        (string instance, string name, SlowTaskEnd end) = Assert.Single(_raised);
        Assert.Equal(("wf.part", "slow-task:0:0:2:0", "charged 5"), (instance, name, end.Result!.ToElement().GetString()));
    }

    [Fact]
    public async Task Run_FailureOfTheTask_IsAnEventAndNothingIsThrownToTheQueue()
    {
        _receiver.Script = (_, _) => throw new PermanentTaskException("declined", "no money", new InvalidOperationException("card"));

        await Queue().RunAsync(Message(Call()), _client.Object, None);

        SlowTaskEnd end = Assert.Single(_raised).End;
        Assert.Equal(new TaskFailure(FailureKind.Permanent, "declined", "no money"), end.Failure);
        Assert.Equal("card", end.Chain![^1].Message);
    }

    [Fact]
    public async Task Run_RateLimit_IsAnEventToo()
    {
        _receiver.Script = (_, _) => throw new RateLimitedTaskException("http-429", "later", TimeSpan.FromSeconds(9));

        await Queue().RunAsync(Message(Call()), _client.Object, None);

        Assert.Equal(new RetryLater(9, "http-429", "later"), Assert.Single(_raised).End.Again);
    }

    [Fact]
    public async Task Run_UnknownTask_IsAPermanentFailure()
    {
        await Queue().RunAsync(Message(Call("Gone")), _client.Object, None);

        Assert.Equal((FailureKind.Permanent, "task-not-found"), (Assert.Single(_raised).End.Failure!.Kind, _raised[0].End.Failure!.Code));
    }

    [Fact]
    public async Task Run_SecondDeliveryWhileTheFirstRunsElsewhere_IsDroppedAndTheTaskRunsOnce()
    {
        var go = new TaskCompletionSource();
        _receiver.Script = (_, _) => go.Task;
        Task first = Queue().RunAsync(Message(Call()), _client.Object, None);
        await Eventually.TrueAsync("the first runs", () => _receiver.Runs.Count == 1);

        await Queue().RunAsync(Message(Call()), _client.Object, None);
        Assert.Empty(_raised);
        go.SetResult();
        await first;

        Assert.Equal("charged 5", Assert.Single(_raised).End.Result!.ToElement().GetString());
        Assert.Single(_receiver.Runs);
    }

    [Fact]
    public async Task Run_DeliveredAgainAfterItsEnd_RaisesTheRecordedEndAndDoesNotRun()
    {
        await Queue().RunAsync(Message(Call()), _client.Object, None);
        await Queue().RunAsync(Message(Call()), _client.Object, None);

        Assert.Equal(["charged 5", "charged 5"], _raised.Select(r => r.End.Result!.ToElement().GetString()));
        Assert.Single(_receiver.Runs);
    }

    [Fact]
    public async Task Run_HostStops_GivesTheLeaseBackAndTheMessageToTheQueue()
    {
        using var stop = new CancellationTokenSource();
        _receiver.Script = (_, token) => Task.Delay(Timeout.Infinite, token);
        Task run = Queue().RunAsync(Message(Call()), _client.Object, stop.Token);
        await Eventually.TrueAsync("it runs", () => _receiver.Runs.Count == 1);

        await stop.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => run);
        Assert.Empty(_raised);
        Assert.Equal(LedgerStatus.Running, _rows[Key]!.Status);
        Assert.True(_rows[Key]!.LeaseUntil <= DateTimeOffset.UtcNow);
    }

    [Fact]
    public async Task Run_EventCannotBeRaised_IsThrownSoThatTheMessageComesAgain()
    {
        Refuses(new TimeoutException("storage is away"), new OrchestrationMetadata("W", "wf.part"));

        await Assert.ThrowsAsync<TimeoutException>(() => Queue().RunAsync(Message(Call()), _client.Object, None));
    }

    [Fact]
    public async Task Run_InstanceIsOver_IsNoError()
    {
        Refuses(new InvalidOperationException("gone"), null);

        await Queue().RunAsync(Message(Call()), _client.Object, None);
    }

    [Theory]
    [InlineData(WorkflowStatus.Cancelled, 0)]
    [InlineData(WorkflowStatus.Expired, 0)]
    [InlineData(WorkflowStatus.Failed, 0)]
    [InlineData(WorkflowStatus.Completed, 0)]
    [InlineData(WorkflowStatus.Running, 1)]
    [InlineData(WorkflowStatus.Parked, 1)]
    public async Task Run_WorkflowThatHasEnded_IsDroppedUnrun(WorkflowStatus status, int runs)
    {
        await _workflows.TryAddAsync(
            new() { Id = "wf", Workflow = "W", Status = status, CreatedAt = default, UpdatedAt = default }, new("h", "W", default), None);

        await Queue().RunAsync(Message(Call()), _client.Object, None);

        Assert.Equal((runs, runs), (_receiver.Runs.Count, _raised.Count));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Run_MessageThatIsNoCall_IsADeadLetterWithItsText(bool poisoned)
    {
        QueueMessage message = Message("""{"call":{},"instance":"wf"}"""u8.ToArray());
        await (poisoned ? Queue().RunPoisonedAsync(message, _client.Object, None) : Queue().RunAsync(message, _client.Object, None));

        DeadLetter letter = (await _letters.GetAsync(DeadLetterId.OfMessage("m"), None))!;
        Assert.Equal((DeadLetterOrigin.TaskMessage, "invalid-message"), (letter.Origin, letter.Class));
        Assert.Equal("wf", letter.Args!.Value.GetProperty("instance").GetString());
        Assert.Empty(_raised);
    }

    [Fact]
    public async Task RunPoisoned_NothingRecorded_IsATransientFailureOfTheCall()
    {
        await Queue().RunPoisonedAsync(Message(Call()), _client.Object, None);

        (string _, string name, SlowTaskEnd end) = Assert.Single(_raised);
        Assert.Equal(("slow-task:0:0:1:0", FailureKind.Transient, "poisoned"), (name, end.Failure!.Kind, end.Failure.Code));
    }

    [Fact]
    public async Task RunPoisoned_EndIsRecorded_IsThatEnd()
    {
        await Queue().RunAsync(Message(Call()), _client.Object, None);
        await Queue().RunPoisonedAsync(Message(Call()), _client.Object, None);

        Assert.Equal("charged 5", _raised[1].End.Result!.ToElement().GetString());
    }

    [Fact]
    public async Task RunPoisoned_AnotherDeliveryAtWork_IsDropped()
    {
        var go = new TaskCompletionSource();
        _receiver.Script = (_, _) => go.Task;
        Task first = Queue().RunAsync(Message(Call()), _client.Object, None);
        await Eventually.TrueAsync("the first runs", () => _receiver.Runs.Count == 1);

        await Queue().RunPoisonedAsync(Message(Call()), _client.Object, None);
        Assert.Empty(_raised);
        go.SetResult();
        await first;
    }

    [Fact]
    public async Task Run_WithoutLedger_NeedsNoRow()
    {
        await Queue().RunAsync(Message(Call(ledger: false)), _client.Object, None);

        Assert.Equal("charged 5", Assert.Single(_raised).End.Result!.ToElement().GetString());
        Assert.Empty(_rows.Rows);
    }

    private static TaskCall Call(string task = "Charge", int attempt = 1, bool ledger = true) => new()
    {
        WorkflowId = "wf", Path = "0", Task = task, Args = TaskValue.Of(TaskJson.ToElement("5")), Attempt = attempt,
        WithoutLedger = !ledger,
    };

    private static QueueMessage Message(TaskCall call) => Message(new SlowTaskMessage(call, "wf.part").ToUtf8());

    private static QueueMessage Message(byte[] body) => QueuesModelFactory.QueueMessage("m", "receipt", new BinaryData(body), 1);

    /// <summary>The function as one process has it.</summary>
    private RunSlowTask Queue()
    {
        var settings = new LedgerSettings { DuplicateWait = TimeSpan.Zero };
        TaskCatalogue catalogue = TaskCatalogue.Create(
            [typeof(Charge), typeof(Echo)], ["Charge", "Echo"], new Dictionary<string, IReadOnlyList<KeyValuePair<string, string?>>>());
        var runner = new TaskRunner(
            catalogue, new TaskLedger(_rows, settings, TimeProvider.System), settings, new TaskValueStore(_payloads), _payloads,
            FailureClassifier.Plain, new RunningWorkflows(_workflows, TimeProvider.System, NullLogger<RunningWorkflows>.Instance),
            new ServiceCollection().AddSingleton(_receiver).BuildServiceProvider(), TestMetrics.New(), TimeProvider.System,
            NullLogger<TaskRunner>.Instance);
        return new(
            runner, catalogue, _rows, _workflows,
            new MessageDeadLetters(_letters, _payloads, TestMetrics.News(), TimeProvider.System), TimeProvider.System,
            NullLogger<RunSlowTask>.Instance);
    }

    private void Refuses(Exception exception, OrchestrationMetadata? instance)
    {
        _client.Setup(c => c.RaiseEventAsync(It.IsAny<string>(), It.IsAny<string>(), It.IsAny<object?>(), It.IsAny<CancellationToken>()))
            .ThrowsAsync(exception);
        _client.Setup(c => c.GetInstanceAsync("wf.part", It.IsAny<CancellationToken>())).ReturnsAsync(instance);
    }
}
