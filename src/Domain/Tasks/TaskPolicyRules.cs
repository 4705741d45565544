using System.Globalization;
using Chard.Domain.Limits;

namespace Chard.Domain.Tasks;

/// <summary>The bounds of a policy's numbers.</summary>
public static class TaskPolicyRules
{
    /// <summary>Most tasks of a pack.</summary>
    public const int MaxPack = 1000;

    /// <summary>Most seconds in which a pack begins tasks: well within what the platform gives an activity.</summary>
    public const double MaxPackSeconds = 300;

    private const double Day = 86_400;
    private const double Week = 7 * Day;
    private const double Year = 365 * Day;

    /// <summary>Every number of <paramref name="policy"/> that is out of bounds.</summary>
    public static IReadOnlyList<PolicyFault> Check(TaskPolicy policy)
    {
        ArgumentNullException.ThrowIfNull(policy);
        var faults = new List<PolicyFault>();
        Demand(policy.Attempts is >= 1 and <= 100, nameof(TaskPolicy.Attempts), policy.Attempts, "1 to 100");
        Demand(
            policy.FirstDelaySeconds is > 0 and <= Day, nameof(TaskPolicy.FirstDelaySeconds), policy.FirstDelaySeconds,
            "over 0, up to 86400");
        Demand(policy.Backoff is >= 1 and <= 10, nameof(TaskPolicy.Backoff), policy.Backoff, "1 to 10");
        Demand(
            policy.MaxDelaySeconds is > 0 and <= Week, nameof(TaskPolicy.MaxDelaySeconds), policy.MaxDelaySeconds, "over 0, up to 604800");
        Demand(
            !(policy.MaxDelaySeconds < policy.FirstDelaySeconds), nameof(TaskPolicy.MaxDelaySeconds), policy.MaxDelaySeconds,
            string.Create(
                CultureInfo.InvariantCulture, $"no less than {nameof(TaskPolicy.FirstDelaySeconds)}, which is {policy.FirstDelaySeconds}"));
        Demand(policy.Jitter is >= 0 and <= 1, nameof(TaskPolicy.Jitter), policy.Jitter, "0 to 1");
        Demand(
            policy.RetryTimeoutSeconds is null or (> 0 and <= Year), nameof(TaskPolicy.RetryTimeoutSeconds), policy.RetryTimeoutSeconds,
            "over 0, up to 31536000");
        Demand(
            policy.TimeLimitSeconds is null or (> 0 and <= Week), nameof(TaskPolicy.TimeLimitSeconds), policy.TimeLimitSeconds,
            "over 0, up to 604800");
        Demand(
            policy.MaxRateLimitWaits is >= 0 and <= 10_000, nameof(TaskPolicy.MaxRateLimitWaits), policy.MaxRateLimitWaits, "0 to 10000");
        Demand(
            policy.Pack is >= 1 and <= MaxPack, nameof(TaskPolicy.Pack), policy.Pack,
            string.Create(CultureInfo.InvariantCulture, $"1 to {MaxPack}"));
        Demand(
            policy.PackSeconds is > 0 and <= MaxPackSeconds, nameof(TaskPolicy.PackSeconds), policy.PackSeconds,
            string.Create(CultureInfo.InvariantCulture, $"over 0, up to {MaxPackSeconds}"));
        Demand(policy.Limit is null || LimitKey.IsValid(policy.Limit), nameof(TaskPolicy.Limit), policy.Limit, LimitKey.Rule);
        return faults;

        void Demand(bool holds, string member, object? value, string bound)
        {
            if (!holds)
            {
                faults.Add(new(member, Convert.ToString(value, CultureInfo.InvariantCulture) ?? "null", bound));
            }
        }
    }
}

/// <summary>One value of a policy that will not do.</summary>
/// <param name="Member">Name of the member of <see cref="TaskPolicy"/>.</param>
/// <param name="Value">What it is.</param>
/// <param name="Bound">What it may be.</param>
public sealed record PolicyFault(string Member, string Value, string Bound)
{
    /// <summary>The fault in words, with the setting's <paramref name="key"/>.</summary>
    public string Say(string key) => $"{key} is '{Value}'; it must be {Bound}.";
}
