using System.Buffers.Text;
using System.Globalization;
using System.Text;

namespace Chard.Functions.Imports.Rules;

/// <summary>
/// Reads values out of the text of cells. What nobody gave a type for has a type other than text only where SQLite and PostgreSQL both give
/// back the very characters of the cell: <c>007</c>, <c>+49</c>, <c>1.10</c>, <c>1E5</c> and <c> 5</c> are text. A caller who names a type
/// means it, and gets a conversion that keeps the value: <c>007</c> in an integer column is 7, and what a column cannot hold in full is
/// refused.
/// </summary>
public static class CellText
{
    // A double keeps a number of up to so many significant digits; PostgreSQL writes an integer of so many without an exponent.
    private const int RealDigits = 15;

    // SQLite 3.53 writes a double of 14 digits with 17 of them more often than not, and 0.000986 as 0.0009859999999999999. Within these
    // bounds every version gives back what it was given.
    private const int PlainRealDigits = 12;
    private const int MostZerosAfterThePoint = 2;

    private const NumberStyles RealStyle = NumberStyles.AllowLeadingSign | NumberStyles.AllowDecimalPoint | NumberStyles.AllowExponent;

    // The smallest double of full precision.
    private const double SmallestNormal = 2.2250738585072014E-308;

    /// <summary>An integer that comes back as it stands: no sign but a minus, no leading zeros, in 64 bits.</summary>
    /// <param name="text">The cell.</param>
    /// <param name="fitsReal">Whether a real column gives it back as it stands, too.</param>
    public static bool IsInteger(ReadOnlySpan<byte> text, out bool fitsReal)
    {
        fitsReal = text.Length <= RealDigits;
        return HasPlainDigits(text, out var digits) && digits == text.Length
            && TryInteger(text, out var value) && (value != 0 || text.Length == 1);
    }

    /// <summary>
    /// A real that comes back as it stands: a point, no zeros that could be left out, at most 12 digits, no exponent, 0.001 or more.
    /// Integers are not reals here.
    /// </summary>
    public static bool IsReal(ReadOnlySpan<byte> text)
    {
        if (!HasPlainDigits(text, out var point) || point >= text.Length || text[point] != '.')
        {
            return false;
        }

        var fraction = text[(point + 1)..];
        var whole = text[..point].TrimStart("-0"u8).Length;
        return !fraction.IsEmpty && fraction[^1] != '0' && CountDigits(fraction) == fraction.Length
            && whole + fraction.Length <= PlainRealDigits
            && (whole > 0 || fraction.IndexOfAnyExcept((byte)'0') <= MostZerosAfterThePoint);
    }

    /// <summary>A date that comes back as it stands: <c>2024-01-31</c>.</summary>
    public static bool IsDate(ReadOnlySpan<byte> text) => IsoDate.TryDate(text, out _);

    /// <summary>
    /// A date and time that comes back as it stands, as SQL writes it: <c>2024-01-31 10:00:00</c>, <c>2024-01-31 10:00:00.5</c>.
    /// </summary>
    public static bool IsTimestamp(ReadOnlySpan<byte> text) =>
        text.Length is 19 or (>= 21 and <= 26) && text[10] == ' ' && (text.Length == 19 || text[^1] != '0')
        && IsoDate.TryDateTime(text, out _, out var offset, out _) && offset is null;

    /// <summary>
    /// Makes a value for a column out of a cell. An empty cell is NULL; blank ones are too where a column that is not text is converted to.
    /// </summary>
    /// <param name="text">The cell.</param>
    /// <param name="type">What the column holds.</param>
    /// <param name="exact">Whether the column must give back the very characters of the cell.</param>
    /// <param name="cell">The value; NULL with a fault.</param>
    public static CellFault Convert(ReadOnlySpan<byte> text, ColumnType type, bool exact, out Cell cell)
    {
        cell = Cell.Null;
        if (text.IsEmpty)
        {
            return CellFault.None;
        }

        if (type == ColumnType.Text)
        {
            cell = Cell.Of(Encoding.UTF8.GetString(text));
            return CellFault.None;
        }

        if (exact && !ComesBack(text, type))
        {
            return CellFault.OtherSpelling;
        }

        text = text.Trim(" \t"u8);
        return text.IsEmpty ? CellFault.None : type switch
        {
            ColumnType.Integer => ToInteger(text, out cell),
            ColumnType.Real => ToReal(text, out cell),
            ColumnType.Date => ToDate(text, out cell),
            _ => ToDateTime(text, type, out cell),
        };
    }

