using Chard.Functions.Newsletters;

namespace Chard.Functions.Tests.Newsletters;

public sealed class NewsletterTallyTests
{
    [Theory]
    [InlineData(10, 10, 1000)]
    [InlineData(2.5, 2, 800)]
    [InlineData(1, 1, 1000)]
    [InlineData(0.5, 1, 2000)]
    [InlineData(0.01, 1, 100_000)]
    [InlineData(1000, 1000, 1000)]
    public void Pace_Rate_IsKeptOnAverage(double rate, int messages, int milliseconds)
    {
        NewsletterPace pace = NewsletterPace.Of(rate);

        Assert.Equal(new(messages, TimeSpan.FromMilliseconds(milliseconds)), pace);
        Assert.Equal(rate, pace.Messages / pace.Pause.TotalSeconds, 1e-9);
    }

    [Fact]
    public void Add_ManyFailures_AreAllCountedAndTheFirstHundredListed()
    {
        FailedRecipient[] failed = [.. Enumerable.Range(0, 80).Select(i => new FailedRecipient($"r{i}@example.com", "x"))];

        NewsletterTally tally = NewsletterTally.Of([null, .. failed]).Add(NewsletterTally.Of([.. failed, null, null]));

        Assert.Equal((3, 160, 100), (tally.Sent, tally.FailedCount, tally.Failed.Count));
        Assert.Equal("r19@example.com", tally.Failed[^1].Recipient);
    }
}
