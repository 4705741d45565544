using Microsoft.Extensions.Options;

namespace Chard.Functions.Newsletters;

/// <summary>Settings <c>Chard:Mail</c>: where messages go.</summary>
public sealed class MailOptions
{
    /// <summary>The section's name.</summary>
    public const string Section = "Chard:Mail";

    /// <summary>
    /// Where messages are written as files while <see cref="SmtpOptions.Host"/> is not set. Default <c>outbox</c> in the folder of
    /// setting <c>LOCALHOST_DATA</c>, else <c>.chard/outbox</c>.
    /// </summary>
    public string Folder { get; set; } = ".chard/outbox";

    public SmtpOptions Smtp { get; } = new();
}

/// <summary>Settings <c>Chard:Mail:Smtp</c>.</summary>
public sealed class SmtpOptions
{
    /// <summary>The server's name; null to write files instead.</summary>
    public string? Host { get; set; }

    /// <summary>Port, 1 to 65535. Default 587.</summary>
    public int Port { get; set; } = 587;

    /// <summary>True (default) to talk by STARTTLS only.</summary>
    public bool StartTls { get; set; } = true;

    /// <summary>Name to log in with; null to send without.</summary>
    public string? UserName { get; set; }

    /// <summary>Password to log in with.</summary>
    public string? Password { get; set; }

    /// <summary>Seconds for one message; 1 to 100. Default 60.</summary>
    public int TimeoutSeconds { get; set; } = 60;
}

/// <summary>Settings <c>Chard:Newsletters</c>: how fast they go out. Taken when a newsletter is started.</summary>
public sealed class NewsletterOptions
{
    /// <summary>The section's name.</summary>
    public const string Section = "Chard:Newsletters";

    /// <summary>Messages a second, first tries only; 0.01 to 1,000. Default 10.</summary>
    public double MessagesPerSecond { get; set; } = 10;
}

/// <summary>Refuses settings that cannot work, at start.</summary>
public sealed class MailOptionsValidator : IValidateOptions<MailOptions>, IValidateOptions<NewsletterOptions>
{
    /// <inheritdoc/>
    public ValidateOptionsResult Validate(string? name, MailOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        SmtpOptions smtp = options.Smtp;
        var faults = new List<string>();
        if (string.IsNullOrWhiteSpace(options.Folder))
        {
            faults.Add($"{MailOptions.Section}:Folder must name a folder.");
        }

        if (smtp.Port is < 1 or > 65535)
        {
            faults.Add($"{MailOptions.Section}:Smtp:Port is {smtp.Port}; it must be 1 to 65535.");
        }

        if (smtp.TimeoutSeconds is < 1 or > 100)
        {
            faults.Add($"{MailOptions.Section}:Smtp:TimeoutSeconds is {smtp.TimeoutSeconds}; it must be 1 to 100.");
        }

        if ((smtp.UserName is null) != (smtp.Password is null))
        {
            faults.Add($"{MailOptions.Section}:Smtp:UserName and Password go together: set both or none.");
        }

        if (smtp is { UserName: not null, StartTls: false })
        {
            faults.Add($"{MailOptions.Section}:Smtp:StartTls must be true with a password, which would go over the wire in the clear.");
        }

        return faults.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(faults);
    }

    /// <inheritdoc/>
    public ValidateOptionsResult Validate(string? name, NewsletterOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        return options.MessagesPerSecond is >= 0.01 and <= 1000
            ? ValidateOptionsResult.Success
            : ValidateOptionsResult.Fail(FormattableString.Invariant(
                $"{NewsletterOptions.Section}:MessagesPerSecond is {options.MessagesPerSecond}; it must be 0.01 to 1000."));
    }
}
