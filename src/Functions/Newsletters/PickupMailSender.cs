using System.Net.Mail;
using Chard.Domain.Newsletters;
using Microsoft.Extensions.Options;

namespace Chard.Functions.Newsletters;

/// <summary>
/// Lays messages down as <c>{key}.eml</c> in a folder, for trying out and for mail servers that pick up. The name comes from the
/// idempotency key and the file appears whole, so a repetition replaces its own.
/// </summary>
public sealed class PickupMailSender(IOptions<MailOptions> options) : IMailSender
{
    /// <inheritdoc/>
    public async Task SendAsync(Mail mail, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(mail);
        string folder = Path.GetFullPath(options.Value.Folder);
        string partial = Directory.CreateDirectory(Path.Combine(folder, ".partial", Path.GetRandomFileName())).FullName;
        try
        {
            using var client = new SmtpClient { DeliveryMethod = SmtpDeliveryMethod.SpecifiedPickupDirectory, PickupDirectoryLocation = partial };
            using MailMessage message = MailMessages.From(mail);
            await client.SendMailAsync(message, cancellationToken);
            File.Move(Directory.GetFiles(partial).Single(), Path.Combine(folder, mail.Key + ".eml"), overwrite: true);
        }
        finally
        {
            Directory.Delete(partial, recursive: true);
        }
    }
}
