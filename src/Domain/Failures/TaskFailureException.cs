namespace Chard.Domain.Failures;

/// <summary>
/// A failure whose kind the task itself knows. Across the activity's boundary only the type's name and the message survive for
/// sure, so each kind has a sealed type of its own, whose name without the namespace is a contract: <see cref="FailureType"/>.
/// </summary>
public abstract class TaskFailureException(string code, string message, Exception? inner) : Exception(message, inner)
{
    /// <summary>
    /// Stable name of the failure, for programs and for bulk actions on dead letters: <c>InvalidSku</c>, <c>http-503</c>, …
    /// </summary>
    public string Code { get; } = code;

    /// <summary>What the failure asks for.</summary>
    public abstract FailureKind Kind { get; }
}

/// <summary>Will not succeed however often it is tried: a declined card, a malformed file, a missing record. Never retried.</summary>
public sealed class PermanentTaskException(string code, string message, Exception? inner = null)
    : TaskFailureException(code, message, inner)
{
    /// <inheritdoc/>
    public override FailureKind Kind => FailureKind.Permanent;
}

/// <summary>May succeed when tried again: a broken connection, a busy server. Retried by the task's policy.</summary>
public sealed class TransientTaskException(string code, string message, Exception? inner = null)
    : TaskFailureException(code, message, inner)
{
    /// <inheritdoc/>
    public override FailureKind Kind => FailureKind.Transient;
}

/// <summary>The other side asks to come back later. Spends no attempt; counts against a limit of its own.</summary>
/// <param name="code">Stable name of the failure.</param>
/// <param name="message">What was asked, for people.</param>
/// <param name="retryAfter">How long to wait; null if the other side did not say.</param>
/// <param name="inner">What told it.</param>
public sealed class RateLimitedTaskException(string code, string message, TimeSpan? retryAfter, Exception? inner = null)
    : TaskFailureException(code, message, inner)
{
    /// <inheritdoc/>
    public override FailureKind Kind => FailureKind.RateLimited;

    /// <summary>How long to wait; null if the other side did not say.</summary>
    public TimeSpan? RetryAfter { get; } = retryAfter;
}
