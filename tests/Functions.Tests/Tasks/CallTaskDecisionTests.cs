using Chard.Calls;
using Chard.Domain.DeadLetters;
using Chard.Domain.Failures;
using Chard.Domain.Payloads;
using Chard.Domain.Tasks;
using Chard.Domain.Workflows;
using Microsoft.DurableTask;
using Moq;

namespace Chard.Functions.Tests.Tasks;

/// <summary>What a call asks of the orchestration, decision by decision.</summary>
public sealed class CallTaskDecisionTests
{
    private readonly Mock<TaskOrchestrationContext> _context = new(MockBehavior.Strict);
    private readonly List<TaskCall> _calls = [];
    private readonly List<TimeSpan> _timers = [];
    private readonly List<DeadLetter> _letters = [];
    private DateTime _now = new(2026, 11, 22, 12, 0, 0, DateTimeKind.Utc);

    public CallTaskDecisionTests()
    {
        _context.Setup(c => c.InstanceId).Returns("wf");
        _context.Setup(c => c.Name).Returns(new TaskName("Flow"));
        _context.Setup(c => c.CurrentUtcDateTime).Returns(() => _now);
        _context.Setup(c => c.CreateTimer(It.IsAny<TimeSpan>(), It.IsAny<CancellationToken>())).Returns(
            (TimeSpan delay, CancellationToken _) =>
            {
                _timers.Add(delay);
                _now += delay;
                return Task.CompletedTask;
            });
        _context.Setup(
            c => c.CallActivityAsync(It.Is<TaskName>(n => n.Name == "WriteDeadLetter"), It.IsAny<object>(), It.IsAny<TaskOptions>()))
            .Callback((TaskName _, object letter, TaskOptions _) => _letters.Add((DeadLetter)letter)).Returns(Task.CompletedTask);
        Input(new("wf"));
    }

    [Fact]
    public async Task CallTaskAsync_Calls_AreNumberedBelowTheOrchestrationsOwnPlace()
    {
        Input(new("wf", Path: "3"));
        Answer(TaskOutcome.Succeeded(TaskValue.Of(TaskJson.ToElement(7))));

        await _context.Object.CallTaskAsync<int>("Echo", 1);
        await _context.Object.CallTaskAsync<int>(
            "Echo", 2, new() { Path = "last", IdempotencyKey = "charge-1", Shard = "s", TimeLimitSeconds = 5 });

        Assert.Equal(["3.0", "3.last"], _calls.Select(c => c.Path));
        Assert.Equal(["wf:3.0", "charge-1"], _calls.Select(c => c.IdempotencyKey));
        Assert.Equal([600, 5], _calls.Select(c => c.TimeLimitSeconds));
    }

    [Theory]
    [InlineData("Chard.Domain.Failures.TransientTaskException", "io: broken", true)]
    [InlineData("Chard.Domain.Failures.PermanentTaskException", "declined: no", false)]
    [InlineData("ActivityTaskNotFound", "No activity", false)]
    [InlineData("System.OutOfMemoryException", "boom", true)]
    public async Task Failure_IsRetriedByItsKindWithTheNextAttemptInAnInputOfItsOwn(string type, string message, bool retried)
    {
        Script(Failed(type, message), Task.FromResult(TaskOutcome.Succeeded(TaskValue.Of(TaskJson.ToElement(7)))));

        Task<int> call = _context.Object.CallTaskAsync<int>("Echo");
        if (!retried)
        {
            Assert.Equal(1, (await Assert.ThrowsAsync<TaskExhaustedException>(() => call)).Attempts);
            Assert.Empty(_timers);
            Assert.Equal([1], _calls.Select(c => c.Attempt));
            return;
        }

        Assert.Equal(7, await call);
        Assert.Single(_timers);
        Assert.Equal([1, 2], _calls.Select(c => c.Attempt));
        Assert.NotSame(_calls[0], _calls[1]);
        Assert.Equal(_calls[0] with { Attempt = 2, ScheduledAt = _calls[0].ScheduledAt + _timers[0] }, _calls[1]);
    }

    [Fact]
    public async Task SixthFailure_GivesUp()
    {
        Fails(typeof(TransientTaskException).FullName!, "io: broken");

        var thrown = await Assert.ThrowsAsync<TaskExhaustedException>(() => _context.Object.CallTaskAsync("Echo"));

        Assert.Equal(6, thrown.Attempts);
        Assert.Equal([1, 2, 3, 4, 5, 6], _calls.Select(c => c.Attempt));
        double[] seconds = [60, 120, 240, 480, 960];
        Assert.Equal(seconds.Length, _timers.Count);
        Assert.All(_timers.Zip(seconds), pair => Assert.InRange(pair.First.TotalSeconds, pair.Second, pair.Second * 1.1));
        Assert.NotEqual(_timers[0].TotalSeconds * 2, _timers[1].TotalSeconds); // each delay has a jitter of its own
    }

    [Fact]
    public async Task Tries_HaveNoRetriesOfTheEnginesBeside()
    {
        Answer(TaskOutcome.Succeeded(TaskValue.Null));

        await _context.Object.CallTaskAsync("Echo");

        _context.Verify(c => c.CallActivityAsync<TaskOutcome>(new TaskName("Echo"), It.IsAny<object>(), null), Times.Once);
    }

