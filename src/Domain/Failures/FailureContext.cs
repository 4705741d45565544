namespace Chard.Domain.Failures;

/// <summary>What the exception alone does not tell.</summary>
/// <param name="Now">The time, to read dates in <c>Retry-After</c>.</param>
/// <param name="TimeLimitReached">True if the task's time limit had fired: a cancellation is then a timeout.</param>
public readonly record struct FailureContext(DateTimeOffset Now, bool TimeLimitReached = false);
