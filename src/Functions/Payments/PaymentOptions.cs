using Microsoft.Extensions.Options;

namespace Chard.Functions.Payments;

/// <summary>Settings <c>Chard:Payments</c>: where the payment provider is and how to enter it.</summary>
public sealed class PaymentOptions
{
    /// <summary>The section's name.</summary>
    public const string Section = "Chard:Payments";

    /// <summary>
    /// The API's address, <c>https://…</c>, to which <c>/charges</c> is added; http only on this
    /// machine. Null: nothing can be charged.
    /// </summary>
    public string? BaseUrl { get; set; }

    /// <summary>Sent as bearer token; null for none.</summary>
    public string? ApiKey { get; set; }

    /// <summary>Seconds for one request; 1 to 100. Default 30.</summary>
    public int TimeoutSeconds { get; set; } = 30;
}

/// <summary>Refuses settings that cannot work, at start.</summary>
public sealed class PaymentOptionsValidator : IValidateOptions<PaymentOptions>
{
    /// <inheritdoc/>
    public ValidateOptionsResult Validate(string? name, PaymentOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        var faults = new List<string>();
        if (options.BaseUrl is not null && !IsUsable(options.BaseUrl))
        {
            faults.Add(
                $"{PaymentOptions.Section}:BaseUrl must be an https URL without a query (http only on this machine), such as "
                    + "https://pay.example.com/v1.");
        }

        if (options.ApiKey is not null && options.ApiKey.Any(c => c is <= ' ' or > '~'))
        {
            faults.Add($"{PaymentOptions.Section}:ApiKey must be printable ASCII without blanks.");
        }

        if (options.TimeoutSeconds is < 1 or > 100)
        {
            faults.Add($"{PaymentOptions.Section}:TimeoutSeconds is {options.TimeoutSeconds}; it must be 1 to 100.");
        }

        return faults.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(faults);
    }

    private static bool IsUsable(string text) =>
        Uri.TryCreate(text, UriKind.Absolute, out Uri? url)
        && (url.Scheme == Uri.UriSchemeHttps || (url.Scheme == Uri.UriSchemeHttp && url.IsLoopback))
        && url is { UserInfo.Length: 0, Query.Length: 0, Fragment.Length: 0 };
}
