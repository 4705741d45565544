using System.Globalization;
using System.Net.Mail;
using System.Security.Cryptography;
using System.Text;
using Chard.Domain.Failures;

namespace Chard.Functions.Newsletters;

/// <summary>One message to one recipient, checked: what it holds can be written into headers as it is.</summary>
public sealed record Mail
{
    /// <summary>Longest header value, in characters.</summary>
    public const int MaxHeaderLength = 900;

    private static readonly IdnMapping Ascii = new();

    private Mail(string key, MailAddress from, MailAddress to, string subject, string? text, string? html)
    {
        Key = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(key)).AsSpan(0, 16));
        From = from;
        To = to;
        Subject = subject;
        Text = text;
        Html = html;
    }

    /// <summary>32 hex digits made of the idempotency key: the same for every repetition of the message.</summary>
    public string Key { get; }

    /// <summary>
    /// Header <c>Message-ID</c>, made of <see cref="Key"/> and the sender's domain, by which a repetition can be recognised.
    /// </summary>
    public string MessageId => $"<{Key}@{Ascii.GetAscii(From.Host)}>";

    public MailAddress From { get; }

    public MailAddress To { get; }

    public string Subject { get; }

    /// <summary>Plain body; null if there is none.</summary>
    public string? Text { get; }

    /// <summary>HTML body; null if there is none.</summary>
    public string? Html { get; }

    /// <summary>Fills in <paramref name="content"/> for <paramref name="recipient"/>.</summary>
    /// <exception cref="PermanentTaskException"> Code <c>header-injection</c> for a control character in what becomes a header,
    /// <c>bad-address</c>, <c>header-too-long</c> or <c>missing-value</c>.
    /// </exception>
    public static Mail Create(string idempotencyKey, NewsletterContent content, Recipient recipient)
    {
        ArgumentNullException.ThrowIfNull(content);
        ArgumentNullException.ThrowIfNull(recipient);
        MailAddress from = Mailbox(content.From, null);
        MailAddress to = Mailbox(recipient.Address, Header(recipient.Name ?? ""));
        return new(
            idempotencyKey,
            from,
            to,
            Header(MailTemplate.Render(content.Subject, recipient, html: false)),
            content.Text is null ? null : MailTemplate.Render(content.Text, recipient, html: false),
            content.Html is null ? null : MailTemplate.Render(content.Html, recipient, html: true));
    }

    /// <summary>What is wrong with an address; null if mail can be sent to it.</summary>
    public static string? AddressFault(string address)
    {
        ArgumentNullException.ThrowIfNull(address);
        return address.Length is 0 or > 254 || !MailAddress.TryCreate(address, out MailAddress? parsed) || parsed.Address != address
            ? $"'{Shown(address)}' is not an address such as ada@example.com."
            : parsed.User.Any(c => c > '~')
            ? $"'{Shown(address)}' has signs before the @ that not every mail server takes: only ASCII can be used."
            : null;
    }

    /// <summary>What cannot break a log line or a message: up to 100 characters, none of them a control character.</summary>
    internal static string Shown(string text) =>
        new([.. text.Take(100).Select(c => char.IsControl(c) ? '?' : c)]);

    private static MailAddress Mailbox(string text, string? name)
    {
        Header(text);
        if (name is null && MailAddress.TryCreate(text, out MailAddress? mailbox))
        {
            text = mailbox.Address;
            name = mailbox.DisplayName;
        }

        return AddressFault(text) is { } fault ? throw new PermanentTaskException("bad-address", fault) : new(text, name);
    }

    private static string Header(string value) =>
        value.Any(char.IsControl)
            ? throw new PermanentTaskException(
                "header-injection", $"'{Shown(value)}' has a line break or another control character and cannot stand in a header.")
            : value.Length <= MaxHeaderLength ? value
            : throw new PermanentTaskException(
                "header-too-long", $"A header of a message has at most {MaxHeaderLength} characters: '{Shown(value)}'….");
}

/// <summary>Hands messages over for delivery.</summary>
public interface IMailSender
{
    /// <summary>Hands one message over. A repetition has the same <see cref="Mail.MessageId"/>.</summary>
    /// <exception cref="PermanentTaskException">The message is refused for good: code <c>smtp-5xx</c> (the reply).</exception>
    /// <exception cref="TransientTaskException">It may be taken later: code <c>smtp-4xx</c>, <c>smtp-unreachable</c>,
    /// <c>timeout</c>. It may have been taken.</exception>
    Task SendAsync(Mail mail, CancellationToken cancellationToken);
}
