using Chard.Calls;
using Chard.Domain.DeadLetters;
using Chard.Domain.Failures;
using Chard.Domain.Retries;
using Chard.Domain.Routes;
using Chard.Domain.Tasks;
using Chard.Domain.Workflows;
using Microsoft.DurableTask;
using Moq;

namespace Chard.Functions.Tests.Routes;

/// <summary>What a call on the slow route asks of the orchestration, decision by decision.</summary>
public sealed class SlowRouteTests
{
    private static readonly DateTimeOffset Sent = new(2026, 11, 22, 12, 0, 0, TimeSpan.Zero);
    private static readonly TaskValue Seven = TaskValue.Of(TaskJson.ToElement(7));

    private readonly Mock<TaskOrchestrationContext> _context = new(MockBehavior.Strict);
    private readonly Dictionary<string, TaskCompletionSource<SlowTaskEnd>> _waiters = [];
    private readonly List<SlowTaskMessage> _sent = [];
    private readonly List<(int Attempt, int Wait)> _turns = [];
    private readonly List<SlowTaskQuestion> _looks = [];
    private readonly List<TimeSpan> _timers = [];
    private readonly List<TimeSpan> _watches = [];
    private readonly List<CancellationToken> _watchTokens = [];
    private readonly List<DeadLetter> _letters = [];
    private readonly Queue<SlowTaskCheck> _checks = [];
    private DateTime _now = Sent.UtcDateTime;
    private TaskPolicy _policy = TaskPolicy.Default with { Route = TaskRoute.Slow };
    private Action<string> _onSend = _ => { };
    private Action<string> _onLook = _ => { };

    public SlowRouteTests()
    {
        _context.Setup(c => c.InstanceId).Returns("wf.part");
        _context.Setup(c => c.Name).Returns(new TaskName("Flow"));
        _context.Setup(c => c.CurrentUtcDateTime).Returns(() => _now);
        _context.Setup(c => c.GetInput<WorkflowHeader>()).Returns(
            () => new("wf", new Dictionary<string, TaskPolicy> { ["Echo"] = _policy }));
        _context.Setup(c => c.CreateTimer(It.IsAny<TimeSpan>(), It.IsAny<CancellationToken>())).Returns(
            (TimeSpan delay, CancellationToken token) => Timer(delay, token));
        _context.Setup(c => c.WaitForExternalEvent<SlowTaskEnd>(It.IsAny<string>(), It.IsAny<CancellationToken>()))
            .Returns((string name, CancellationToken _) => (_waiters[name] = new()).Task);
        _context.Setup(c => c.CallActivityAsync<DateTimeOffset>(
            It.Is<TaskName>(n => n.Name == "SendSlowTask"), It.IsAny<object>(), It.IsAny<TaskOptions>()))
            .Returns((TaskName _, object message, TaskOptions _) => Task.FromResult(Send((SlowTaskMessage)message)));
        _context.Setup(c => c.CallActivityAsync<SlowTaskCheck>(
            It.Is<TaskName>(n => n.Name == "LookAfterSlowTask"), It.IsAny<object>(), It.IsAny<TaskOptions>()))
            .Returns((TaskName _, object question, TaskOptions _) => Task.FromResult(Check((SlowTaskQuestion)question)));
        _context.Setup(
            c => c.CallActivityAsync(It.Is<TaskName>(n => n.Name == "WriteDeadLetter"), It.IsAny<object>(), It.IsAny<TaskOptions>()))
            .Callback((TaskName _, object letter, TaskOptions _) => _letters.Add((DeadLetter)letter)).Returns(Task.CompletedTask);
    }

    [Fact]
    public async Task Call_EventComes_GivesItsResultAndCancelsTheTimer()
    {
        Task<int> call = CallAsync();
        Assert.False(call.IsCompleted);
        _waiters["slow-task:0:0:1:0"].SetResult(new() { Result = Seven });

        Assert.Equal(7, await call);
        Assert.Equal(("wf.part", "wf", "Echo"), (_sent.Single().InstanceId, _sent.Single().Call.WorkflowId, _sent.Single().Call.Task));
        Assert.True(_watchTokens.Single().IsCancellationRequested);
        Assert.Empty(_looks);
    }

