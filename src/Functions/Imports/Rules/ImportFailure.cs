using System.Text.RegularExpressions;
using Chard.Domain.Failures;
using Chard.Domain.Workflows;

namespace Chard.Functions.Imports.Rules;

/// <summary>
/// Carries a fault's code across the boundary of an activity, which only the type and the message of an exception survive: the
/// message starts with the code.
/// </summary>
public static partial class ImportFailure
{
    private const string UnknownCode = "import-failed";

    /// <summary>The exception that ends an import because of a fault of its input.</summary>
    public static PermanentTaskException Of(ImportFault fault, Exception? inner = null)
    {
        ArgumentNullException.ThrowIfNull(fault);
        return new PermanentTaskException(fault.Code, $"{fault.Code}: {fault.Message}", inner);
    }

    /// <summary>Whether a failed activity is tried again: unless its exception says that it will fail for ever.</summary>
    /// <param name="errorType">The name of the exception's type; one that got lost on the way counts as transient.</param>
    public static bool IsRetried(string? errorType) => FailureType.Of(errorType) != FailureType.Permanent;

    /// <summary>What the status of the workflow tells of a failed activity, or of a failure that belongs to none.</summary>
    public static WorkflowError Describe(string? task, string? message)
    {
        var text = string.IsNullOrWhiteSpace(message) ? "The step failed and gave no reason." : message;
        var match = CodeAndText().Match(text);
        return match.Success
            ? new WorkflowError(match.Groups[1].Value, match.Groups[2].Value, task)
            : new WorkflowError(UnknownCode, text, task);
    }

    [GeneratedRegex(@"\A([a-z]+(?:-[a-z]+)+): (.+)\z", RegexOptions.Singleline | RegexOptions.CultureInvariant)]
    private static partial Regex CodeAndText();
}
