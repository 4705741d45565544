using Chard.Domain.Failures;

namespace Chard.Functions.Imports.Rules;

/// <summary>Why a file or a request is refused before anything of it is imported.</summary>
/// <param name="Code">Stable and machine readable, such as <c>empty-file</c>.</param>
/// <param name="Message">The fault and the fix, for a person.</param>
public sealed record ImportFault(string Code, string Message)
{
    /// <summary>The exception that ends an import because of it: trying again would not help.</summary>
    public PermanentTaskException ToException(Exception? inner = null) => new(Code, Message, inner);
}
