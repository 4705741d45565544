using System.Collections;
using System.Diagnostics;

namespace Chard.Testing;

/// <summary>Waits for what comes in its own time, up to a deadline whose message tells what did not come and what was seen last.</summary>
public static class Eventually
{
    /// <summary>How long is waited unless a test says otherwise.</summary>
    public static readonly TimeSpan Deadline = TimeSpan.FromMinutes(2);

    private static readonly TimeSpan FirstPause = TimeSpan.FromMilliseconds(10);

    // Skipped time stands still while a request runs: who asked all the time would keep what it waits for from coming.
    private static readonly TimeSpan LongestPause = TimeSpan.FromMilliseconds(400);

    /// <summary>Returns once <paramref name="condition"/> holds.</summary>
    /// <param name="what">What is waited for.</param>
    /// <param name="condition">Whether it has come.</param>
    /// <param name="deadline">How long to wait at most; <see cref="Deadline"/> if null.</param>
    /// <param name="seen">What to tell of the last look if it has not come.</param>
    /// <exception cref="TimeoutException">It did not hold in time.</exception>
    public static Task TrueAsync(string what, Func<bool> condition, TimeSpan? deadline = null, Func<string>? seen = null) =>
        TrueAsync(what, () => Task.FromResult(condition()), deadline, seen);

    /// <inheritdoc cref="TrueAsync(string, Func{bool}, TimeSpan?, Func{string}?)"/>
    public static Task TrueAsync(string what, Func<Task<bool>> condition, TimeSpan? deadline = null, Func<string>? seen = null) =>
        LookAsync(what, condition, static isSo => isSo, deadline, _ => seen?.Invoke(), null);

    /// <summary>Looks until what is seen is so, and gives it.</summary>
    /// <param name="what">What is waited for.</param>
    /// <param name="look">Looks once.</param>
    /// <param name="isSo">Whether what was seen is what is waited for.</param>
    /// <param name="deadline">How long to wait at most; <see cref="Deadline"/> if null.</param>
    /// <param name="between">Done from one look to the next, such as to move a clock; if null, a pause that grows.</param>
    /// <exception cref="TimeoutException">It was not seen in time.</exception>
    public static Task<T> SeenAsync<T>(
        string what, Func<Task<T>> look, Func<T, bool> isSo, TimeSpan? deadline = null, Func<Task>? between = null) =>
        LookAsync(what, look, isSo, deadline, static seen => Shown(seen), between);

    private static async Task<T> LookAsync<T>(
        string what, Func<Task<T>> look, Func<T, bool> isSo, TimeSpan? deadline, Func<T, string?> show, Func<Task>? between)
    {
        TimeSpan limit = deadline ?? Deadline;
        long start = Stopwatch.GetTimestamp();
        using var ticks = new PeriodicTimer(FirstPause);
        while (true)
        {
            T seen = await look();
            if (isSo(seen))
            {
                return seen;
            }

            if (Stopwatch.GetElapsedTime(start) > limit)
            {
                throw new TimeoutException(
                    $"Not within {limit.TotalSeconds:0} s: {what}.{(show(seen) is { } last ? $" Seen last: {last}" : "")}");
            }

            if (between is not null)
            {
                await between();
                continue;
            }

            await ticks.WaitForNextTickAsync();
            ticks.Period = ticks.Period * 1.2 < LongestPause ? ticks.Period * 1.2 : LongestPause;
        }
    }

    private static string Shown(object? seen) => seen switch
    {
        null => "nothing",
        string text => text,
        IEnumerable items => string.Join(Environment.NewLine, items.Cast<object?>().Prepend("")),
        _ => $"{seen}",
    };
}
