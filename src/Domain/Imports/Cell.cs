using System.Globalization;

namespace Chard.Domain.Imports;

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

    /// <summary>The moment in UTC, of a date (its midnight) or date-time.</summary>
    public DateTime Moment => new(bits, DateTimeKind.Utc);

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

    /// <summary>A date, or a moment in UTC.</summary>
    public static Cell Of(DateTime utc, bool dateOnly) => new(dateOnly ? CellKind.Date : CellKind.Moment, utc.Ticks, null);

    /// <summary>A date or moment in ISO 8601: <c>2024-01-31</c>, <c>2024-01-31T10:00:00Z</c>, <c>2024-01-31T10:00:00.5Z</c>.</summary>
    public string ToIsoText() => Moment.ToString(Kind == CellKind.Date ? "yyyy-MM-dd" : "yyyy-MM-dd'T'HH:mm:ss.FFFFFFF'Z'", CultureInfo.InvariantCulture);

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
