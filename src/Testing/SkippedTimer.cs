using Chard.DurableTask.Sqlite;
using Chard.LocalHost.Functions;
using NCrontab;

namespace Chard.Testing;

/// <summary>
/// A timer function on a skipping clock: on the way to wherever the clock jumps it runs when it is due, but at most once a pace of skipped
/// time.
/// </summary>
/// <remarks>
/// A host that is busy misses ticks as well, so nothing may rely on each; and hours of a tick every other second would be thousands of
/// runs.
/// </remarks>
internal sealed class SkippedTimer : IDisposable
{
    private readonly SkippingClock clock;
    private readonly TimeSpan pace;
    private readonly Func<DateTimeOffset, DateTimeOffset> next;
    private readonly Func<Task> run;
    private readonly ITimer timer;
    private DateTimeOffset last = DateTimeOffset.MinValue;

    public SkippedTimer(SkippingClock clock, FunctionInfo function, TimeSpan pace, Func<Task> run)
    {
        this.clock = clock;
        this.pace = pace;
        this.run = run;
        next = Schedule(function.Schedule!);
        timer = clock.CreateTimer(_ => Run(), null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        Arm();
    }

    public void Dispose() => timer.Dispose();

    private static Func<DateTimeOffset, DateTimeOffset> Schedule(string expression)
    {
        if (TimeSpan.TryParse(expression, System.Globalization.CultureInfo.InvariantCulture, out var period))
        {
            return now => now + period;
        }

        var hasSeconds = expression.Split(' ').Length > 5;
        var cron = CrontabSchedule.Parse(expression, new CrontabSchedule.ParseOptions { IncludingSeconds = hasSeconds });
        return now => new DateTimeOffset(cron.GetNextOccurrence(now.UtcDateTime), TimeSpan.Zero);
    }

    private void Arm()
    {
        var now = clock.GetUtcNow();
        var due = next(now);
        timer.Change((due < last + pace ? next(last + pace) : due) - now, Timeout.InfiniteTimeSpan);
    }

    private async void Run()
    {
        // Held from the moment it is due, or the clock would go on before the function has begun.
        using var hold = clock.Hold();
        last = clock.GetUtcNow();
        try
        {
            await run();
        }
        catch (Exception)
        {
            // The host has logged it, and runs the next tick whatever became of this one.
        }

        Arm();
    }
}
