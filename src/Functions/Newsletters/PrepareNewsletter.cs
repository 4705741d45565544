using System.ComponentModel;
using System.Runtime.CompilerServices;
using System.Text.Json;
using Chard.Domain.Failures;
using Chard.Domain.Payloads;
using Chard.Domain.Tasks;
using Chard.Functions.Outgoing;

namespace Chard.Functions.Newsletters;

/// <summary>
/// Checks every recipient, leaves out repeated addresses, and stores content and recipients as payloads. Has no effect outside; a
/// repetition replaces what it stored.
/// </summary>
[Description("Checks the recipients of a newsletter and stores it for sending.")]
[TaskPolicy(TimeLimitSeconds = 3600)]
public sealed class PrepareNewsletter(IFileDownloads downloads) : ITask<SendNewsletterArgs, PreparedNewsletter>
{
    private const int MaxPartCount = 100;
    private const int MaxPartBytes = 24 * 1024;
    private static readonly byte[] NewLine = "\n"u8.ToArray();

    /// <inheritdoc/>
    public async Task<PreparedNewsletter> RunAsync(SendNewsletterArgs args, TaskContext context, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(context);
        InvalidArgs.ThrowIfAny(SendNewsletterRules.Check(args));
        PayloadReference content = await context.Payloads.WriteAsync(
            context.WorkflowId,
            $"newsletter/{context.Path.Replace('~', '/')}/content.json",
            (stream, token) => JsonSerializer.SerializeAsync(
                stream, new NewsletterContent(args.From, args.Subject, args.Text, args.Html), JsonSerializerOptions.Web, token),
            cancellationToken);

        PayloadReference? file = args.RecipientsUrl is null
            ? args.RecipientsFile
            : await DownloadAsync(args.RecipientsUrl, context, cancellationToken);
        Intake intake = new();
        PayloadReference recipients = await context.Payloads.WriteAsync(
            context.WorkflowId,
            $"newsletter/{context.Path.Replace('~', '/')}/recipients.jsonl",
            async (stream, token) =>
            {
                intake = new();
                await foreach (string line in LinesOf(args.Recipients, file, context.Payloads, token))
                {
                    if (intake.Take(line) is { } json)
                    {
                        await stream.WriteAsync(json, token);
                        await stream.WriteAsync(NewLine, token);
                    }
                }
            },
            cancellationToken);
        return new(content, recipients, intake.Count, intake.Parts, intake.Duplicates, intake.RejectedCount, intake.Rejected);
    }

    private async Task<PayloadReference> DownloadAsync(string url, TaskContext context, CancellationToken cancellationToken)
    {
        PayloadReference file = await context.Payloads.WriteAsync(
            context.WorkflowId,
            $"newsletter/{context.Path.Replace('~', '/')}/download",
            (stream, token) => downloads.CopyToAsync(url, stream, token),
            cancellationToken);
        return file.Bytes <= SendNewsletterRules.MaxFileBytes
            ? file
            : throw new PermanentTaskException("too-large", $"A file of recipients has at most {SendNewsletterRules.MaxFileBytes} bytes.");
    }

    private static async IAsyncEnumerable<string> LinesOf(
        IReadOnlyList<Recipient>? inline,
        PayloadReference? file,
        IPayloadStore payloads,
        [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        foreach (Recipient recipient in inline ?? [])
        {
            yield return JsonSerializer.Serialize(recipient, JsonSerializerOptions.Web);
        }

        if (file is null)
        {
            yield break;
        }

        using var reader = new StreamReader(await payloads.OpenReadAsync(file, cancellationToken));
        while (await reader.ReadLineAsync(cancellationToken) is { } line)
        {
            if (!string.IsNullOrWhiteSpace(line))
            {
                yield return line;
            }
        }
    }

    /// <summary>Takes recipients one by one and counts.</summary>
    private sealed class Intake
    {
        private readonly HashSet<string> _addresses = new(StringComparer.OrdinalIgnoreCase);
        private int _partCount;
        private int _partBytes;

        public int Count { get; private set; }

        public int Duplicates { get; private set; }

        public int RejectedCount { get; private set; }

        public List<FailedRecipient> Rejected { get; } = [];

        public List<int> Parts { get; } = [];

        /// <summary>The recipient of <paramref name="line"/> in JSON; null if it gets no message.</summary>
        public byte[]? Take(string line)
        {
            if (!Recipient.TryParse(line, out Recipient? recipient))
            {
                return Reject(line, "not-a-recipient: a line is an address, a mailbox, or a JSON object with an address.");
            }

            if (Mail.AddressFault(recipient.Address) is not null)
            {
                return Reject(
                    recipient.Address,
                    "bad-address: this is not an address such as ada@example.com, or not all of it is ASCII before the @.");
            }

            byte[] json = JsonSerializer.SerializeToUtf8Bytes(recipient, JsonSerializerOptions.Web);
            if (json.Length > Recipient.MaxBytes)
            {
                return Reject(recipient.Address, $"too-large: a recipient has at most {Recipient.MaxBytes} bytes.");
            }

            if (!_addresses.Add(recipient.Address))
            {
                Duplicates++;
                return null;
            }

            return Count < SendNewsletterRules.MaxRecipients
                ? Accept(json)
                : throw new PermanentTaskException(
                    "too-many-recipients", $"A newsletter has at most {SendNewsletterRules.MaxRecipients} recipients. Send it in several.");
        }

        private byte[] Accept(byte[] json)
        {
            if (Count == 0 || _partCount == MaxPartCount || _partBytes + json.Length + 1 > MaxPartBytes)
            {
                Parts.Add(Count);
                _partCount = 0;
                _partBytes = 0;
            }

            Count++;
            _partCount++;
            _partBytes += json.Length + 1;
            return json;
        }

        private byte[]? Reject(string recipient, string reason)
        {
            RejectedCount++;
            if (Rejected.Count < PreparedNewsletter.MaxRejected)
            {
                Rejected.Add(new(Mail.Shown(recipient), reason));
            }

            return null;
        }
    }
}
