using System.Diagnostics;
using Chard.Platform;

namespace Chard.Functions.Tests.Telemetry;

/// <summary>What is cut from spans before they are sent.</summary>
public sealed class SpansWithoutValuesTests : IDisposable
{
    private const string Secret = "4111-1111";

    private readonly ActivitySource _source = new("Chard.Tests." + Guid.NewGuid().ToString("N"));
    private readonly ActivityListener _listener;

    public SpansWithoutValuesTests()
    {
        _listener = new()
        {
            ShouldListenTo = source => source.Name == _source.Name,
            Sample = (ref ActivityCreationOptions<ActivityContext> _) => ActivitySamplingResult.AllDataAndRecorded,
        };
        ActivitySource.AddActivityListener(_listener);
    }

    public void Dispose()
    {
        _listener.Dispose();
        _source.Dispose();
    }

    [Fact]
    public void End_OfAFailedFunction_KeepsThatItFailedAndNotWhy()
    {
        using Activity span = Span();
        span.SetStatus(ActivityStatusCode.Error, "no charge for " + Secret);

        End(span);

        Assert.Equal((ActivityStatusCode.Error, null, true), (span.Status, span.StatusDescription, span.Recorded));
    }

    [Fact]
    public void End_OfAQuery_KeepsItsDatabaseAndNotItsText()
    {
        using Activity span = Span();
        span.SetTag("db.query.text", $"COPY \"{Secret}\"").SetTag("db.namespace", "imports");

        End(span);

        Assert.Equal([new("db.namespace", "imports")], span.TagObjects);
    }

    [Fact]
    public void End_OfWhatHasNotedAnException_IsNotSent()
    {
        using Activity span = Span();
        span.AddException(new IOException(Secret));

        End(span);

        Assert.False(span.Recorded);
    }

    private Activity Span() => _source.StartActivity("work") ?? throw new InvalidOperationException("Nobody listens.");

    private static void End(Activity span)
    {
        using var processor = new SpansWithoutValues();
        processor.OnEnd(span);
    }
}
