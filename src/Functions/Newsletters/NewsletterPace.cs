namespace Chard.Functions.Newsletters;

/// <summary>
/// How fast messages go out: so many at once, then a pause. Kept by durable timers, so it holds across hosts and restarts.
/// </summary>
/// <param name="Messages">Messages that go out together.</param>
/// <param name="Pause">Time until the next ones.</param>
public readonly record struct NewsletterPace(int Messages, TimeSpan Pause)
{
    /// <summary>The pace of a rate: a second's messages at once, or one with the pause that it asks for.</summary>
    /// <param name="messagesPerSecond">0.01 to 1,000.</param>
    public static NewsletterPace Of(double messagesPerSecond)
    {
        int messages = Math.Max(1, (int)messagesPerSecond);
        return new(messages, TimeSpan.FromSeconds(messages / messagesPerSecond));
    }
}
