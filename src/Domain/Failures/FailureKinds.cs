namespace Chard.Domain.Failures;

/// <summary>Tells a failure's kind by the name of its type, the one thing that surely survives the way from an activity to its orchestrator.</summary>
public static class FailureKinds
{
    private static readonly string PermanentName = typeof(PermanentTaskException).FullName!;

    /// <summary>Whether a failure of this type is never retried. Any other type counts as transient.</summary>
    /// <param name="errorType">The full name of the exception's type; <c>(unknown)</c> and null count as transient.</param>
    public static bool IsPermanent(string? errorType) => string.Equals(errorType, PermanentName, StringComparison.Ordinal);
}
