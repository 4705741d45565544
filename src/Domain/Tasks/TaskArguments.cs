using Chard.Domain.Payloads;

namespace Chard.Domain.Tasks;

/// <summary>The arguments of a call, as they are handed to a task's invoker.</summary>
/// <param name="Utf8">The JSON, unless it is <paramref name="Stored"/>.</param>
/// <param name="Stored">Where the JSON lies, for a task that reads it item by item; null if it is at hand.</param>
public readonly record struct TaskArguments(ReadOnlyMemory<byte> Utf8, PayloadReference? Stored = null);
