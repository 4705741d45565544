using System.Globalization;

namespace Chard.Domain.Failures;

/// <summary>Reads the <c>Retry-After</c> header: a number of seconds or an HTTP date (RFC 9110, 10.2.3).</summary>
public static class RetryAfter
{
    /// <summary>Longest wait that is honoured when the other side asks for one: 7 days. A longer wish is cut to it.</summary>
    public static readonly TimeSpan Longest = TimeSpan.FromDays(7);

    /// <summary>Key under which an exception's <see cref="Exception.Data"/> may carry the header's text to the classifier.</summary>
    public const string DataKey = "Retry-After";

    /// <summary>
    /// How long to wait from <paramref name="now"/>: null without a header or with one that says nothing;
    /// zero for a moment that has passed.
    /// </summary>
    public static TimeSpan? Parse(string? header, DateTimeOffset now)
    {
        string text = header?.Trim() ?? "";
        if (double.TryParse(text, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out double seconds))
        {
            // Beyond what a TimeSpan holds it is an absurd wish; the schedule cuts it anyway.
            return TimeSpan.FromSeconds(Math.Min(seconds, TimeSpan.MaxValue.TotalSeconds / 2));
        }

        if (!DateTimeOffset.TryParseExact(
            text, ["r", "dddd, dd-MMM-yy HH:mm:ss 'GMT'", "ddd MMM d HH:mm:ss yyyy", "o"], CultureInfo.InvariantCulture,
            DateTimeStyles.AssumeUniversal | DateTimeStyles.AllowInnerWhite, out DateTimeOffset moment))
        {
            return null;
        }

        return moment > now ? moment - now : TimeSpan.Zero;
    }
}
