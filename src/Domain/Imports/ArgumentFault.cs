namespace Chard.Domain.Imports;

/// <summary>What is wrong with one argument of an import.</summary>
/// <param name="Argument">Its name: <c>table</c>, <c>columns</c>, …</param>
/// <param name="Message">The fault and the fix, for a person.</param>
public sealed record ArgumentFault(string Argument, string Message);
