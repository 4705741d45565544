using System.Net.Mail;
using System.Net.Mime;
using System.Text;
using Chard.Domain.Newsletters;

namespace Chard.Functions.Newsletters;

/// <summary>Makes MIME messages. Bodies go as UTF-8 in base64, so that no line is too long and none begins with a dot.</summary>
public static class MailMessages
{
    /// <summary>The message of <paramref name="mail"/>: with both bodies multipart/alternative, the plain one first. The caller disposes it.</summary>
    public static MailMessage From(Mail mail)
    {
        ArgumentNullException.ThrowIfNull(mail);
        var message = new MailMessage(mail.From, mail.To)
        {
            Subject = mail.Subject,
            SubjectEncoding = Encoding.UTF8,
            HeadersEncoding = Encoding.UTF8,
            BodyEncoding = Encoding.UTF8,
            BodyTransferEncoding = TransferEncoding.Base64,
            Body = mail.Text ?? mail.Html,
            IsBodyHtml = mail.Text is null,
        };
        message.Headers.Add("Message-ID", mail.MessageId);
        if (mail is { Text: not null, Html: not null })
        {
            AlternateView html = AlternateView.CreateAlternateViewFromString(mail.Html, Encoding.UTF8, MediaTypeNames.Text.Html);
            html.TransferEncoding = TransferEncoding.Base64;
            message.AlternateViews.Add(html);
        }

        return message;
    }
}
