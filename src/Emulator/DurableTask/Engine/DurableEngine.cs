using Microsoft.DurableTask.Client;
using Microsoft.Extensions.Logging;

namespace Chard.Emulator.DurableTask;

/// <summary>
/// Runs durable orchestrations, activities and entities on one machine, event sourced with replay. A turn of an instance is one
/// transaction; a client's call returns once it is durable; after kill -9 a new engine on the same history repeats no finished turn
/// and picks up what was pending. Activities run at least once: a result is durable once the turn that took it is.
/// </summary>
public sealed class DurableEngine : IAsyncDisposable
{
    private readonly EngineRuntime runtime;
    private bool started;

    /// <summary>Opens the history. Nothing runs before <see cref="StartAsync"/>.</summary>
    /// <param name="options">How the engine works; not changed by the engine, and not to be changed afterwards.</param>
    /// <param name="functions">The code, found by name when an instance needs it.</param>
    /// <param name="loggerFactory">Loggers of the engine and of orchestrators.</param>
    /// <exception cref="ArgumentException">An option is out of its range.</exception>
    /// <exception cref="InvalidOperationException">Another engine uses the history, or it is of another format.</exception>
    public DurableEngine(DurableEngineOptions options, IDurableFunctions functions, ILoggerFactory loggerFactory)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(functions);
        ArgumentNullException.ThrowIfNull(loggerFactory);
        options.Validate();
        runtime = new EngineRuntime(options, functions, loggerFactory);
        Client = new EngineClient(runtime);
    }

    /// <summary>The engine's client, for use in its process.</summary>
    public DurableTaskClient Client { get; }

    /// <summary>When the first timer, or put-off start, is due; null when nothing waits for time.</summary>
    public DateTimeOffset? NextTimerDue => runtime.Timers.NextDue;

    /// <summary>True when nothing can happen without a client or a timer: no instance runnable, no activity running, nothing to commit.</summary>
    public bool IsIdle => runtime.Idle.IsIdle;

    internal EngineRuntime Runtime => runtime;

    /// <summary>Loads the unfinished instances and goes on with them.</summary>
    public Task StartAsync(CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        if (started)
        {
            throw new InvalidOperationException("The durable engine has been started already.");
        }

        started = true;
        LetActivitiesBlock();

        // Idle only when all of history is loaded: whoever skips time must not do it halfway.
        runtime.Idle.Enter();
        try
        {
            Recovery.Load(runtime);
            runtime.Committer.Start();
        }
        finally
        {
            runtime.Idle.Exit();
        }

        return Task.CompletedTask;
    }

    /// <summary>
    /// Stops in good order: no activity starts any more; running ones end, and their results become durable. When the token fires
    /// first, the activities' token fires, and what they did counts as not done: they run again at the next start.
    /// </summary>
    public Task StopAsync(CancellationToken cancellationToken) => started && !runtime.IsDead ? runtime.DrainAsync(cancellationToken) : Task.CompletedTask;

    /// <summary>Ends when the engine is idle, at least for a moment; see <see cref="IsIdle"/>.</summary>
    public Task WhenIdleAsync(CancellationToken cancellationToken) => runtime.Idle.WhenIdleAsync(cancellationToken);

    /// <summary>Drops the idle live instances from memory, as memory pressure does: their next turn replays.</summary>
    /// <returns>How many were dropped: half of them, those that have been idle longest.</returns>
    public int DropIdleInstances() => runtime.Cache.DropHalf();

    /// <summary>Ends at once, without waiting for what runs; the history holds all that was reported as done.</summary>
    public ValueTask DisposeAsync()
    {
        runtime.Dispose();
        return ValueTask.CompletedTask;
    }

    /// <summary>
    /// Activities may block their thread, and the pool adds one only every half second: two that block on two cores would hold up
    /// every turn and every client until then.
    /// </summary>
    private static void LetActivitiesBlock()
    {
        ThreadPool.GetMinThreads(out var workers, out var ports);
        ThreadPool.SetMinThreads(Math.Max(workers, 4 * Environment.ProcessorCount), ports);
    }
}
