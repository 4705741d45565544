using System.Collections.Concurrent;
using Chard.Domain.Tasks;
using Chard.Running;
using Microsoft.Azure.Functions.Worker;

namespace Chard.Functions.Tests.Tasks;

/// <summary>Gives a text many times over.</summary>
public sealed class Grow : ITask<GrowArgs, string>
{
    public Task<string> RunAsync(GrowArgs args, TaskContext context, CancellationToken cancellationToken) =>
        Task.FromResult(string.Concat(Enumerable.Repeat(args.Text, args.Times)));
}

public sealed record GrowArgs(string Text, int Times);

/// <summary>Gives the length of a text.</summary>
public sealed class Measure : ITask<string, int>
{
    public Task<int> RunAsync(string args, TaskContext context, CancellationToken cancellationToken) => Task.FromResult(args.Length);
}

/// <summary>Does what the test says, and counts it at a receiver that dedupes by key, as a payment API does.</summary>
public sealed class Charge(Receiver receiver) : ITask<string, string>, IProbe<string, string>
{
    public async Task<string> RunAsync(string args, TaskContext context, CancellationToken cancellationToken)
    {
        receiver.Runs.Enqueue((context.IdempotencyKey, context.Attempt));
        receiver.Charged.TryAdd(context.IdempotencyKey, args);
        await receiver.Script(context, cancellationToken);
        return "charged " + receiver.Charged[context.IdempotencyKey];
    }

    public Task<ProbeAnswer<string>> DidItLandAsync(string args, TaskContext context, CancellationToken cancellationToken)
    {
        receiver.Probes.Enqueue(context.IdempotencyKey);
        return Task.FromResult(receiver.Charged.TryGetValue(context.IdempotencyKey, out string? charged)
            ? new ProbeAnswer<string>(true, "probed " + charged)
            : default);
    }
}

/// <summary>The other side of <see cref="Charge"/>.</summary>
public sealed class Receiver
{
    public ConcurrentQueue<(string Key, int Attempt)> Runs { get; } = new();

    public ConcurrentQueue<string> Probes { get; } = new();

    public ConcurrentDictionary<string, string> Charged { get; } = new();

    /// <summary>What happens after the charge has landed.</summary>
    public Func<TaskContext, CancellationToken, Task> Script { get; set; } = (_, _) => Task.CompletedTask;
}

public sealed class TestTaskFunctions(TaskRunner runner)
{
    [Function("Grow")]
    public Task<TaskOutcome> Grow([ActivityTrigger] TaskCall call, FunctionContext context) =>
        runner.RunAsync<Grow>(call, context.CancellationToken);

    [Function("Measure")]
    public Task<TaskOutcome> Measure([ActivityTrigger] TaskCall call, FunctionContext context) =>
        runner.RunAsync<Measure>(call, context.CancellationToken);

    [Function("Charge")]
    public Task<TaskOutcome> Charge([ActivityTrigger] TaskCall call, FunctionContext context) =>
        runner.RunAsync<Charge>(call, context.CancellationToken);
}
