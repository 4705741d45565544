using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Chard.Running;

/// <summary>
/// Ends a worker that has grown old, so that what leaks in a task's libraries never ends it in the middle of work: nothing more is
/// begun, what runs ends, and the process asks its host for a new one.
/// </summary>
/// <remarks>
/// What is not begun any more is not answered either: it has no row in the ledger yet, and the host hands it to the next worker, for
/// which it is the first delivery.
/// </remarks>
public sealed partial class WorkerAge(
    RecycleSettings settings, IHostApplicationLifetime lifetime, TimeProvider time, ILogger<WorkerAge> logger)
{
    /// <summary>The exit code by which a worker tells the Functions host that it wants to be started again, and did not fail.</summary>
    public const int WantsRestart = 200;

    /// <summary>Longest wait for what runs: 2 minutes. What runs longer is ended with the process, and run again.</summary>
    public static readonly TimeSpan Drain = TimeSpan.FromMinutes(2);

    // How often memory is looked at, at most: asking the system costs more than a small task.
    private static readonly TimeSpan Look = TimeSpan.FromSeconds(1);

    private readonly Lock _gate = new();
    private readonly TaskCompletionSource _drained = new(TaskCreationOptions.RunContinuationsAsynchronously);

    // Workers that began together should not all end together.
    private readonly double _tasks = (settings.Tasks ?? double.PositiveInfinity) * (0.9 + (0.2 * Random.Shared.NextDouble()));
    private int _running;
    private long _ended;
    private long _looked = time.GetTimestamp();

    /// <summary>Completes when the process has been told to end.</summary>
    public Task Recycled { get; private set; } = Task.CompletedTask;

    /// <summary>Bytes of memory that the process holds.</summary>
    internal Func<long> Memory { get; init; } = () => Environment.WorkingSet;

    /// <summary>Sets the code that the process ends with.</summary>
    internal Action<int> SetExitCode { get; init; } = code => Environment.ExitCode = code;

    /// <summary>True if nothing more is to begin here.</summary>
    public bool IsOld { get; private set; }

    /// <summary>
    /// A piece of work begins; dispose what is given at its end. Of an old worker it does not, and this ends with its token alone, or
    /// with the process.
    /// </summary>
    /// <param name="cancellationToken">Ends the wait.</param>
    public async ValueTask<IDisposable> EnterAsync(CancellationToken cancellationToken)
    {
        bool enters;
        lock (_gate)
        {
            enters = !IsOld;
            _running += enters ? 1 : 0;
        }

        if (!enters)
        {
            await Task.Delay(Timeout.InfiniteTimeSpan, time, cancellationToken);
        }

        return new Work(this);
    }

    private void Leave()
    {
        string? why = null;
        lock (_gate)
        {
            _running--;
            _ended++;
            if (!IsOld && WhyOld() is { } reason)
            {
                why = reason;
                IsOld = true;
                Recycled = RecycleAsync();
            }

            if (IsOld && _running == 0)
            {
                _drained.TrySetResult();
            }
        }

        if (why is not null)
        {
            LogRecycling(logger, why);
        }
    }

    private string? WhyOld()
    {
        if (_ended >= _tasks)
        {
            return $"it has run {_ended} tasks";
        }

        if (settings.MemoryMB is not { } most || time.GetElapsedTime(_looked) < Look)
        {
            return null;
        }

        _looked = time.GetTimestamp();
        long megabytes = Memory() / (1024 * 1024);
        return megabytes >= most ? $"it holds {megabytes} MB" : null;
    }

    private async Task RecycleAsync()
    {
        // Not under the lock of whoever left last.
        await Task.Yield();
        Task drained = _drained.Task;
        if (await Task.WhenAny(drained, Task.Delay(Drain, time)) != drained)
        {
            LogCut(logger, _running, Drain.TotalSeconds);
        }

        SetExitCode(WantsRestart);
        lifetime.StopApplication();
    }

    [LoggerMessage(EventId = 190, EventName = "WorkerRecycles", Level = LogLevel.Information,
        Message = "The worker is old, for {Why}: it begins nothing more, and another takes its place once what runs has ended")]
    private static partial void LogRecycling(ILogger logger, string why);

    [LoggerMessage(EventId = 191, EventName = "WorkerCutsWork", Level = LogLevel.Warning,
        Message = "{Count} tasks of the old worker have not ended within {Seconds} s; they end with it, and are run again")]
    private static partial void LogCut(ILogger logger, int count, double seconds);

    private sealed class Work(WorkerAge age) : IDisposable
    {
        private int _left;

        public void Dispose()
        {
            if (Interlocked.Exchange(ref _left, 1) == 0)
            {
                age.Leave();
            }
        }
    }
}
