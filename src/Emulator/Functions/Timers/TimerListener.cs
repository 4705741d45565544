using Microsoft.Azure.Functions.Worker;
using Microsoft.Extensions.Logging;

namespace Chard.Emulator.Functions.Timers;

/// <summary>Runs a function on its schedule. The next run is armed when the last has ended, so runs never overlap; a run that fails is logged and no more.</summary>
internal sealed class TimerListener(
    string function,
    TimerSchedule schedule,
    bool runOnStartup,
    TimerMemory? memory,
    Func<TimerInfo, Task> run,
    Func<IDisposable> begin,
    TimeProvider time,
    ILogger logger) : IAsyncDisposable
{
    // The longest that a timer can be armed for is 49 days; later runs are armed in steps.
    private static readonly TimeSpan LongestWait = TimeSpan.FromDays(30);

    private readonly CancellationTokenSource stopping = new();
    private Task loop = Task.CompletedTask;

    public void Start() => loop = LoopAsync();

    /// <summary>Starts no more runs and waits for the one under way.</summary>
    public async ValueTask DisposeAsync()
    {
        await stopping.CancelAsync();
        await loop;
        stopping.Dispose();
    }

    private async Task LoopAsync()
    {
        // At work until the next run is armed: in between, nobody may take the host for idle.
        IDisposable? working = begin();
        try
        {
            // A run at the start must not hold up the host.
            await Task.Yield();
            var status = memory?.Read();
            var now = time.GetUtcNow();
            var isPastDue = status is not null && new DateTimeOffset(status.Next, TimeSpan.Zero) < now;
            var next = status is not null && !isPastDue && schedule.Next(now) is { } planned && planned > new DateTimeOffset(status.Next, TimeSpan.Zero)
                ? new DateTimeOffset(status.Next, TimeSpan.Zero)
                : schedule.Next(now);
            if (isPastDue || runOnStartup)
            {
                next = await RunAsync(isPastDue);
            }
            else
            {
                Remember(status?.Last ?? default, next);
            }

            while (next is { } due)
            {
                var wait = WaitAsync(due);
                working.Dispose();
                working = null;
                await wait;
                working = begin();
                next = await RunAsync(isPastDue: false);
            }

            logger.LogWarning("Timer {Function} has no further time in its schedule", function);
        }
        catch (OperationCanceledException) when (stopping.IsCancellationRequested)
        {
            // The host stops.
        }
        finally
        {
            working?.Dispose();
        }
    }

    private async Task WaitAsync(DateTimeOffset due)
    {
        for (var left = due - time.GetUtcNow(); left > TimeSpan.Zero; left = due - time.GetUtcNow())
        {
            // Timers count whole milliseconds: rounded up, so that a run never comes early and twice.
            var wait = left > LongestWait ? LongestWait : TimeSpan.FromMilliseconds(Math.Ceiling(left.TotalMilliseconds));
            await Task.Delay(wait, time, stopping.Token);
        }
    }

    /// <summary>Runs the function and gives the time of the next run.</summary>
    private async Task<DateTimeOffset?> RunAsync(bool isPastDue)
    {
        var started = time.GetUtcNow();
        var status = memory?.Read();
        if (isPastDue)
        {
            logger.LogInformation("Timer {Function} was due while the host was down and runs now", function);
        }

        try
        {
            await run(new TimerInfo { IsPastDue = isPastDue, ScheduleStatus = memory is null ? null : status ?? new ScheduleStatus() });
        }
        catch (Exception error)
        {
            // The boundary of an invocation: any exception is the function's failure; the schedule goes on.
            logger.LogError(error, "Timer {Function} failed", function);
        }

        var next = schedule.Next(time.GetUtcNow());
        Remember(started.UtcDateTime, next);
        return next;
    }

    private void Remember(DateTime last, DateTimeOffset? next)
    {
        try
        {
            memory?.Write(new ScheduleStatus
            {
                Last = last,
                Next = next?.UtcDateTime ?? DateTime.MaxValue,
                LastUpdated = time.GetUtcNow().UtcDateTime,
            });
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            logger.LogWarning("The times of timer {Function} could not be written, so a missed run may go unnoticed: {Reason}", function, error.Message);
        }
    }
}
