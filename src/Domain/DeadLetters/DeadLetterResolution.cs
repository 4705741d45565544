using System.Text.Json;
using System.Text.Json.Serialization;
using Chard.Domain.Json;
using Chard.Domain.Payloads;

namespace Chard.Domain.DeadLetters;

/// <summary>
/// What an operator decided: the payload of the event that a parked task waits for (<see cref="DeadLetterEvents.NameOf"/>).
/// </summary>
/// <param name="Action">What to do.</param>
/// <param name="Args">For a retry: the arguments to use instead; null to keep the old ones, or if
/// <paramref name="ArgsReference"/> has them.</param>
/// <param name="Result">For a skip: what the task gives; null for null, or if <paramref name="ResultReference"/> has it.</param>
/// <param name="By">Who decided, as the caller said; null if the caller said nothing.</param>
/// <param name="ArgsReference">For a retry: where larger new arguments lie.</param>
/// <param name="ResultReference">For a skip: where a larger result lies.</param>
public sealed record DeadLetterResolution(
    DeadLetterAction Action,
    [property: JsonConverter(typeof(ExactNumbers))] JsonElement? Args = null,
    [property: JsonConverter(typeof(ExactNumbers))] JsonElement? Result = null,
    string? By = null,
    PayloadReference? ArgsReference = null,
    PayloadReference? ResultReference = null);

/// <summary>What can be done with a dead letter.</summary>
[JsonConverter(typeof(CamelCaseEnumConverter<DeadLetterAction>))]
public enum DeadLetterAction
{
    /// <summary>Try it anew, with the same or other arguments.</summary>
    Retry,

    /// <summary>Go on as if the task had given a result.</summary>
    Skip,

    /// <summary>Fail the task.</summary>
    Fail,

    /// <summary>Put it aside. A workflow that waits there sees the task fail.</summary>
    Discard,
}
