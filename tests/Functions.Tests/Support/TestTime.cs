namespace Chard.Functions.Tests;

/// <summary>Where clocks that tests move begin.</summary>
internal static class TestTime
{
    /// <summary>
    /// The end of a month, at noon: later than anything that storage stamps itself, so that what is new here sorts as new.
    /// </summary>
    public static readonly DateTimeOffset Begin = new(2030, 1, 31, 12, 0, 0, TimeSpan.Zero);
}
