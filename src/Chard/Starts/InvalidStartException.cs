using Chard.Domain.Json;

namespace Chard.Starts;

/// <summary>A start that asks for something that cannot be started. Nothing was started.</summary>
public sealed class InvalidStartException(IReadOnlyList<JsonFault> faults)
    : Exception("The start is refused: " + string.Join(" ", faults.Take(MaxTold).Select(f => f.Message)))
{
    private const int MaxTold = 10;

    /// <summary>Every fault found, each with the place in the request.</summary>
    public IReadOnlyList<JsonFault> Faults { get; } = faults;
}

/// <summary>
/// The id or the idempotency key of a start belongs to a workflow that was started with another request. Nothing was started.
/// </summary>
public sealed class StartConflictException(string id, bool byKey)
    : Exception(byKey
        ? $"The idempotency key belongs to workflow '{id}', which was started with another request. Use another key, or send "
            + "the same request."
        : $"Workflow '{id}' exists already and was started with another request. Use another id, or send the same request.")
{
    /// <summary>The id in question.</summary>
    public string Id { get; } = id;

    /// <summary>True if an idempotency key led to the id.</summary>
    public bool ByKey { get; } = byKey;
}
