using System.Globalization;
using Microsoft.Extensions.Configuration;

namespace Chard.Platform;

/// <summary>How often the clock ticks that drives every sweep.</summary>
/// <param name="Seconds">A divisor of 60.</param>
/// <remarks>
/// On Azure each tick is an execution of a function on an instance of its own, billed as a second at least: one of two seconds would
/// keep that instance for ever.
/// </remarks>
public sealed record ClockPeriod(int Seconds)
{
    /// <summary>Setting with the seconds: a divisor of 60. Without it 15 on Azure, and 2 on one machine.</summary>
    public const string Setting = "Chard:Clock";

    /// <summary>
    /// What the timer's trigger says: the period on Azure. The worker tells the host what it is in its place (<see cref="FunctionNames"/>):
    /// a placeholder would have to be set wherever a host reads the trigger without asking the worker.
    /// </summary>
    public const string Trigger = "*/15 * * * * *";

    /// <summary>The function that has the trigger. An app's own timers are the app's to set.</summary>
    public const string Function = "RunClock";

    private const int OnAzure = 15;
    private const int OnOneMachine = 2;

    /// <summary>The time from one tick to the next.</summary>
    public TimeSpan Length => TimeSpan.FromSeconds(Seconds);

    /// <summary>The same as a cron expression of six fields, as the timer's trigger wants it.</summary>
    public string Cron => Seconds == 60
        ? "0 * * * * *"
        : string.Create(CultureInfo.InvariantCulture, $"*/{Seconds} * * * * *");

    /// <summary>The period that is set.</summary>
    /// <exception cref="InvalidOperationException">It is none.</exception>
    public static ClockPeriod In(IConfiguration configuration)
    {
        ArgumentNullException.ThrowIfNull(configuration);
        if (configuration[Setting] is not { } text)
        {
            return new(Cloud.IsAzure(configuration) ? OnAzure : OnOneMachine);
        }

        return int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out int seconds) && seconds is >= 1 and <= 60
            && 60 % seconds == 0
            ? new(seconds)
            : throw new InvalidOperationException(
                $"{Setting} is '{text}'; it must be the seconds from one tick to the next: 1, 2, 3, 4, 5, 6, 10, 12, 15, 20, 30 or 60.");
    }
}