    [Fact]
    public async Task Call_EventIsThereAtOnce_NeedsNoTimer()
    {
        Answers(new SlowTaskEnd { Result = Seven });

        Assert.Equal(7, await CallAsync());
        Assert.Empty(_watches);
    }

    [Fact]
    public async Task Call_SixFailures_WaitsAsTheFastRouteDoesAndGivesUp()
    {
        Answers([.. Enumerable.Repeat(SlowTaskEnd.Of(new TransientTaskException("io", "io: broken", new TimeoutException("late"))), 6)]);

        var thrown = await Assert.ThrowsAsync<TaskExhaustedException>(CallAsync);

        Assert.Equal(
            Enumerable.Range(1, 5).Select(attempt =>
                RetrySchedule.AfterFailure(_policy, FailureKind.Transient, attempt, TimeSpan.Zero, Jitter.Share("wf", "0", attempt)).Delay),
            _timers);
        Assert.Equal(Enumerable.Range(1, 6).Select(i => $"slow-task:0:0:{i}:0"), _waiters.Keys);
        Assert.Equal(("io", 6), (thrown.Failure.Code, thrown.Attempts));
        Assert.Equal(
            [new DeadLetterCause(FailureType.Transient, "io: broken"), new(typeof(TimeoutException).FullName!, "late")],
            Assert.Single(_letters).Chain);
    }

    [Fact]
    public async Task Call_PermanentFailure_IsNotTriedAgain()
    {
        Answers(SlowTaskEnd.Of(new PermanentTaskException("declined", "declined: no money")));

        Assert.Equal("declined: no money", (await Assert.ThrowsAsync<TaskExhaustedException>(CallAsync)).Message);
        Assert.Equal((1, 0), (_sent.Count, _timers.Count));
    }

    [Fact]
    public async Task Call_RateLimited_SendsALaterTurnOfTheSameAttempt()
    {
        Answers(SlowTaskEnd.Of(TaskOutcome.RateLimited(TimeSpan.FromSeconds(30), "http-429", "slow down")), new() { Result = Seven });

        Assert.Equal(7, await CallAsync());
        Assert.InRange(_timers.Single().TotalSeconds, 30, 33);
        Assert.Equal([(1, 0), (1, 1)], _turns);
    }

    [Fact]
    public async Task Call_AttemptThatWouldBeginAfterTheDeadline_IsNotMade()
    {
        Answers(SlowTaskEnd.Of(new TransientTaskException("io", "io: broken")));

        await Assert.ThrowsAsync<TaskExhaustedException>(() => CallAsync(new() { Deadline = Sent.AddSeconds(30) }));
        Assert.Single(_sent);
    }

    [Fact]
    public async Task Call_EventLost_IsAnsweredFromTheRow()
    {
        _checks.Enqueue(new(SlowTaskState.Ended, new() { Result = Seven }));

        Assert.Equal(7, await CallAsync());
        Assert.Equal([TimeSpan.FromMinutes(1)], _watches);
        Assert.Equal(new SlowTaskQuestion("wf", null, "0", 0, 1, 0, false, Sent.AddSeconds(1)), _looks.Single());
        Assert.Single(_sent);
    }

    [Fact]
    public async Task Call_AtWorkForLong_IsLookedAfterLessAndLessOften()
    {
        for (int i = 0; i < 6; i++)
        {
            _checks.Enqueue(new(SlowTaskState.Alive));
        }

        Task<int> call = CallAsync();
        _waiters["slow-task:0:0:1:0"].SetResult(new() { Result = Seven });

        Assert.Equal(7, await call);
        Assert.Equal([1, 2, 4, 8, 15, 15, 15], _watches.Select(w => w.TotalMinutes));
        Assert.Single(_sent);
    }

