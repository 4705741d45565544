namespace Chard.Domain.Json;

/// <summary>One fault of what somebody sent, as problem documents list it.</summary>
/// <param name="Pointer">
/// JSON Pointer to the faulty place: <c>/args/table</c>, empty for the whole; <c>?name</c> for a parameter of the query, and a header's own
/// name. Checks of a part, such as a task's arguments, give pointers from that part on.
/// </param>
/// <param name="Message">What is wrong and how to mend it.</param>
public sealed record JsonFault(string Pointer, string Message);
