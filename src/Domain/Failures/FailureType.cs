namespace Chard.Domain.Failures;

/// <summary>
/// Names of exception types as they are stored and compared. Engines write of an exception the full name of its class, which changes
/// when code moves while workflows wait for weeks; these do not. A class of the name may move to any namespace of the product; a new
/// name would be a new kind beside the old one, which has to be understood for as long as a workflow may wait.
/// </summary>
public static class FailureType
{
    /// <summary>Kind of a failure that no try would mend.</summary>
    public const string Permanent = "PermanentTaskException";

    /// <summary>Kind of a failure that another try may mend.</summary>
    public const string Transient = "TransientTaskException";

    /// <summary>Kind of a request to come back later.</summary>
    public const string RateLimited = "RateLimitedTaskException";

    /// <summary>A call of a task that has failed for good, which a workflow let through.</summary>
    public const string Exhausted = "TaskExhaustedException";

    /// <summary>What the app's bookkeeping throws of a row that is not there, and will not come.</summary>
    public const string Missing = "System.Collections.Generic.KeyNotFoundException";

    private const string Own = "Chard.";

    /// <summary>The stored name of an exception's type.</summary>
    public static string Of(Exception exception)
    {
        ArgumentNullException.ThrowIfNull(exception);
        return Of(exception.GetType().FullName);
    }

    /// <summary>
    /// The stored name of a type that is told by its full name: of the product's own, without the namespace, whichever it was
    /// when it was written; of others, as it is.
    /// </summary>
    public static string Of(string? fullName)
    {
        string name = fullName ?? "";
        return name.StartsWith(Own, StringComparison.Ordinal) ? name[(name.LastIndexOfAny(['.', '+']) + 1)..] : name;
    }

    /// <summary>True for the types that carry a failure as <c>code: message</c>.</summary>
    public static bool IsCoded(string name) => name is Permanent or Transient or RateLimited or Exhausted;
}
