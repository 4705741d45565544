using System.Text.RegularExpressions;

namespace Chard.Domain.Failures;

/// <summary>A failure of a task, classified.</summary>
/// <param name="Kind">What it asks for.</param>
/// <param name="Code">Stable name, up to 64 of <c>A-Z a-z 0-9 . _ -</c>: what failed alike has it in common.</param>
/// <param name="Message">What went wrong, for people; up to <see cref="MaxMessageLength"/> characters.</param>
/// <param name="RetryAfter">For a rate limit: how long to wait; null if the other side did not say.</param>
public sealed partial record TaskFailure(FailureKind Kind, string Code, string Message, TimeSpan? RetryAfter = null)
{
    /// <summary>Longest message kept, in characters.</summary>
    public const int MaxMessageLength = 2048;

    /// <summary>Longest code, in characters.</summary>
    public const int MaxCodeLength = 64;

    /// <summary>Code of a run whose effect nobody knows and that the policy leaves to an operator.</summary>
    public const string InDoubtCode = "in-doubt";

    /// <summary>Code of a call that came after the time in which its work was to be done.</summary>
    public const string ExpiredCode = "expired";

    /// <summary>Code of a run that was stopped, or not begun, because its workflow was cancelled or its time was over.</summary>
    public const string CancelledCode = "cancelled";

    /// <summary>Stopped with its workflow.</summary>
    public static TaskFailure Cancelled { get; } =
        new(FailureKind.Permanent, CancelledCode, "Its workflow was cancelled or its time was over, and the task was stopped with it.");

    /// <summary>This failure with a code and a message within their limits.</summary>
    public TaskFailure Trimmed() => this with { Code = SafeCode(Code), Message = Cut(Message) };

    /// <summary>
    /// The exception that carries it out of an activity. Only the type's name and the message arrive for sure, so the message is
    /// <c>code: message</c> and the type tells the kind.
    /// </summary>
    public TaskFailureException ToException(Exception? inner = null) => Kind switch
    {
        FailureKind.Permanent => new PermanentTaskException(Code, $"{Code}: {Message}", inner),
        FailureKind.RateLimited => new RateLimitedTaskException(Code, $"{Code}: {Message}", RetryAfter, inner),
        _ => new TransientTaskException(Code, $"{Code}: {Message}", inner),
    };

    /// <summary>
    /// The failure that came over an activity's boundary as a type name and a message: the reverse of <see cref="ToException"/>.
    /// What did not come from a task runner is transient, but for a function that does not exist.
    /// </summary>
    /// <param name="errorType">Name of the exception's type, with its namespace or as <see cref="FailureType"/> has it.</param>
    /// <param name="errorMessage">The exception's message.</param>
    public static TaskFailure Parse(string? errorType, string? errorMessage)
    {
        string type = FailureType.Of(errorType);
        string text = errorMessage ?? "";
        FailureKind kind =
            type == FailureType.Permanent || type.EndsWith("TaskNotFound", StringComparison.Ordinal) ? FailureKind.Permanent
            : type == FailureType.RateLimited ? FailureKind.RateLimited
            : FailureKind.Transient;
        bool coded = kind != FailureKind.Transient || type == FailureType.Transient;
        return coded && CodedMessage().Match(text) is { Success: true } match
            ? new(kind, match.Groups[1].Value, text[match.Length..])
            : new TaskFailure(kind, type.Length == 0 ? "unknown" : type[(type.LastIndexOf('.') + 1)..], text).Trimmed();
    }

    /// <summary>
    /// <paramref name="code"/> with what a code may not hold as <c>-</c>, cut at <see cref="MaxCodeLength"/>;
    /// <c>unknown</c> if nothing is left.
    /// </summary>
    public static string SafeCode(string? code)
    {
        if (string.IsNullOrWhiteSpace(code))
        {
            return "unknown";
        }

        string safe = NotInCode().Replace(code, "-");
        return safe.Length <= MaxCodeLength ? safe : safe[..MaxCodeLength];
    }

    private static string Cut(string message) =>
        message.Length <= MaxMessageLength ? message : string.Concat(message.AsSpan(0, MaxMessageLength - 1), "…");

    [GeneratedRegex(@"\A([A-Za-z0-9._-]{1,64}): ", RegexOptions.CultureInvariant)]
    private static partial Regex CodedMessage();

    [GeneratedRegex(@"[^A-Za-z0-9._-]", RegexOptions.CultureInvariant)]
    private static partial Regex NotInCode();
}
