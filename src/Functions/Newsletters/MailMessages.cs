using MimeKit;
using MimeKit.Text;

namespace Chard.Functions.Newsletters;

/// <summary>Makes MIME messages. Bodies go as UTF-8 in base64, so that no line is too long and none begins with a dot.</summary>
public static class MailMessages
{
    /// <summary>
    /// The message of <paramref name="mail"/>: with both bodies multipart/alternative, the plain one first. The caller disposes it.
    /// </summary>
    public static MimeMessage From(Mail mail)
    {
        ArgumentNullException.ThrowIfNull(mail);
        MimeEntity[] bodies = [.. BodiesOf(mail)];
        var message = new MimeMessage
        {
            Subject = mail.Subject,
            MessageId = mail.MessageId.Trim('<', '>'),
            Body = bodies is [var only] ? only : new MultipartAlternative(bodies),
        };
        message.From.Add(new MailboxAddress(mail.From.DisplayName, mail.From.Address));
        message.To.Add(new MailboxAddress(mail.To.DisplayName, mail.To.Address));
        return message;
    }

    private static IEnumerable<MimeEntity> BodiesOf(Mail mail)
    {
        if (mail.Text is not null)
        {
            yield return new TextPart(TextFormat.Plain) { Text = mail.Text, ContentTransferEncoding = ContentEncoding.Base64 };
        }

        if (mail.Html is not null)
        {
            yield return new TextPart(TextFormat.Html) { Text = mail.Html, ContentTransferEncoding = ContentEncoding.Base64 };
        }
    }
}
