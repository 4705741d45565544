using Chard.Domain.Payloads;

namespace Chard.Functions.Newsletters;

/// <summary>
/// What to send to whom. <see cref="SendNewsletterRules"/> holds the rules. Of the three ways to name
/// recipients exactly one is given.
/// </summary>
/// <param name="From">Sender: <c>"Chard &lt;news@example.com&gt;"</c>.</param>
/// <param name="Subject">Subject; a template like the bodies.</param>
/// <param name="Text">Plain body: <c>Hello {{name|reader}}</c>; null if there is <paramref name="Html"/>.</param>
/// <param name="Html">HTML body; values are encoded where they are filled in; null if there is <paramref name="Text"/>.</param>
/// <param name="Recipients">Up to 1,000 recipients.</param>
/// <param name="RecipientsFile">A payload with a recipient a line, up to 100,000.</param>
/// <param name="RecipientsUrl">A URL to fetch such a file from.</param>
public sealed record SendNewsletterArgs(
    string From,
    string Subject,
    string? Text = null,
    string? Html = null,
    IReadOnlyList<Recipient>? Recipients = null,
    PayloadReference? RecipientsFile = null,
    string? RecipientsUrl = null);

/// <summary>What became of a newsletter.</summary>
/// <param name="Sent">Messages that were handed over.</param>
/// <param name="FailedCount">Recipients that got none.</param>
/// <param name="Failed">The first 100 of those, with the reason; of lines that are no recipient the first 50. Every failed message
/// is a dead letter besides.</param>
/// <param name="Duplicates">Recipients left out because their address came before.</param>
public sealed record SendNewsletterResult(int Sent, int FailedCount, IReadOnlyList<FailedRecipient> Failed, int Duplicates)
{
    /// <summary>Most failures that a result lists.</summary>
    public const int MaxFailed = 100;
}

/// <summary>A recipient that got no message.</summary>
/// <param name="Recipient">The address, or what stood in its place.</param>
/// <param name="Reason">Why, as "code: message".</param>
public sealed record FailedRecipient(string Recipient, string Reason);

/// <summary>What all messages of a newsletter have in common.</summary>
/// <param name="From">Sender.</param>
/// <param name="Subject">Template of the subject.</param>
/// <param name="Text">Template of the plain body.</param>
/// <param name="Html">Template of the HTML body.</param>
public sealed record NewsletterContent(string From, string Subject, string? Text, string? Html);

/// <summary>A newsletter that can be sent: its data lies in payloads, so that history stays small.</summary>
/// <param name="Content">A <see cref="NewsletterContent"/>.</param>
/// <param name="Recipients">One <see cref="Recipient"/> a line, in JSON, each address once.</param>
/// <param name="Count">Recipients in the payload.</param>
/// <param name="Parts">First line of each part, from 0. A part has up to 100 recipients and 24 KiB.</param>
/// <param name="Duplicates">Recipients left out because their address came before.</param>
/// <param name="RejectedCount">Lines that are no recipient.</param>
/// <param name="Rejected">The first 50 of those.</param>
public sealed record PreparedNewsletter(
    PayloadReference Content,
    PayloadReference Recipients,
    int Count,
    IReadOnlyList<int> Parts,
    int Duplicates,
    int RejectedCount,
    IReadOnlyList<FailedRecipient> Rejected)
{
    /// <summary>Most rejected lines that are listed: the whole has to stay below what an orchestrator takes.</summary>
    public const int MaxRejected = 50;
}
