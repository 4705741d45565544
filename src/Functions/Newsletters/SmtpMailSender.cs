using System.Net.Sockets;
using Chard.Domain.Failures;
using Chard.Functions.Outgoing;
using MailKit;
using MailKit.Net.Smtp;
using MailKit.Security;
using Microsoft.Extensions.Options;
using MimeKit;

namespace Chard.Functions.Newsletters;

/// <summary>Hands messages to a mail server, a connection each.</summary>
public sealed class SmtpMailSender(IOptions<MailOptions> options) : IMailSender
{
    private const string Who = "The mail server";

    /// <inheritdoc/>
    public Task SendAsync(Mail mail, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(mail);
        SmtpOptions smtp = options.Value.Smtp;
        return NetworkFaults.TranslateAsync(
            Who, TimeSpan.FromSeconds(smtp.TimeoutSeconds), timeout => HandOverAsync(smtp, mail, timeout.Token), cancellationToken);
    }

    private static async Task<bool> HandOverAsync(SmtpOptions smtp, Mail mail, CancellationToken cancellationToken)
    {
        using var client = new SmtpClient();
        using MimeMessage message = MailMessages.From(mail);
        try
        {
            await client.ConnectAsync(
                smtp.Host!, smtp.Port, smtp.StartTls ? SecureSocketOptions.StartTls : SecureSocketOptions.None, cancellationToken);
            if (smtp.UserName is not null)
            {
                await client.AuthenticateAsync(smtp.UserName, smtp.Password!, cancellationToken);
            }

            await client.SendAsync(message, cancellationToken);
        }
        catch (SmtpCommandException e)
        {
            throw FailureOf((int)e.StatusCode, e, mail);
        }
        catch (AuthenticationException e) when (e.InnerException is SmtpCommandException refused)
        {
            throw FailureOf((int)refused.StatusCode, refused, mail);
        }
        catch (Exception e) when (e is ProtocolException
            or AuthenticationException or SslHandshakeException or NotSupportedException or IOException or SocketException)
        {
            throw new TransientTaskException("smtp-unreachable", $"{Who} cannot be talked to: {e.Message}", e);
        }

        // The message is taken, however the good-bye goes.
        await client.DisconnectAsync(quit: true, cancellationToken);
        return true;
    }

    /// <summary>By the server's reply: 4yz may pass, 5yz will not.</summary>
    private static TaskFailureException FailureOf(int reply, Exception e, Mail mail)
    {
        string message = $"{mail.To.Address}: {Who} answered {reply}: {e.Message}";
        return reply is >= 500 and <= 599
            ? new PermanentTaskException($"smtp-{reply}", message, e)
            : new TransientTaskException($"smtp-{reply}", message, e);
    }
}
