namespace Chard.Functions.Imports.Rules;

/// <summary>Why a cell does not go into a column.</summary>
public enum CellFault
{
    /// <summary>It does.</summary>
    None,

    /// <summary>It is no value of the column's type.</summary>
    OtherType,

    /// <summary>It is, but the column would give back another value than the cell has.</summary>
    Lossy,

    /// <summary>The column would give it back in another spelling, and nobody asked for a conversion.</summary>
    OtherSpelling,
}
