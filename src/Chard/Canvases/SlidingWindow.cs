namespace Chard.Canvases;

/// <summary>
/// Runs members side by side with a bound: as one ends, the next begins. For orchestrators: everything stays on their thread.
/// </summary>
internal static class SlidingWindow
{
    /// <summary>
    /// Runs members 0 to <paramref name="count"/> - 1, begun in this order. <paramref name="run"/> tells failures in its own way
    /// and does not throw.
    /// </summary>
    public static Task RunAsync(int count, int width, Func<int, Task> run)
    {
        int next = 0;
        var lanes = new Task[Math.Min(count, Math.Max(1, width))];
        for (int lane = 0; lane < lanes.Length; lane++)
        {
            lanes[lane] = LaneAsync();
        }

        return Task.WhenAll(lanes);

        async Task LaneAsync()
        {
            while (next < count)
            {
                await run(next++);
            }
        }
    }
}
