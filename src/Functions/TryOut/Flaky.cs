using System.ComponentModel;
using System.Text.Json;
using Chard.Domain.Failures;
using Chard.Domain.Tasks;

namespace Chard.Functions.TryOut;

/// <summary>Fails the first so many calls, then gives the value. Keeps no state: it goes by the number of the call.</summary>
[Description("Fails the first so many calls, then gives the value.")]
[TaskPolicy(Pure = true, Pack = 500)]
public sealed class Flaky : ITask<FlakyArgs, JsonElement?>
{
    /// <inheritdoc/>
    public Task<JsonElement?> RunAsync(FlakyArgs args, TaskContext context, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(args);
        ArgumentNullException.ThrowIfNull(context);
        int before = context.Attempt - 1 + context.Waits;
        if (before >= args.Failures)
        {
            return Task.FromResult(args.Value);
        }

        string message = $"Failure {before + 1} of {args.Failures}, as asked.";
        throw args.Kind switch
        {
            FailureKind.RateLimited => new RateLimitedTaskException(
                "flaky", message, args.RetryAfterSeconds is { } seconds ? TimeSpan.FromSeconds(Math.Clamp(seconds, 0, 604_800)) : null),
            FailureKind.Permanent => new PermanentTaskException("flaky", message),
            _ => new TransientTaskException("flaky", message),
        };
    }
}

/// <summary>Arguments of <see cref="Flaky"/>.</summary>
/// <param name="Failures">How many calls fail before one succeeds.</param>
/// <param name="Kind">As what they fail: transient or rateLimited.</param>
/// <param name="RetryAfterSeconds">For rateLimited: when to come back.</param>
/// <param name="Value">What to give at last.</param>
public sealed record FlakyArgs(
    [property: Description("How many calls fail before one succeeds.")] int Failures,
    [property: Description("As what they fail: transient or rateLimited.")] FailureKind Kind = FailureKind.Transient,
    [property: Description("For rateLimited: when to come back.")] double? RetryAfterSeconds = null,
    [property: Description("What to give at last.")] JsonElement? Value = null);
