using Microsoft.Extensions.Options;
using MimeKit;

namespace Chard.Functions.Newsletters;

/// <summary>
/// Writes messages as <c>{key}.eml</c> in a folder, for trying out and for mail servers that pick up. The name comes from the
/// idempotency key and the file appears whole, so a repetition replaces its own.
/// </summary>
public sealed class PickupMailSender(IOptions<MailOptions> options) : IMailSender
{
    /// <inheritdoc/>
    public async Task SendAsync(Mail mail, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(mail);
        string folder = Path.GetFullPath(options.Value.Folder);
        string partial = Path.Combine(Directory.CreateDirectory(Path.Combine(folder, ".partial")).FullName, Path.GetRandomFileName());
        try
        {
            using MimeMessage message = MailMessages.From(mail);
            await message.WriteToAsync(partial, cancellationToken);
            File.Move(partial, Path.Combine(folder, mail.Key + ".eml"), overwrite: true);
        }
        finally
        {
            File.Delete(partial);
        }
    }
}
