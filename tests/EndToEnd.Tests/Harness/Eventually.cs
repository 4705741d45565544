using System.Diagnostics;

namespace Chard.EndToEnd.Tests.Harness;

/// <summary>Waits for conditions, with a deadline that names what did not come.</summary>
internal static class Eventually
{
    /// <summary>Returns once <paramref name="condition"/> holds.</summary>
    /// <exception cref="TimeoutException">It did not hold within <paramref name="deadline"/>.</exception>
    public static async Task TrueAsync(string what, TimeSpan deadline, Func<Task<bool>> condition)
    {
        long start = Stopwatch.GetTimestamp();
        using var ticks = new PeriodicTimer(TimeSpan.FromMilliseconds(50));
        while (!await condition())
        {
            if (Stopwatch.GetElapsedTime(start) > deadline)
            {
                throw new TimeoutException($"After {deadline.TotalSeconds:0} s it is still not so that {what}.");
            }

            await ticks.WaitForNextTickAsync();
        }
    }
}
