using System.Text.Json.Serialization;
using Chard.Domain.Json;

namespace Chard.Domain.Failures;

/// <summary>What a failure asks for.</summary>
[JsonConverter(typeof(CamelCaseEnumConverter<FailureKind>))]
public enum FailureKind
{
    /// <summary>May succeed when tried again: retried by the task's policy.</summary>
    Transient,

    /// <summary>Will fail again however often it is tried: never retried.</summary>
    Permanent,

    /// <summary>Not a failure but a request to come back later; spends no attempt.</summary>
    RateLimited,
}
