using System.Text.Json.Serialization;
using Chard.Domain.DeadLetters;
using Chard.Domain.Failures;
using Chard.Domain.Identity;
using Chard.Domain.Ledger;
using Chard.Domain.Tasks;

namespace Chard.Domain.Routes;

/// <summary>
/// What one call on the slow route came to: the payload of its event (<see cref="SlowTaskEvents.NameOf"/>). An activity throws its
/// failure; an event has to carry it.
/// </summary>
public sealed record SlowTaskEnd
{
    /// <summary>Code of a call whose message the queue gave up: transient, so the policy's retries decide.</summary>
    public const string PoisonedCode = "poisoned";

    /// <summary>The result; null if there is none.</summary>
    [JsonPropertyName("result")]
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public TaskValue? Result { get; init; }

    /// <summary>Set if the other side asked to come back later.</summary>
    [JsonPropertyName("again")]
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public RetryLater? Again { get; init; }

    /// <summary>Set if the call failed.</summary>
    [JsonPropertyName("failure")]
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public TaskFailure? Failure { get; init; }

    /// <summary>The failure and what caused it, outermost first, as a dead letter keeps it; null without a failure.</summary>
    [JsonPropertyName("chain")]
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public IReadOnlyList<DeadLetterCause>? Chain { get; init; }

    /// <summary>What an activity would have given, of a call that did not fail.</summary>
    [JsonIgnore]
    public TaskOutcome Outcome => new() { Result = Result, Again = Again };

    /// <summary>The end of a call that did not fail.</summary>
    public static SlowTaskEnd Of(TaskOutcome outcome)
    {
        ArgumentNullException.ThrowIfNull(outcome);
        return new() { Result = outcome.Result, Again = outcome.Again };
    }

    /// <summary>The end of a call that failed. The kind is told by the exception's type as across an activity's boundary.</summary>
    public static SlowTaskEnd Of(TaskFailureException exception)
    {
        ArgumentNullException.ThrowIfNull(exception);
        var chain = new List<DeadLetterCause>();
        for (Exception? link = exception; link is not null && chain.Count < DeadLetter.MaxChain; link = link.InnerException)
        {
            string message = link.Message.Length <= TaskFailure.MaxMessageLength
                ? link.Message
                : link.Message[..TaskFailure.MaxMessageLength];
            chain.Add(new(FailureType.Of(link), message));
        }

        return new() { Failure = TaskFailure.Parse(FailureType.Of(exception), exception.Message), Chain = chain };
    }

    /// <summary>What the ledger recorded; null if the row tells no end of the call <paramref name="turn"/>.</summary>
    public static SlowTaskEnd? Of(LedgerRow row, CallTurn turn)
    {
        ArgumentNullException.ThrowIfNull(row);
        return row switch
        {
            { Status: LedgerStatus.Succeeded } => new() { Result = row.Result ?? TaskValue.Null },
            _ when row.Turn != turn => null,
            { Status: LedgerStatus.RateLimited, Failure: { } limit } =>
                Of(TaskOutcome.RateLimited(limit.RetryAfter, limit.Code, limit.Message)),
            { Status: LedgerStatus.Failed, Failure: { } failure } => Of(failure.ToException()),
            _ => null,
        };
    }
}
