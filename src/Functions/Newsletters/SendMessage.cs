using System.ComponentModel;
using Chard.Domain.Payloads;
using Chard.Domain.Tasks;

namespace Chard.Functions.Newsletters;

/// <summary>
/// Sends one message to one recipient. A finished one is never sent again; after a run that died it may be, with the same
/// <c>Message-ID</c>, since mail servers know no idempotency key.
/// </summary>
[Description("Sends one message to one recipient.")]
[TaskPolicy(TimeLimitSeconds = 120)]
public sealed class SendMessage(IMailSender sender, NewsletterContents contents) : ITask<SendMessageArgs, SendMessageResult>
{
    /// <inheritdoc/>
    public async Task<SendMessageResult> RunAsync(SendMessageArgs args, TaskContext context, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(args);
        ArgumentNullException.ThrowIfNull(context);
        NewsletterContent content = await contents.GetAsync(args.Content, context.Payloads, cancellationToken);
        Mail mail = Mail.Create(context.IdempotencyKey, content, args.To);
        await sender.SendAsync(mail, cancellationToken);
        return new(mail.MessageId);
    }
}

/// <summary>One message.</summary>
/// <param name="Content">A <see cref="NewsletterContent"/>.</param>
/// <param name="To">Its recipient.</param>
public sealed record SendMessageArgs(PayloadReference Content, Recipient To);

/// <summary>A message that was handed over.</summary>
/// <param name="MessageId">Its header <c>Message-ID</c>.</param>
public sealed record SendMessageResult(string MessageId);
