using Chard.Domain.Json;

namespace Chard.Domain.Failures;

/// <summary>Refuses arguments that have faults, in tasks that may be called without a workflow that checked them.</summary>
public static class InvalidArgs
{
    /// <summary>Code of the failure.</summary>
    public const string Code = "invalid-args";

    /// <summary>Does nothing if there are no faults.</summary>
    /// <exception cref="PermanentTaskException">Code <c>invalid-args</c>; the message has every fault.</exception>
    public static void ThrowIfAny(IReadOnlyList<JsonFault> faults)
    {
        ArgumentNullException.ThrowIfNull(faults);
        if (faults.Count > 0)
        {
            throw new PermanentTaskException(Code, string.Join(" ", faults.Select(f => $"{f.Pointer}: {f.Message}")));
        }
    }
}
