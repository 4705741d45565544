using Microsoft.Extensions.Options;

namespace Chard.Functions.Outgoing;

/// <summary>Settings <c>Chard:Outgoing</c>: how requests go to URLs that callers give, and what of the inside they may reach.</summary>
public sealed class OutgoingOptions
{
    /// <summary>The section's name.</summary>
    public const string Section = "Chard:Outgoing";

    /// <summary>True to let requests go without TLS. Default false.</summary>
    public bool AllowHttp { get; set; }

    /// <summary>
    /// Hosts that may have internal addresses, <c>host</c> or <c>host:port</c>; a list, or one text apart by
    /// blanks or commas. Default none.
    /// </summary>
    public string AllowedHosts { get; set; } = "";

    /// <summary>
    /// Internal networks that may be reached, in CIDR notation; a list, or one text apart by blanks or commas. Default none.
    /// </summary>
    public string AllowedNetworks { get; set; } = "";

    /// <summary>Seconds for one call with its answer, and for a download without a byte; 1 to 600. Default 30.</summary>
    public int TimeoutSeconds { get; set; } = 30;

    /// <summary>Redirects that a download follows; 0 to 20. Default 5. Calls of webhooks follow none.</summary>
    public int MaxRedirects { get; set; } = 5;

    /// <summary>Largest download in bytes, unpacked; at least 1. Default 2 GiB.</summary>
    public long MaxDownloadBytes { get; set; } = 2L << 30;

    /// <summary>The rules that these settings make.</summary>
    /// <exception cref="FormatException">An entry is not of its form; the message quotes it.</exception>
    public OutgoingRules ToRules() => new(AllowHttp, Split(AllowedHosts), Split(AllowedNetworks));

    private static string[] Split(string list) => list.Split([' ', ','], StringSplitOptions.RemoveEmptyEntries);
}

/// <summary>Refuses settings that cannot work, at start.</summary>
public sealed class OutgoingOptionsValidator : IValidateOptions<OutgoingOptions>
{
    /// <inheritdoc/>
    public ValidateOptionsResult Validate(string? name, OutgoingOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        var faults = new List<string>();
        try
        {
            options.ToRules();
        }
        catch (FormatException e)
        {
            faults.Add($"{OutgoingOptions.Section}:AllowedHosts or AllowedNetworks: {e.Message}");
        }

        if (options.TimeoutSeconds is < 1 or > 600)
        {
            faults.Add($"{OutgoingOptions.Section}:TimeoutSeconds is {options.TimeoutSeconds}; it must be 1 to 600.");
        }

        if (options.MaxRedirects is < 0 or > 20)
        {
            faults.Add($"{OutgoingOptions.Section}:MaxRedirects is {options.MaxRedirects}; it must be 0 to 20.");
        }

        if (options.MaxDownloadBytes < 1)
        {
            faults.Add($"{OutgoingOptions.Section}:MaxDownloadBytes is {options.MaxDownloadBytes}; it must be at least 1.");
        }

        return faults.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(faults);
    }
}
