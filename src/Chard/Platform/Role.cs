namespace Chard.Platform;

/// <summary>What a caller may do; each includes those before it. In Entra the app's roles of the same names.</summary>
public enum Role
{
    /// <summary>Reads: workflows, results, dead letters, limits, metrics.</summary>
    Reader,

    /// <summary>Starts work too, under its own name.</summary>
    Starter,

    /// <summary>Everything: cancels, pauses, deletes, resolves dead letters, starts in the name of others.</summary>
    Operator,
}
