using Microsoft.DurableTask;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace Chard.Conformance.Tests.Abstractions;

/// <summary>A context of the kind that tests of orchestrators write: it records what reaches its abstract members.</summary>
internal sealed class FakeOrchestrationContext : TaskOrchestrationContext
{
    public static readonly DateTime Time = new(2026, 1, 2, 3, 4, 5, DateTimeKind.Utc);

    public List<string> Calls { get; } = [];

    public override TaskName Name => "Fake";

    public override string InstanceId => "fake";

    public override ParentOrchestrationInstance? Parent => null;

    public override DateTime CurrentUtcDateTime => Time;

    public override bool IsReplaying => false;

    protected override ILoggerFactory LoggerFactory => NullLoggerFactory.Instance;

    public override T GetInput<T>() => default!;

    public override Task<TResult> CallActivityAsync<TResult>(TaskName name, object? input = null, TaskOptions? options = null) =>
        Record<TResult>($"activity {name} {input ?? "null"} {options is not null} {typeof(TResult).Name}");

    public override Task<TResult> CallSubOrchestratorAsync<TResult>(TaskName orchestratorName, object? input = null, TaskOptions? options = null) =>
        Record<TResult>($"child {orchestratorName} {input ?? "null"} {options is not null} {typeof(TResult).Name}");

    public override Task CreateTimer(DateTime fireAt, CancellationToken cancellationToken) => Record<int>($"timer {fireAt:O}");

    public override Task<T> WaitForExternalEvent<T>(string eventName, CancellationToken cancellationToken = default)
    {
        Calls.Add($"event {eventName}");
        var wait = new TaskCompletionSource<T>();
        cancellationToken.Register(() => wait.TrySetCanceled(cancellationToken));
        return wait.Task;
    }

    public override void SendEvent(string instanceId, string eventName, object payload) => Calls.Add($"send {eventName}");

    public override void SetCustomStatus(object? customStatus) => Calls.Add($"status {customStatus}");

    public override void ContinueAsNew(object? newInput = null, bool preserveUnprocessedEvents = true) => Calls.Add($"again {newInput} {preserveUnprocessedEvents}");

    public override Guid NewGuid() => Guid.Empty;

    private Task<T> Record<T>(string call)
    {
        Calls.Add(call);
        return Task.FromResult<T>(default!);
    }
}
