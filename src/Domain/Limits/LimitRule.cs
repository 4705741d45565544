namespace Chard.Domain.Limits;

/// <summary>What a limit allows.</summary>
/// <param name="Key">Its name.</param>
/// <param name="Concurrency">Calls at work at once, 1 to 10,000; null for any number.</param>
/// <param name="PerSecond">Calls that begin in a second, 0.001 to 10,000; null for any number.</param>
/// <param name="Burst">Calls that may begin at once after a pause, 1 to 10,000; matters to a rate only. Default 1:
/// calls are spaced evenly.</param>
public sealed record LimitRule(string Key, int? Concurrency = null, double? PerSecond = null, int Burst = 1)
{
    /// <summary>Time from one call to the next; zero without a rate.</summary>
    public TimeSpan Interval => PerSecond is { } rate ? TimeSpan.FromSeconds(1 / rate) : TimeSpan.Zero;

    /// <summary>How much earlier than evenly spaced a call may begin.</summary>
    public TimeSpan Tolerance => Interval * (Burst - 1);

    /// <summary>What a key comes to that no setting defines any more: it limits nothing.</summary>
    public static LimitRule Unlimited(string key) => new(key);
}