    [Fact]
    public async Task CallTaskAsync_RateLimited_CallsAgainWithALaterTurnAndTheSameAttempt()
    {
        Answer(
            TaskOutcome.RateLimited(TimeSpan.FromSeconds(30), "http-429", "slow down"),
            TaskOutcome.Busy(TimeSpan.FromSeconds(12)),
            TaskOutcome.Succeeded(TaskValue.Of(TaskJson.ToElement("done"))));

        Assert.Equal("done", await _context.Object.CallTaskAsync<string>("Echo"));

        Assert.InRange(_timers[0].TotalSeconds, 30, 33);
        Assert.Equal(TimeSpan.FromSeconds(12), _timers[1]);
        Assert.Equal((1, 1), (_calls[2].Attempt, _calls[2].Wait));
    }

    [Fact]
    public async Task CallTaskAsync_Exhausted_WritesTheLetterBeforeItThrows()
    {
        Input(new("wf", Stamps: ["batch=7"], Workflow: "ChargeOrder"));
        Fails(typeof(PermanentTaskException).FullName!, "declined: no money");

        var thrown = await Assert.ThrowsAsync<TaskExhaustedException>(() => _context.Object.CallTaskAsync<int>("Echo", new { sku = 1 }));

        DeadLetter letter = Assert.Single(_letters);
        Assert.Equal(
            ("wf.0.0", "ChargeOrder", "declined", "no money", 1, false),
            (letter.Id, letter.Workflow, letter.Class, letter.Message, letter.Attempts, letter.Parked));
        Assert.Equal(
            ("Echo", "0", "declined", new WorkflowError("declined", "no money", "Echo")),
            (thrown.Task, thrown.Path, thrown.Failure.Code, thrown.ToError()));
    }

    [Fact]
    public async Task CallTaskAsync_ResultByReference_IsPassedOnAndNotLoaded()
    {
        var reference = new PayloadReference("wf/results/0", "00", 1_000_000);
        Answer(TaskOutcome.Succeeded(TaskValue.Of(reference)));

        Assert.Equal(reference, (await _context.Object.CallTaskAsync<TaskValue>("Echo"))!.Reference);
        var refused = await Assert.ThrowsAsync<PermanentTaskException>(() => _context.Object.CallTaskAsync<string>("Echo"));

        Assert.Equal("result-too-large", refused.Code);
        Assert.Contains("TaskValue", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task CallTaskAsync_ArgsThatCannotTravel_AreRefusedWithTheMember()
    {
        var large = await Assert.ThrowsAsync<PermanentTaskException>(() => _context.Object.CallTaskAsync("Echo", new string('x', 40_000)));
        var delegated = await Assert.ThrowsAsync<PermanentTaskException>(
            () => _context.Object.CallTaskAsync("Echo", new { Callback = (Func<int>)(() => 1) }));

        Assert.Equal(("args-too-large", "invalid-args"), (large.Code, delegated.Code));
        Assert.Contains("Callback", delegated.Message, StringComparison.OrdinalIgnoreCase);
    }

    [Theory]
    [InlineData("a/b", null)]
    [InlineData("0", null)]
    [InlineData(null, "schlüssel")]
    [InlineData(null, "line\nbreak")]
    public async Task CallTaskAsync_WrongPathOrKey_IsRefused(string? path, string? key)
    {
        Answer(TaskOutcome.Succeeded(TaskValue.Null), TaskOutcome.Succeeded(TaskValue.Null));
        await _context.Object.CallTaskAsync("Echo");

        await Assert.ThrowsAsync<ArgumentException>(
            () => _context.Object.CallTaskAsync("Echo", null, new() { Path = path, IdempotencyKey = key }));
    }

    [Fact]
    public async Task CallTaskAsync_OptionsOutOfBounds_NameTheMember()
    {
        var refused = await Assert.ThrowsAsync<ArgumentException>(
            () => _context.Object.CallTaskAsync("Echo", null, new() { Retry = new(Attempts: 0) }));

        Assert.StartsWith("Attempts of the call of Echo is '0'; it must be 1 to 100.", refused.Message, StringComparison.Ordinal);
    }

    private static Task<TaskOutcome> Failed(string type, string message) => Task.FromException<TaskOutcome>(
        new TaskFailedException("Echo", 0, new TaskFailureDetails(type, message, null, null, null)));

    private void Input(WorkflowHeader header) => _context.Setup(c => c.GetInput<WorkflowHeader>()).Returns(header);

    private void Answer(params TaskOutcome[] outcomes) => Script([.. outcomes.Select(Task.FromResult)]);

    private void Fails(string type, string message) => Script(Failed(type, message));

    /// <summary>What each call comes to; the last one says it of all that follow.</summary>
    private void Script(params Task<TaskOutcome>[] ends)
    {
        var queue = new Queue<Task<TaskOutcome>>(ends);
        _context.Setup(c => c.CallActivityAsync<TaskOutcome>(It.IsAny<TaskName>(), It.IsAny<object>(), It.IsAny<TaskOptions>()))
            .Callback((TaskName _, object call, TaskOptions _) => _calls.Add((TaskCall)call))
            .Returns(() => queue.Count > 1 ? queue.Dequeue() : queue.Peek());
    }
}
