using System.Text.Json.Serialization;
using Chard.Domain.Failures;

namespace Chard.Domain.Tasks;

/// <summary>
/// What one call of a task came to, short of a failure: the activity's output. Failures are thrown: they are the engine's to record and
/// the orchestrator's to judge.
/// </summary>
public sealed record TaskOutcome
{
    /// <summary>The result; null if the task is to be called again.</summary>
    [JsonPropertyName("result")]
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public TaskValue? Result { get; init; }

    /// <summary>Set if the task did not run to its end: when and why to call it again.</summary>
    [JsonPropertyName("again")]
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public RetryLater? Again { get; init; }

    /// <summary>The task is done.</summary>
    public static TaskOutcome Succeeded(TaskValue result) => new() { Result = result };

    /// <summary>The other side asked to come back later.</summary>
    public static TaskOutcome RateLimited(TimeSpan? after, string code, string message) =>
        new() { Again = new(after?.TotalSeconds, code, message) };

    /// <summary>Another delivery of this very call is at work: ask again when its lease may have run out.</summary>
    public static TaskOutcome Busy(TimeSpan after) =>
        new() { Again = new(after.TotalSeconds, RetryLater.BusyCode, "Another delivery of the task is at work.") };
}

/// <summary>A request to call again.</summary>
/// <param name="Seconds">How long to wait; null if the other side did not say.</param>
/// <param name="Code">Stable name of the reason; <see cref="BusyCode"/> if another delivery of the call is running.</param>
/// <param name="Message">The reason, for people.</param>
public sealed record RetryLater(
    [property: JsonPropertyName("seconds"), JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] double? Seconds,
    [property: JsonPropertyName("code")] string Code,
    [property: JsonPropertyName("message")] string Message)
{
    /// <summary>Code of a call that found another delivery of itself at work.</summary>
    public const string BusyCode = "busy";

    /// <summary>True if this is no rate limit but a delivery that waits for another one.</summary>
    [JsonIgnore]
    public bool IsBusy => Code == BusyCode;

    /// <summary>The request as a failure, which <c>NextTry</c> decides about.</summary>
    public TaskFailure ToFailure() => new(
        FailureKind.RateLimited,
        Code,
        Message,
        Seconds is { } seconds ? TimeSpan.FromSeconds(Math.Min(seconds, RetryAfter.Longest.TotalSeconds)) : null);
}
