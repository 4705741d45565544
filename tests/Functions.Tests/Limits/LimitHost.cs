using System.Collections.Concurrent;
using Chard.Calls;
using Chard.DeadLetters;
using Chard.Domain.Limits;
using Chard.Domain.Tasks;
using Chard.Functions.Tests.Tasks;
using Chard.Limits;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Chard.Functions.Tests.Limits;

/// <summary>
/// Limited calls on the durable engine: <c>Charge</c> counts itself at work and ends when the test lets it, by the task's arguments. What
/// the sweep does, the test does when it says so.
/// </summary>
internal sealed class LimitHost : IAsyncDisposable
{
    private readonly ConcurrentDictionary<string, TaskCompletionSource> _gates = new();
    private readonly Lock _count = new();
    private int _atWork;
    private int _epoch;

    private LimitHost(EagerHost host) => Eager = host;

    public EagerHost Eager { get; }

    /// <summary>Runs at this moment.</summary>
    public int AtWork => Volatile.Read(ref _atWork);

    /// <summary>The most that were at work at one moment.</summary>
    public int Most { get; private set; }

    /// <summary>Idempotency keys of runs with the time they began, in their order.</summary>
    public ConcurrentQueue<(string Key, DateTimeOffset At)> Begun { get; } = new();

    public IEnumerable<string> Order => Begun.Select(b => b.Key);

    /// <summary>Operations that limiters have run.</summary>
    public int Operations => Volatile.Read(ref Counter.Operations);

    public OperationCounter Counter { get; private init; } = new();

    /// <summary>True: a run waits for its gate.</summary>
    public bool Gated { get; set; }

    /// <summary>What a run does before its gate.</summary>
    public Action<TaskContext> Script { get; set; } = _ => { };

    public static async Task<LimitHost> StartAsync(params (string Name, string Value)[] settings)
    {
        var counter = new OperationCounter();
        EagerHost host = await EagerHost.StartAsync(
            options =>
            {
                options.FunctionTypes =
                    [typeof(TaskFunctions), typeof(TestTaskFunctions), typeof(WriteDeadLetter), typeof(EagerFunctions), typeof(Limiter)];
                foreach ((string name, string value) in settings)
                {
                    options.Settings["Chard:Limits:" + name] = value;
                }
            },
            services => services.AddTransient(provider => new Limiter(
                provider.GetRequiredService<LimitCatalogue>(),
                new OperationClock(provider.GetRequiredService<TimeProvider>(), counter),
                provider.GetRequiredService<ILogger<Limiter>>())));
        var self = new LimitHost(host) { Counter = counter };
        host.Stores.Receiver.Script = self.RunAsync;
        return self;
    }

    /// <summary>Starts a workflow of calls of <c>Charge</c> side by side.</summary>
    public Task<string> StartAsync(string id, int calls, TaskPolicy? policy = null, TaskCallOptions? options = null) => Eager.StartAsync(
        async context => await Task.WhenAll(
            Enumerable.Range(0, calls).Select(i => context.CallTaskAsync<string>("Charge", $"{i}", options))),
        new Dictionary<string, TaskPolicy> { ["Charge"] = policy ?? TaskPolicy.Default with { Limit = "database" } }, id);

    /// <summary>Lets a run end, now or when it begins.</summary>
    public void Open(string key) => _gates.GetOrAdd(key, _ => new(TaskCreationOptions.RunContinuationsAsynchronously)).TrySetResult();

    public async Task<LimiterState> StateAsync(string key = "database") =>
        await Eager.Durable.Entities.GetEntityAsync<LimiterState>(Limiter.IdOf(key)) is { IncludesState: true } limiter
            ? limiter.State : new();

    /// <summary>Waits until the limiter's state is so.</summary>
    public async Task UntilAsync(string what, Func<LimiterState, bool> condition) =>
        await Eventually.TrueAsync(what, () => condition(StateAsync().GetAwaiter().GetResult()));

    /// <summary>Lets time pass and sweeps until it is so.</summary>
    public async Task SweptUntilAsync(string what, Func<bool> condition)
    {
        for (int round = 0; round < 60 && !condition(); round++)
        {
            await SweepAsync();
        }

        Assert.True(condition(), $"After five minutes of sweeps it is still not so that {what}.");
    }

    /// <summary>Lets time pass, five seconds unless said otherwise, and reviews the limits.</summary>
    public async Task SweepAsync(TimeSpan? after = null)
    {
        await Eager.Host.Time!.AdvanceAsync(after ?? TimeSpan.FromSeconds(5));
        await Eager.Host.Services.GetRequiredService<LimitReview>().RunAsync(Eager.Durable, CancellationToken.None);
    }

    /// <summary>Kills the process: what it had at work counts no more.</summary>
    public Task SurviveAsync(Func<Task> step) => Eager.SurviveAsync(step, KillAsync);

    public async Task KillAsync()
    {
        await Eager.KillAsync();
        Forget();
    }

    public void Forget()
    {
        lock (_count)
        {
            _atWork = 0;
            _epoch++;
        }
    }

    public async ValueTask DisposeAsync()
    {
        foreach (TaskCompletionSource gate in _gates.Values)
        {
            gate.TrySetResult();
        }

        Gated = false;
        await Eager.DisposeAsync();
    }

    private async Task RunAsync(TaskContext context, CancellationToken token)
    {
        int epoch;
        lock (_count)
        {
            epoch = _epoch;
            Most = Math.Max(Most, ++_atWork);
            Begun.Enqueue((context.IdempotencyKey, Eager.Now));
        }

        try
        {
            Script(context);
            if (Gated)
            {
                await _gates.GetOrAdd(context.IdempotencyKey, _ => new(TaskCreationOptions.RunContinuationsAsynchronously))
                    .Task.WaitAsync(token);
            }
            else
            {
                await Task.Yield();
            }
        }
        finally
        {
            lock (_count)
            {
                _atWork -= epoch == _epoch ? 1 : 0;
            }
        }
    }
}

/// <summary>Counts the operations of limiters.</summary>
internal sealed class OperationCounter
{
    public int Operations;
}

/// <summary>
/// The clock of a limiter, which each operation asks once: many of them share one object where they came together. It counts, and leaves
/// the time to the host, whose engine skips what nobody works in: no clock that a test moves can.
/// </summary>
internal sealed class OperationClock(TimeProvider time, OperationCounter counter) : TimeProvider
{
    public override DateTimeOffset GetUtcNow()
    {
        Interlocked.Increment(ref counter.Operations);
        return time.GetUtcNow();
    }
}
