using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using System.Text.Json;
using Chard.Domain.Failures;
using Chard.Domain.Tasks;

namespace Chard.Functions.TryOut;

/// <summary>Waits as long as told, then gives the value.</summary>
[Description("Waits as long as told, then gives the value.")]
public sealed class Sleep : ITask<SleepArgs, JsonElement?>
{
    /// <summary>Longest wait: a day.</summary>
    public const double MaxSeconds = 86_400;

    /// <inheritdoc/>
    public async Task<JsonElement?> RunAsync(SleepArgs args, TaskContext context, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(args);
        ArgumentNullException.ThrowIfNull(context);
        if (args.Seconds is not (>= 0 and <= MaxSeconds))
        {
            throw new PermanentTaskException("invalid-args", $"seconds must be 0 to {MaxSeconds}.");
        }

        await Task.Delay(TimeSpan.FromSeconds(args.Seconds), context.Time, cancellationToken);
        return args.Value;
    }
}

/// <summary>Arguments of <see cref="Sleep"/>.</summary>
/// <param name="Seconds">How long, 0 to 86,400.</param>
/// <param name="Value">What to give then.</param>
public sealed record SleepArgs(
    [property: Description("How long, 0 to 86400."), Range(0, Sleep.MaxSeconds)] double Seconds,
    [property: Description("What to give then.")] JsonElement? Value = null);
