using System.Globalization;

namespace Chard.Functions.Imports.Rules;

/// <summary>A value on its way into a table. A struct without boxing: an import of a gigabyte makes hundreds of millions of them.</summary>
public readonly struct Cell : IEquatable<Cell>
{
    private readonly long bits;
    private readonly string? text;

    private Cell(CellKind kind, long bits, string? text)
    {
        Kind = kind;
        this.bits = bits;
        this.text = text;
    }

    /// <summary>What it holds.</summary>
    public CellKind Kind { get; }

    /// <summary>The integer, of an integer.</summary>
    public long Integer => bits;

    /// <summary>The number, of a real.</summary>
    public double Real => BitConverter.Int64BitsToDouble(bits);

    /// <summary>The date (its midnight) or date-time, of the time zone that <see cref="Kind"/> tells.</summary>
    public DateTime Moment => new(bits);

    /// <summary>The text, of a text.</summary>
    public string Text => text!;

    /// <summary>NULL.</summary>
    public static Cell Null => default;

    /// <summary>An integer.</summary>
    public static Cell Of(long value) => new(CellKind.Integer, value, null);

    /// <summary>A real.</summary>
    public static Cell Of(double value) => new(CellKind.Real, BitConverter.DoubleToInt64Bits(value), null);

    /// <summary>A text.</summary>
    public static Cell Of(string value) => new(CellKind.Text, 0, value);

    /// <summary>A date, a date with a time, or a moment in UTC.</summary>
    public static Cell Of(DateTime moment, CellKind kind) => new(kind, moment.Ticks, null);

    /// <summary>
    /// A date or date-time as SQL writes it: <c>2024-01-31</c>, <c>2024-01-31 10:00:00.5</c>, a moment <c>2024-01-31 10:00:00+00:00</c>.
    /// Its order is that of time.
    /// </summary>
    public string ToIsoText() => Moment.ToString(
        Kind switch
        {
            CellKind.Date => "yyyy-MM-dd",
            CellKind.Timestamp => "yyyy-MM-dd HH:mm:ss.FFFFFF",
            _ => "yyyy-MM-dd HH:mm:ss.FFFFFF'+00:00'",
        },
        CultureInfo.InvariantCulture);

    /// <inheritdoc/>
    public bool Equals(Cell other) => Kind == other.Kind && bits == other.bits && text == other.text;

    /// <inheritdoc/>
    public override bool Equals(object? obj) => obj is Cell other && Equals(other);

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(Kind, bits, text);

    /// <inheritdoc/>
    public override string ToString() => Kind switch
    {
        CellKind.Null => "NULL",
        CellKind.Integer => Integer.ToString(CultureInfo.InvariantCulture),
        CellKind.Real => Real.ToString("R", CultureInfo.InvariantCulture),
        CellKind.Text => Text,
        _ => ToIsoText(),
    };

    /// <summary>Whether two cells hold the same.</summary>
    public static bool operator ==(Cell left, Cell right) => left.Equals(right);

    /// <summary>Whether two cells hold something else.</summary>
    public static bool operator !=(Cell left, Cell right) => !left.Equals(right);
}
