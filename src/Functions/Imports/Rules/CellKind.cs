namespace Chard.Functions.Imports.Rules;

/// <summary>What a <see cref="Cell"/> holds.</summary>
public enum CellKind
{
    /// <summary>Nothing: NULL.</summary>
    Null,

    /// <summary>A 64-bit integer.</summary>
    Integer,

    /// <summary>A finite double.</summary>
    Real,

    /// <summary>Text.</summary>
    Text,

    /// <summary>A date without a time.</summary>
    Date,

    /// <summary>A date with a time, of no time zone.</summary>
    Timestamp,

    /// <summary>A date with a time, in UTC.</summary>
    Moment,
}
