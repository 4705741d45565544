using System.Diagnostics;

namespace Chard.Functions.Tests;

/// <summary>Waits for conditions, with a deadline that names what did not come.</summary>
internal static class Eventually
{
    /// <summary>Returns once <paramref name="condition"/> holds; fails after two minutes.</summary>
    public static Task TrueAsync(string what, Func<bool> condition) => TrueAsync(what, () => Task.FromResult(condition()));

    /// <inheritdoc cref="TrueAsync(string, Func{bool})"/>
    public static async Task TrueAsync(string what, Func<Task<bool>> condition)
    {
        long start = Stopwatch.GetTimestamp();
        using var ticks = new PeriodicTimer(TimeSpan.FromMilliseconds(10));
        while (!await condition())
        {
            Assert.True(Stopwatch.GetElapsedTime(start) < TimeSpan.FromMinutes(2), $"After two minutes it is still not so that {what}.");
            await ticks.WaitForNextTickAsync();
        }
    }
}
