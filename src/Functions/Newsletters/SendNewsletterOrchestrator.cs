using Chard.Calls;
using Chard.Domain.Failures;
using Chard.Domain.Workflows;
using Microsoft.Azure.Functions.Worker;
using Microsoft.DurableTask;

namespace Chard.Functions.Newsletters;

/// <summary>
/// Sends a newsletter: a message a recipient, each a task of its own, in parts of up to 100 so that no history grows with the list. A
/// recipient that fails for good is collected and holds up nobody.
/// </summary>
public static class SendNewsletterOrchestrator
{
    /// <summary>
    /// Parts at work at once. A part ends when its last message has, so this bounds the messages that wait for a retry to 800.
    /// </summary>
    public const int MaxOpenParts = 8;

    [Function(nameof(SendNewsletter))]
    public static Task<SendNewsletterResult?> SendNewsletter(
        [OrchestrationTrigger] TaskOrchestrationContext context,
        WorkflowInput<SendNewsletterInput> input)
    {
        ArgumentNullException.ThrowIfNull(input);
        return context.TrackAsync(SendAsync);

        async Task<SendNewsletterResult> SendAsync()
        {
            PreparedNewsletter prepared = await context.CallTaskAsync<PreparedNewsletter>(nameof(PrepareNewsletter), input.Args.Newsletter)
                ?? throw new PermanentTaskException(
                    "not-prepared", "not-prepared: The preparation was skipped, so there is nothing to send.");
            NewsletterTally tally = NewsletterTally.Of(prepared);
            var open = new List<Task<NewsletterTally>>(MaxOpenParts);
            for (int i = 0; i < prepared.Parts.Count; i++)
            {
                int first = prepared.Parts[i];
                int count = (i + 1 < prepared.Parts.Count ? prepared.Parts[i + 1] : prepared.Count) - first;
                open.Add(SendPartAsync(new(prepared.Content, prepared.Recipients, first, count, input.Args.MessagesPerSecond)));
                if (i + 1 < prepared.Parts.Count)
                {
                    await context.CreateTimer(TimeSpan.FromSeconds(count / input.Args.MessagesPerSecond), CancellationToken.None);
                }

                while (open.Count == MaxOpenParts || (i + 1 == prepared.Parts.Count && open.Count > 0))
                {
                    Task<NewsletterTally> finished = await Task.WhenAny(open);
                    open.Remove(finished);
                    tally = tally.Add(await finished);
                    await context.ReportProgressAsync(
                        new WorkflowProgress(prepared.Count + prepared.RejectedCount, tally.Sent, tally.FailedCount));
                }
            }

            return new(tally.Sent, tally.FailedCount, tally.Failed, prepared.Duplicates);
        }

        Task<NewsletterTally> SendPartAsync(NewsletterPart part)
        {
            string path = $"part{part.First}";
            return context.CallSubOrchestratorAsync<NewsletterTally>(
                nameof(SendNewsletterPart),
                new WorkflowInput<NewsletterPart>(input.Id, part, input.Policies, input.Stamps, nameof(SendNewsletter), path),
                new SubOrchestrationOptions { InstanceId = $"{input.Id}.{path}" });
        }
    }

    /// <summary>Sends one part.</summary>
    [Function(nameof(SendNewsletterPart))]
    public static async Task<NewsletterTally> SendNewsletterPart(
        [OrchestrationTrigger] TaskOrchestrationContext context,
        WorkflowInput<NewsletterPart> input)
    {
        ArgumentNullException.ThrowIfNull(context);
        ArgumentNullException.ThrowIfNull(input);
        NewsletterPart part = input.Args;
        IReadOnlyList<Recipient> recipients = await context.CallTaskAsync<IReadOnlyList<Recipient>>(
            nameof(ReadRecipients), new ReadRecipientsArgs(part.Recipients, part.First, part.Count)) ?? [];

        NewsletterPace pace = NewsletterPace.Of(part.MessagesPerSecond);
        var messages = new List<Task<FailedRecipient?>>(recipients.Count);
        foreach (Recipient recipient in recipients)
        {
            if (messages.Count > 0 && messages.Count % pace.Messages == 0)
            {
                await context.CreateTimer(pace.Pause, CancellationToken.None);
            }

            messages.Add(SendAsync(recipient));
        }

        return NewsletterTally.Of(await Task.WhenAll(messages));

        async Task<FailedRecipient?> SendAsync(Recipient recipient)
        {
            try
            {
                return await context.CallTaskAsync<SendMessageResult>(
                    nameof(SendMessage), new SendMessageArgs(part.Content, recipient)) is null
                    ? new(recipient.Address, "skipped: an operator or the task's policy left this message out.")
                    : null;
            }
            catch (TaskExhaustedException e)
            {
                return new(recipient.Address, e.Message);
            }
        }
    }
}
