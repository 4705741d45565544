using System.ComponentModel;
using System.Text.Json;
using Chard.Domain.Failures;
using Chard.Domain.Payloads;
using Chard.Domain.Tasks;

namespace Chard.Functions.Newsletters;

/// <summary>Reads one part of a prepared newsletter's recipients.</summary>
[Description("Reads one part of a prepared newsletter's recipients.")]
[TaskPolicy(Ledger = false, TimeLimitSeconds = 120)]
public sealed class ReadRecipients : ITask<ReadRecipientsArgs, IReadOnlyList<Recipient>>
{
    /// <inheritdoc/>
    public async Task<IReadOnlyList<Recipient>> RunAsync(ReadRecipientsArgs args, TaskContext context, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(args);
        ArgumentNullException.ThrowIfNull(context);
        var recipients = new List<Recipient>(args.Count);
        using var reader = new StreamReader(await context.Payloads.OpenReadAsync(args.Recipients, cancellationToken));
        for (int line = 0; recipients.Count < args.Count && await reader.ReadLineAsync(cancellationToken) is { } json; line++)
        {
            if (line >= args.First)
            {
                recipients.Add(JsonSerializer.Deserialize<Recipient>(json, JsonSerializerOptions.Web)!);
            }
        }

        return recipients.Count == args.Count
            ? recipients
            : throw new PermanentTaskException("payload-altered", $"The payload of recipients ends before line {args.First + args.Count}.");
    }
}

/// <summary>Which recipients to read.</summary>
/// <param name="Recipients">One recipient a line, in JSON.</param>
/// <param name="First">First line, from 0.</param>
/// <param name="Count">How many.</param>
public sealed record ReadRecipientsArgs(PayloadReference Recipients, int First, int Count);
