namespace Chard.Domain.Failures;

/// <summary>
/// A failure that no retry can mend: bad input, a missing source, a table that does not fit. The message names the fault and the fix.
/// </summary>
/// <remarks>
/// Across the isolated boundary only the type's name and the message survive, so callers tell the kind by <see cref="FailureKinds.IsPermanent"/>, never by catching this type.
/// </remarks>
public sealed class PermanentTaskException : Exception
{
    /// <summary>A permanent failure without a message.</summary>
    public PermanentTaskException()
    {
    }

    /// <summary>A permanent failure.</summary>
    public PermanentTaskException(string message)
        : base(message)
    {
    }

    /// <summary>A permanent failure found in another exception.</summary>
    public PermanentTaskException(string message, Exception innerException)
        : base(message, innerException)
    {
    }
}
