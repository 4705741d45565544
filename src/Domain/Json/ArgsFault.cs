namespace Chard.Domain.Json;

/// <summary>One fault of a task's or a workflow's arguments.</summary>
/// <param name="At">JSON Pointer into the arguments: <c>/amount</c>; empty for the whole.</param>
/// <param name="Message">What is wrong and how to mend it.</param>
public sealed record ArgsFault(string At, string Message);
