using System.Net.Mail;
using Chard.Domain.Json;

namespace Chard.Functions.Newsletters;

/// <summary>What can be sent as a newsletter. A recipient whose address is wrong is no fault: it fails alone.</summary>
public static class SendNewsletterRules
{
    /// <summary>Most recipients in the arguments.</summary>
    public const int MaxInline = 1000;

    /// <summary>Most recipients in a file.</summary>
    public const int MaxRecipients = 100_000;

    /// <summary>Largest file of recipients, in bytes: 64 MiB.</summary>
    public const long MaxFileBytes = 64 << 20;

    /// <summary>Longest body, in characters.</summary>
    public const int MaxBodyLength = 200_000;

    /// <summary>Every fault of <paramref name="args"/>; empty if they will do.</summary>
    public static IReadOnlyList<JsonFault> Check(SendNewsletterArgs args)
    {
        ArgumentNullException.ThrowIfNull(args);
        var faults = new List<JsonFault>();
        if (string.IsNullOrEmpty(args.From) || args.From.Any(char.IsControl)
            || !MailAddress.TryCreate(args.From, out MailAddress? from) || Mail.AddressFault(from.Address) is not null)
        {
            faults.Add(new("/from", "The sender is an address such as news@example.com, or Chard <news@example.com>."));
        }

        if (string.IsNullOrWhiteSpace(args.Subject) || args.Subject.Any(char.IsControl) || args.Subject.Length > Mail.MaxHeaderLength)
        {
            faults.Add(new(
                "/subject",
                $"A subject has 1 to {Mail.MaxHeaderLength} characters, none of them a line break or another control character."));
        }
        else
        {
            AddTemplateFault(faults, "/subject", args.Subject);
        }

        if (args.Text is null && args.Html is null)
        {
            faults.Add(new("/text", "Give the message as text, html, or both."));
        }

        AddTemplateFault(faults, "/text", args.Text);
        AddTemplateFault(faults, "/html", args.Html);
        AddRecipientFaults(faults, args);
        return faults;
    }

    private static void AddRecipientFaults(List<JsonFault> faults, SendNewsletterArgs args)
    {
        int ways = (args.Recipients is null ? 0 : 1) + (args.RecipientsFile is null ? 0 : 1) + (args.RecipientsUrl is null ? 0 : 1);
        if (ways != 1)
        {
            faults.Add(new("/recipients", "Give exactly one of recipients, recipientsFile and recipientsUrl."));
        }

        if (args.Recipients is { Count: 0 or > MaxInline })
        {
            faults.Add(
                new("/recipients", $"Give 1 to {MaxInline} recipients; more belong into a file, a recipient a line, named by "
                    + "recipientsFile or recipientsUrl."));
        }

        if (args.RecipientsFile is { Bytes: > MaxFileBytes })
        {
            faults.Add(new("/recipientsFile", $"A file of recipients has at most {MaxFileBytes} bytes."));
        }
    }

    private static void AddTemplateFault(List<JsonFault> faults, string at, string? template)
    {
        if (template is null)
        {
            return;
        }

        if (template.Length > MaxBodyLength)
        {
            faults.Add(new(at, $"A body has at most {MaxBodyLength} characters."));
        }
        else if (MailTemplate.Fault(template) is { } fault)
        {
            faults.Add(new(at, fault));
        }
    }
}