    [Fact]
    public async Task Call_MessageLost_IsSentAgainForTheSameEvent()
    {
        _checks.Enqueue(new(SlowTaskState.Missing));
        _checks.Enqueue(new(SlowTaskState.Alive));
        Task<int> call = CallAsync();
        _waiters.Single().Value.SetResult(new() { Result = Seven });

        Assert.Equal(7, await call);
        Assert.Equal([(1, 0), (1, 0)], _turns);
        Assert.Equal([Sent.AddSeconds(1), Sent.AddSeconds(2)], _looks.Select(l => l.SentAt));
    }

    [Fact]
    public async Task Call_EventComesWhileItIsLookedAfter_CountsAndNothingIsSentAgain()
    {
        _checks.Enqueue(new(SlowTaskState.Missing));
        _onLook = name => _waiters[name].SetResult(new() { Result = Seven });

        Assert.Equal(7, await CallAsync());
        Assert.Single(_sent);
    }

    [Theory]
    [InlineData(20.0, 80)]
    [InlineData(null, 86_400)]
    public async Task Call_WithoutLedger_IsLookedAfterOnceItsTimeIsOver(double? limit, double seconds)
    {
        _policy = _policy with { Ledger = false, TimeLimitSeconds = limit };
        _checks.Enqueue(new(SlowTaskState.Missing));
        Task<int> call = CallAsync();
        _waiters.Single().Value.SetResult(new() { Result = Seven });

        Assert.Equal(7, await call);
        Assert.Equal([seconds, seconds], _watches.Select(w => w.TotalSeconds));
        Assert.True(_looks.Single().WithoutLedger);
    }

    [Theory]
    [InlineData(TaskRoute.Fast, TaskRoute.Slow, true)]
    [InlineData(TaskRoute.Slow, null, true)]
    [InlineData(TaskRoute.Slow, TaskRoute.Fast, false)]
    public async Task Call_Route_IsTheOptionsElseThePolicys(TaskRoute policy, TaskRoute? option, bool slow)
    {
        _policy = _policy with { Route = policy };
        Answers(new SlowTaskEnd { Result = Seven });
        _context.Setup(
            c => c.CallActivityAsync<TaskOutcome>(It.Is<TaskName>(n => n.Name == "Echo"), It.IsAny<object>(), It.IsAny<TaskOptions>()))
            .ReturnsAsync(TaskOutcome.Succeeded(Seven));

        Assert.Equal(7, await CallAsync(new() { Route = option }));
        Assert.Equal(slow ? 1 : 0, _sent.Count);
    }

    private Task<int> CallAsync() => CallAsync(null);

    private Task<int> CallAsync(TaskCallOptions? options) => _context.Object.CallTaskAsync<int>("Echo", 1, options);

    /// <summary>Events that are there as soon as the message is out.</summary>
    private void Answers(params SlowTaskEnd[] ends)
    {
        var left = new Queue<SlowTaskEnd>(ends);
        _onSend = name => _waiters[name].SetResult(left.Dequeue());
    }

    private DateTimeOffset Send(SlowTaskMessage message)
    {
        _sent.Add(message);
        _turns.Add((message.Call.Attempt, message.Call.Wait));
        _onSend(SlowTaskEvents.NameOf(message.Call.Path, message.Call.Turn));
        return Sent.AddSeconds(_sent.Count);
    }

    private SlowTaskCheck Check(SlowTaskQuestion question)
    {
        _looks.Add(question);
        _onLook(SlowTaskEvents.NameOf(question.Path, new(question.Generation, question.Attempt, question.Wait)));
        return _checks.Dequeue();
    }

    /// <summary>A delay between tries passes at once; a watch fires as long as there is something to see.</summary>
    private Task Timer(TimeSpan delay, CancellationToken token)
    {
        if (!token.CanBeCanceled)
        {
            _timers.Add(delay);
            return Task.CompletedTask;
        }

        _watches.Add(delay);
        _watchTokens.Add(token);
        return _checks.Count > 0 ? Task.CompletedTask : Task.Delay(Timeout.Infinite, token);
    }
}
