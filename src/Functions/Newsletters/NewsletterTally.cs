namespace Chard.Functions.Newsletters;

/// <summary>What became of some of a newsletter's messages.</summary>
/// <param name="Sent">Messages that were handed over.</param>
/// <param name="FailedCount">Recipients that got none.</param>
/// <param name="Failed">The first of those, up to <see cref="SendNewsletterResult.MaxFailed"/>.</param>
public sealed record NewsletterTally(int Sent, int FailedCount, IReadOnlyList<FailedRecipient> Failed)
{
    /// <summary>What the preparation left out as no recipient.</summary>
    public static NewsletterTally Of(PreparedNewsletter prepared)
    {
        ArgumentNullException.ThrowIfNull(prepared);
        return new(0, prepared.RejectedCount, prepared.Rejected);
    }

    /// <summary>The tally of messages, of which each is null if it went out.</summary>
    public static NewsletterTally Of(IReadOnlyCollection<FailedRecipient?> messages)
    {
        ArgumentNullException.ThrowIfNull(messages);
        FailedRecipient[] failed = [.. messages.OfType<FailedRecipient>()];
        return new(messages.Count - failed.Length, failed.Length, [.. failed.Take(SendNewsletterResult.MaxFailed)]);
    }

    /// <summary>Both together.</summary>
    public NewsletterTally Add(NewsletterTally other)
    {
        ArgumentNullException.ThrowIfNull(other);
        return new(
            Sent + other.Sent, FailedCount + other.FailedCount, [.. Failed.Concat(other.Failed).Take(SendNewsletterResult.MaxFailed)]);
    }
}
