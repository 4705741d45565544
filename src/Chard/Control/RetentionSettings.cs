using Chard.Platform;
using Microsoft.Extensions.Configuration;

namespace Chard.Control;

/// <summary>How long workflows and dead letters are kept once nothing happens to them any more.</summary>
/// <param name="Ended">Workflows that completed, were cancelled or expired: from their end. Default 30 days.</param>
/// <param name="Failed">Workflows that failed: from their end. Default 90 days.</param>
/// <param name="Letters">Dead letters that no workflow takes along: from their resolution. Default 90 days.</param>
/// <param name="Payloads">Payloads that nobody owns: from when they were written. Default 7 days.</param>
public sealed record RetentionSettings(TimeSpan Ended, TimeSpan Failed, TimeSpan Letters, TimeSpan Payloads)
{
    /// <summary>Setting with the age in days from which a payload without a workflow is deleted.</summary>
    public const string PayloadsSetting = "Chard:Payloads:PurgeAfterDays";

    /// <summary>The times that are set.</summary>
    /// <exception cref="InvalidOperationException">One is none of 1 to 3,650 days.</exception>
    public static RetentionSettings In(IConfiguration configuration) => new(
        RetentionDays.In(configuration, "EndedDays", 30),
        RetentionDays.In(configuration, "FailedDays", 90),
        RetentionDays.In(configuration, "LettersDays", 90),
        RetentionDays.Of(configuration, PayloadsSetting, 7));
}
