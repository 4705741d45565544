using Microsoft.DurableTask;
using Moq;

namespace Chard.Functions.Tests;

/// <summary>
/// A mocked orchestration context, as an author would test an orchestrator with: activities, sub-orchestrations and events answer by
/// name, timers pass at once and move the clock, and what was asked is kept in its order. What has no answer here fails the test.
/// </summary>
internal sealed class OrchestrationContextBuilder
{
    private readonly Mock<TaskOrchestrationContext> _mock = new(MockBehavior.Strict);
    private readonly List<Asked> _activities = [];
    private readonly List<Asked> _children = [];
    private readonly List<string> _events = [];
    private readonly List<DateTime> _timers = [];

    public OrchestrationContextBuilder(string instanceId, string name, DateTime now)
    {
        Now = now;
        _mock.Setup(c => c.InstanceId).Returns(instanceId);
        _mock.Setup(c => c.Name).Returns(new TaskName(name));
        _mock.Setup(c => c.CurrentUtcDateTime).Returns(() => Now);
        Timer((due, _) =>
        {
            Now = due;
            return Task.CompletedTask;
        });
    }

    /// <summary>The context to call an orchestrator with.</summary>
    public TaskOrchestrationContext Context => _mock.Object;

    /// <summary>The time in the orchestration.</summary>
    public DateTime Now { get; set; }

    /// <summary>The activities that were called, in their order.</summary>
    public IReadOnlyList<Asked> Activities => _activities;

    /// <summary>The sub-orchestrations that were called, in their order.</summary>
    public IReadOnlyList<Asked> Children => _children;

    /// <summary>The events that were waited for, in their order.</summary>
    public IReadOnlyList<string> Events => _events;

    /// <summary>When the timers were to fire, in the order in which they were asked for.</summary>
    public IReadOnlyList<DateTime> Timers => _timers;

    /// <summary>What the activities that take a <typeparamref name="T"/> were given.</summary>
    public IReadOnlyList<T> Given<T>() => [.. _activities.Select(a => a.Input).OfType<T>()];

    /// <summary>The orchestration's input, read as a <typeparamref name="T"/>.</summary>
    public OrchestrationContextBuilder Input<T>(T input)
    {
        _mock.Setup(c => c.GetInput<T>()).Returns(input);
        return this;
    }

    /// <summary>How an activity answers.</summary>
    public OrchestrationContextBuilder Activity<TInput, TResult>(string name, Func<TInput, Task<TResult>> answer)
    {
        _mock.Setup(c => c.CallActivityAsync<TResult>(Named(name), It.IsAny<object?>(), It.IsAny<TaskOptions?>()))
            .Returns((TaskName called, object? input, TaskOptions? options) => Ask(called, input, options, answer));
        return this;
    }

    /// <summary>How an activity without a result answers: at once.</summary>
    public OrchestrationContextBuilder Activity(string name)
    {
        _mock.Setup(c => c.CallActivityAsync(Named(name), It.IsAny<object?>(), It.IsAny<TaskOptions?>()))
            .Returns(
                (TaskName called, object? input, TaskOptions? options) => Ask(called, input, options, (object? _) => Task.FromResult(0)));
        return this;
    }

    /// <summary>How every activity with a <typeparamref name="TResult"/> answers that was given no answer of its own later.</summary>
    public OrchestrationContextBuilder AnyActivity<TInput, TResult>(Func<string, TInput, Task<TResult>> answer)
    {
        _mock.Setup(c => c.CallActivityAsync<TResult>(It.IsAny<TaskName>(), It.IsAny<object?>(), It.IsAny<TaskOptions?>()))
            .Returns((TaskName called, object? input, TaskOptions? options) =>
                Ask(called, input, options, (TInput given) => answer(called.Name, given)));
        return this;
    }

    /// <summary>How a sub-orchestration answers, by its instance id.</summary>
    public OrchestrationContextBuilder Child<TInput, TResult>(string name, Func<string, TInput, Task<TResult>> answer)
    {
        _mock.Setup(c => c.CallSubOrchestratorAsync<TResult>(Named(name), It.IsAny<object?>(), It.IsAny<TaskOptions?>()))
            .Returns((TaskName called, object? input, TaskOptions? options) =>
            {
                string id = ((SubOrchestrationOptions)options!).InstanceId!;
                _children.Add(new(id, input, options));
                return answer(id, (TInput)input!);
            });
        return this;
    }

    /// <summary>What events with a <typeparamref name="T"/> bring, by their names.</summary>
    public OrchestrationContextBuilder Event<T>(Func<string, Task<T>> answer)
    {
        _mock.Setup(c => c.WaitForExternalEvent<T>(It.IsAny<string>(), It.IsAny<CancellationToken>()))
            .Returns((string name, CancellationToken _) =>
            {
                _events.Add(name);
                return answer(name);
            });
        return this;
    }

    /// <summary>What becomes of timers, in place of passing at once.</summary>
    public OrchestrationContextBuilder Timer(Func<DateTime, CancellationToken, Task> passes)
    {
        _mock.Setup(c => c.CreateTimer(It.IsAny<DateTime>(), It.IsAny<CancellationToken>()))
            .Returns((DateTime due, CancellationToken token) => Begin(due, token));
        _mock.Setup(c => c.CreateTimer(It.IsAny<TimeSpan>(), It.IsAny<CancellationToken>()))
            .Returns((TimeSpan delay, CancellationToken token) => Begin(Now + delay, token));
        return this;

        Task Begin(DateTime due, CancellationToken token)
        {
            _timers.Add(due);
            return passes(due, token);
        }
    }

    private static TaskName Named(string name) => It.Is<TaskName>(n => n.Name == name);

    private Task<TResult> Ask<TInput, TResult>(TaskName name, object? input, TaskOptions? options, Func<TInput, Task<TResult>> answer)
    {
        _activities.Add(new(name.Name, input, options));
        return answer((TInput)input!);
    }

    /// <summary>A call of an activity, by its name, or of a sub-orchestration, by its instance id.</summary>
    internal sealed record Asked(string Name, object? Input, TaskOptions? Options);
}