    private static bool ComesBack(ReadOnlySpan<byte> text, ColumnType type) => type switch
    {
        ColumnType.Integer => IsInteger(text, out _),
        ColumnType.Real => IsReal(text) || (IsInteger(text, out var fitsReal) && fitsReal),
        ColumnType.Date => IsDate(text),
        ColumnType.Timestamp => IsTimestamp(text),
        _ => false,
    };

    private static CellFault ToInteger(ReadOnlySpan<byte> text, out Cell cell)
    {
        var fits = TryInteger(text, out var value);
        cell = fits ? Cell.Of(value) : Cell.Null;
        return fits ? CellFault.None : CellFault.OtherType;
    }

    private static CellFault ToReal(ReadOnlySpan<byte> text, out Cell cell)
    {
        cell = Cell.Null;
        if (!double.TryParse(text, RealStyle, CultureInfo.InvariantCulture, out var value))
        {
            return CellFault.OtherType;
        }

        var digits = SignificantDigits(text);
        if (digits == 0 && !double.IsFinite(value))
        {
            // The words NaN and Infinity, which .NET reads.
            return CellFault.OtherType;
        }

        if (digits > RealDigits || !double.IsFinite(value) || (digits > 0 && Math.Abs(value) < SmallestNormal))
        {
            return CellFault.Lossy;
        }

        cell = Cell.Of(value);
        return CellFault.None;
    }

    private static CellFault ToDate(ReadOnlySpan<byte> text, out Cell cell)
    {
        var fits = IsoDate.TryDate(text, out var date);
        cell = fits ? Cell.Of(date, CellKind.Date) : Cell.Null;
        return fits ? CellFault.None : CellFault.OtherType;
    }

    private static CellFault ToDateTime(ReadOnlySpan<byte> text, ColumnType type, out Cell cell)
    {
        cell = Cell.Null;
        if (!IsoDate.TryDateTime(text, out var local, out var offset, out var cut) || offset.HasValue != (type == ColumnType.TimestampTz))
        {
            return CellFault.OtherType;
        }

        var ticks = local.Ticks - offset.GetValueOrDefault().Ticks;
        if (cut || ticks < DateTime.MinValue.Ticks || ticks > DateTime.MaxValue.Ticks)
        {
            return CellFault.Lossy;
        }

        cell = Cell.Of(new DateTime(ticks), type == ColumnType.TimestampTz ? CellKind.Moment : CellKind.Timestamp);
        return CellFault.None;
    }

    // Of a text that is a number: how many digits there are from the first to the last that is not 0, exponent aside.
    private static int SignificantDigits(ReadOnlySpan<byte> text)
    {
        var exponent = text.IndexOfAny((byte)'e', (byte)'E');
        var count = 0;
        var zeros = 0;
        foreach (var b in exponent < 0 ? text : text[..exponent])
        {
            if (b is >= (byte)'1' and <= (byte)'9')
            {
                count += zeros + 1;
                zeros = 0;
            }
            else if (b == '0' && count > 0)
            {
                zeros++;
            }
        }

        return count;
    }

    private static bool TryInteger(ReadOnlySpan<byte> text, out long value) =>
        Utf8Parser.TryParse(text, out value, out var used) && used == text.Length;

    // Digits after an optional minus, without leading zeros; the length includes the minus.
    private static bool HasPlainDigits(ReadOnlySpan<byte> text, out int length)
    {
        var sign = text.StartsWith("-"u8) ? 1 : 0;
        var digits = CountDigits(text[sign..]);
        length = digits == 0 ? 0 : sign + digits;
        return digits == 1 || (digits > 1 && text[sign] != '0');
    }

    private static int CountDigits(ReadOnlySpan<byte> text)
    {
        var other = text.IndexOfAnyExceptInRange((byte)'0', (byte)'9');
        return other < 0 ? text.Length : other;
    }
}
