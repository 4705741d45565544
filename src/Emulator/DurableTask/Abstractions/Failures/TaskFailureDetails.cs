using System.Reflection;

namespace Microsoft.DurableTask;

/// <summary>A failure as it is stored: the exception's type by name, never the exception itself.</summary>
/// <param name="ErrorType">The full name of the exception's type.</param>
/// <param name="ErrorMessage">The exception's message.</param>
/// <param name="StackTrace">The stack trace where it was thrown, if known.</param>
/// <param name="InnerFailure">The failure that caused this one.</param>
/// <param name="Properties">What a registered provider of exception properties told about it.</param>
public record TaskFailureDetails(
    string ErrorType,
    string ErrorMessage,
    string? StackTrace,
    TaskFailureDetails? InnerFailure,
    IDictionary<string, object?>? Properties)
{
    /// <summary>The failure of an exception and of its inner exceptions.</summary>
    public static TaskFailureDetails FromException(Exception exception)
    {
        ArgumentNullException.ThrowIfNull(exception);

        // What failed inside a failed task is known by its details; the exception object has not crossed over.
        var inner = exception switch
        {
            TaskFailedException { FailureDetails: { } details } => details,
            { InnerException: { } cause } => FromException(cause),
            _ => null,
        };
        return new(exception.GetType().ToString(), exception.Message, exception.StackTrace, inner, null);
    }

    /// <summary>"ErrorType: ErrorMessage".</summary>
    public override string ToString() => $"{ErrorType}: {ErrorMessage}";

    /// <summary>Whether this failure, not an inner one, is of type <typeparamref name="T"/> or of a type derived from it.</summary>
    /// <exception cref="AmbiguousMatchException">Several loaded assemblies have a type of the name <see cref="ErrorType"/>.</exception>
    public bool IsCausedBy<T>()
        where T : Exception => IsCausedBy(typeof(T), typeof(TaskFailureDetails).Assembly);

    /// <summary>Whether this failure, not an inner one, is of the given type or of a type derived from it.</summary>
    /// <returns>False as well when no loaded assembly has a type of the name <see cref="ErrorType"/>.</returns>
    /// <exception cref="ArgumentException">The type is no exception type.</exception>
    /// <exception cref="AmbiguousMatchException">Several loaded assemblies have a type of the name <see cref="ErrorType"/>.</exception>
    public bool IsCausedBy(Type targetBaseExceptionType) => IsCausedBy(targetBaseExceptionType, Assembly.GetCallingAssembly());

    private bool IsCausedBy(Type target, Assembly caller)
    {
        ArgumentNullException.ThrowIfNull(target);
        if (!typeof(Exception).IsAssignableFrom(target))
        {
            throw new ArgumentException($"{target} is no exception type.", nameof(target));
        }

        if (string.IsNullOrEmpty(ErrorType))
        {
            return false;
        }

        var type = Type.GetType(ErrorType) ?? target.Assembly.GetType(ErrorType) ?? caller.GetType(ErrorType) ?? FindInLoadedAssemblies(ErrorType);
        return type is not null && target.IsAssignableFrom(type);
    }

    private static Type? FindInLoadedAssemblies(string name)
    {
        Type? found = null;
        foreach (var assembly in AppDomain.CurrentDomain.GetAssemblies())
        {
            if (assembly.GetType(name) is not { } type)
            {
                continue;
            }

            found = found is null
                ? type
                : throw new AmbiguousMatchException($"{found.AssemblyQualifiedName} and {type.AssemblyQualifiedName} have the same name; compare ErrorType with the name itself.");
        }

        return found;
    }
}
