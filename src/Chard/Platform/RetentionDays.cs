using System.Globalization;
using Microsoft.Extensions.Configuration;

namespace Chard.Platform;

/// <summary>How long something is kept: the settings of section <c>Chard:Retention</c>, in days.</summary>
public static class RetentionDays
{
    /// <summary>Section of the settings.</summary>
    public const string Section = "Chard:Retention";

    /// <summary>The time that a setting of the section gives: 1 to 3,650 days.</summary>
    /// <param name="configuration">The app's settings.</param>
    /// <param name="name">Name of the setting, such as <c>EndedDays</c>.</param>
    /// <param name="otherwise">Days if it is not set.</param>
    /// <exception cref="InvalidOperationException">It is set to something else.</exception>
    public static TimeSpan In(IConfiguration configuration, string name, double otherwise) =>
        Of(configuration, $"{Section}:{name}", otherwise);

    /// <summary>The same for a setting of any key.</summary>
    internal static TimeSpan Of(IConfiguration configuration, string key, double otherwise)
    {
        ArgumentNullException.ThrowIfNull(configuration);
        return configuration[key] is not { } text ? TimeSpan.FromDays(otherwise)
            : double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out double days) && days is >= 1 and <= 3650
                ? TimeSpan.FromDays(days)
            : throw new InvalidOperationException($"{key} is '{text}'; it must be a number of days, 1 to 3650.");
    }
}
