using System.Text.Json.Serialization;
using Chard.Domain.Json;

namespace Chard.Domain.DeadLetters;

/// <summary>
/// What became of a dead letter. All but <see cref="Open"/> are final: a failure after a retry is a dead letter of its own.
/// </summary>
[JsonConverter(typeof(CamelCaseEnumConverter<DeadLetterState>))]
public enum DeadLetterState
{
    /// <summary>Nobody has decided yet.</summary>
    Open,

    /// <summary>It was tried anew.</summary>
    Retried,

    /// <summary>The workflow went on with a result given by the operator.</summary>
    Skipped,

    /// <summary>The task was failed, and with it the workflow unless that catches it.</summary>
    Failed,

    /// <summary>It was put aside, by an operator or because its workflow was cancelled.</summary>
    Discarded,
}
