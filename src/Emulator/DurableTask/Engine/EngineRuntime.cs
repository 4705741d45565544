using Microsoft.Extensions.Logging;

namespace Chard.Emulator.DurableTask;

/// <summary>The parts of a running engine, and how they end.</summary>
internal sealed class EngineRuntime : IDisposable
{
    private int ended;
    private volatile bool dead;

    public EngineRuntime(DurableEngineOptions options, IDurableFunctions functions, ILoggerFactory loggerFactory)
    {
        Options = options;
        Services = new RunServices(new PayloadCodec(options.DataConverter), functions, loggerFactory, options);
        Logger = loggerFactory.CreateLogger<DurableEngine>();
        Store = HistoryStore.Open(options);
        Timers = new TimerHeap(options.TimeProvider, Idle);
        Activities = new ActivityDispatcher(this);
        Turns = new WorkLanes<Instance>(options.MaxConcurrentOrchestrators, static instance => instance.TakeTurnAsync());
        Committer = new Committer(this, Logger);
        Cache = new InstanceCache(this);
    }

    public DurableEngineOptions Options { get; }

    public RunServices Services { get; }

    public ILogger Logger { get; }

    public HistoryStore Store { get; }

    public IdleTracker Idle { get; } = new();

    public InstanceTable Instances { get; } = new();

    public InstanceWaiters Waiters { get; } = new();

    public TimerHeap Timers { get; }

    public ActivityDispatcher Activities { get; }

    public WorkLanes<Instance> Turns { get; }

    public Committer Committer { get; }

    public InstanceCache Cache { get; }

    /// <summary>The time, in UTC ticks.</summary>
    public long Now => Options.TimeProvider.GetUtcNow().UtcTicks;

    /// <summary>Crashed or stopped: nothing has an effect any more.</summary>
    public bool IsDead => dead;

    /// <summary>Stopping: only turns that make results of activities durable still run.</summary>
    public bool IsDraining { get; private set; }

    /// <summary>Runs what is under way to its commit, or until the token fires; then ends.</summary>
    public async Task DrainAsync(CancellationToken cancellation)
    {
        Timers.Stop();
        IsDraining = true;
        await Activities.StopAsync(cancellation).ConfigureAwait(false);

        // Results that have come in are still to be consumed by turns, and those to be committed. Nothing else starts, so this ends.
        while (!IsDead && !cancellation.IsCancellationRequested && Instances.All.Any(static instance => instance.HasUnstoredWork))
        {
            var flushed = new FlushOperation();
            Committer.Enqueue(flushed);
            await flushed.Task.ConfigureAwait(false);
            await Task.Yield();
        }

        await Turns.StopAsync().ConfigureAwait(false);
        End(new ObjectDisposedException(nameof(DurableEngine), "The durable engine has been stopped."));
    }

    /// <summary>Ends at once, as if the process had been killed: what is not in the history is lost.</summary>
    public void Crash()
    {
        Timers.Stop();
        Activities.Kill();
        _ = Turns.StopAsync();
        End(Committer.Dead ?? new DurableEngineCrashedException());
        Options.Faults?.MarkCrashed();
    }

    public void Dispose()
    {
        if (!IsDead)
        {
            Activities.Kill();
            _ = Turns.StopAsync();
            End(new ObjectDisposedException(nameof(DurableEngine), "The durable engine has been disposed."));
        }

        // A crash may be under way on the committer's thread: the history is free when it has ended.
        Committer.Join();
        Timers.Dispose();
        Committer.Dispose();
        Activities.Dispose();
    }

    private void End(Exception reason)
    {
        if (Interlocked.Exchange(ref ended, 1) != 0)
        {
            return;
        }

        Timers.Stop();
        Committer.Stop(reason);
        dead = true;
        Store.Dispose();
        Committer.AbandonAll();
        Waiters.Fail(Committer.Dead!);
    }

    /// <summary>Ends when all that was queued before it is durable.</summary>
    private sealed class FlushOperation : ICommitOperation
    {
        private readonly TaskCompletionSource done = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public Task Task => done.Task;

        public void Write(CommitBatch batch)
        {
        }

        public void Committed() => done.TrySetResult();

        public void Abandon(Exception reason) => done.TrySetResult();
    }
}
