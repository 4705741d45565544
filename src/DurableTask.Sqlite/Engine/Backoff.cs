namespace Chard.DurableTask.Sqlite;

/// <summary>
/// Work that workers give back again and again comes back later and later, up to ten seconds: a failing one must not keep a processor busy.
/// </summary>
internal static class Backoff
{
    public static void After(int abandoned, Action action)
    {
        if (abandoned <= 1)
        {
            action();
            return;
        }

        var delay = TimeSpan.FromMilliseconds(Math.Min(10_000, 50 * Math.Pow(2, Math.Min(abandoned - 2, 10))));
        _ = Task.Delay(delay, TimeProvider.System).ContinueWith(_ => action(), TaskScheduler.Default);
    }
}
