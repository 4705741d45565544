namespace Chard.Domain.Failures;

/// <summary>
/// Teaches the classifier exceptions of a library that the domain does not know. Registered as a service;
/// asked before the built-in rules.
/// </summary>
public interface IFailureRule
{
    /// <summary>
    /// The failure that <paramref name="exception"/> itself is (not what caused it), or null if it is none of the rule's.
    /// </summary>
    TaskFailure? Classify(Exception exception, FailureContext context);
}
