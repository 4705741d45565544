using System.Net;
using System.Net.Mail;
using System.Security.Authentication;
using Chard.Domain.Failures;
using Chard.Domain.Newsletters;
using Chard.Functions.Outgoing;
using Microsoft.Extensions.Options;

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
        using var client = new SmtpClient(smtp.Host, smtp.Port) { EnableSsl = smtp.StartTls };
        if (smtp.UserName is not null)
        {
            client.Credentials = new NetworkCredential(smtp.UserName, smtp.Password);
        }

        using MailMessage message = MailMessages.From(mail);
        try
        {
            await client.SendMailAsync(message, cancellationToken);
            return true;
        }
        catch (SmtpException e) when (!cancellationToken.IsCancellationRequested)
        {
            throw FailureOf(e, mail);
        }
        catch (AuthenticationException e)
        {
            throw new TransientTaskException("smtp-unreachable", $"{Who} cannot be trusted: {e.Message}", e);
        }
    }

    /// <summary>By the server's reply: 4yz may pass, 5yz will not. Without a reply the connection failed, which may pass.</summary>
    private static TaskFailureException FailureOf(SmtpException e, Mail mail)
    {
        int reply = (int)e.StatusCode;
        string message = $"{mail.To.Address}: {Who} answered {reply}: {e.Message}";
        return reply switch
        {
            >= 500 and <= 599 => new PermanentTaskException($"smtp-{reply}", message, e),
            >= 400 and <= 499 => new TransientTaskException($"smtp-{reply}", message, e),
            _ => new TransientTaskException("smtp-unreachable", $"{Who} cannot be talked to: {(e.InnerException ?? e).Message}", e),
        };
    }
}
