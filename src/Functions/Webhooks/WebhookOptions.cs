using Microsoft.Extensions.Options;

namespace Chard.Functions.Webhooks;

/// <summary>
/// Settings <c>Chard:Webhooks</c>: what signs calls. Each secret is <c>whsec_</c> and base64; several apart by
/// blanks while one is being replaced.
/// </summary>
public sealed class WebhookOptions
{
    /// <summary>The section's name.</summary>
    public const string Section = "Chard:Webhooks";

    /// <summary>Signs calls that name no secret; null if there is none.</summary>
    public string? Secret { get; set; }

    /// <summary>Secrets by name, for receivers that each have their own.</summary>
    public Dictionary<string, string> Secrets { get; } = new(StringComparer.OrdinalIgnoreCase);
}

/// <summary>Refuses secrets that cannot sign, at start. No message repeats a secret.</summary>
public sealed class WebhookOptionsValidator : IValidateOptions<WebhookOptions>
{
    /// <inheritdoc/>
    public ValidateOptionsResult Validate(string? name, WebhookOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        IEnumerable<(string Key, string Value)> all = options.Secrets.Select(s => ("Secrets:" + s.Key, s.Value));
        List<string> faults = [.. (options.Secret is null ? all : all.Prepend(("Secret", options.Secret))).Select(Fault).OfType<string>()];
        return faults.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(faults);
    }

    private static string? Fault((string Key, string Value) secret)
    {
        try
        {
            WebhookSecret.Parse(secret.Value);
            return null;
        }
        catch (FormatException e)
        {
            return $"{WebhookOptions.Section}:{secret.Key}: {e.Message}";
        }
    }
}
