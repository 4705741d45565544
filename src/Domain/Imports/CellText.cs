using System.Buffers.Text;
using System.Globalization;
using System.Text;

namespace Chard.Domain.Imports;

/// <summary>
/// Reads values out of the text of cells. Inference is strict, so that nothing is lost when text becomes a number: <c>007</c>, <c>+49</c> and a twenty-digit id
/// stay text. Conversion is a little wider, for a caller who names a type means it: <c>007</c> in an integer column is 7.
/// </summary>
public static class CellText
{
    // Past this a double no longer holds every integer.
    private const long LargestExactInteger = 1L << 53;

    /// <summary>Whether the cell is empty or white space: NULL in every column that is not text, and no evidence of a type.</summary>
    public static bool IsBlank(ReadOnlySpan<byte> text) => Trim(text).IsEmpty;

    /// <summary>An integer as inference knows it: no sign but a minus, no leading zeros, in 64 bits.</summary>
    /// <param name="text">The cell.</param>
    /// <param name="exactAsReal">Whether a double would hold it exactly.</param>
    public static bool LooksLikeInteger(ReadOnlySpan<byte> text, out bool exactAsReal)
    {
        text = Trim(text);
        exactAsReal = false;
        if (!HasPlainDigits(text, out var digits) || digits != text.Length || !TryInteger(text, out var value) || (value == 0 && text.Length > 1))
        {
            return false;
        }

        exactAsReal = value is >= -LargestExactInteger and <= LargestExactInteger;
        return true;
    }

    /// <summary>A real as inference knows it: a point or an exponent, no leading zeros, finite. Integers are not reals here.</summary>
    public static bool LooksLikeReal(ReadOnlySpan<byte> text)
    {
        text = Trim(text);
        var sign = text.StartsWith("-"u8) ? 1 : 0;
        var at = HasPlainDigits(text, out var digits) ? digits : sign;
        var fraction = 0;
        if (at < text.Length && text[at] == '.')
        {
            fraction = CountDigits(text[(at + 1)..]);
            at += 1 + fraction;
            if (fraction == 0)
            {
                return false;
            }
        }
        else if (digits == 0)
        {
            return false;
        }

        if (at < text.Length && (text[at] | 0x20) == 'e')
        {
            at++;
            at += at < text.Length && text[at] is (byte)'+' or (byte)'-' ? 1 : 0;
            var exponent = CountDigits(text[at..]);
            at += exponent;
            fraction += exponent;
        }

        return at == text.Length && fraction > 0 && TryReal(text, out _);
    }

    /// <summary>An ISO 8601 date or date-time: <c>2024-01-31</c>, <c>2024-01-31T10:00</c>, <c>2024-01-31 10:00:00.123+02:00</c>.</summary>
    public static bool TryDate(ReadOnlySpan<byte> text, out Cell date) => IsoDate.TryParse(Trim(text), out date);

    /// <summary>Makes a value for a column out of a cell. Blank is NULL; in a text column only empty is.</summary>
    /// <returns>False if the cell does not fit the column.</returns>
    public static bool TryConvert(ReadOnlySpan<byte> text, ColumnType type, out Cell cell)
    {
        cell = Cell.Null;
        if (type == ColumnType.Text)
        {
            cell = text.IsEmpty ? Cell.Null : Cell.Of(Encoding.UTF8.GetString(text));
            return true;
        }

        text = Trim(text);
        if (text.IsEmpty)
        {
            return true;
        }

        switch (type)
        {
            case ColumnType.Integer when TryInteger(text, out var integer):
                cell = Cell.Of(integer);
                return true;
            case ColumnType.Real when TryReal(text, out var real):
                cell = Cell.Of(real);
                return true;
            case ColumnType.Date:
                return IsoDate.TryParse(text, out cell);
            default:
                return false;
        }
    }

    private static bool TryInteger(ReadOnlySpan<byte> text, out long value) =>
        Utf8Parser.TryParse(text, out value, out var used) && used == text.Length;

    private static bool TryReal(ReadOnlySpan<byte> text, out double value) =>
        double.TryParse(text, NumberStyles.AllowLeadingSign | NumberStyles.AllowDecimalPoint | NumberStyles.AllowExponent, CultureInfo.InvariantCulture, out value)
        && double.IsFinite(value);

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

    private static ReadOnlySpan<byte> Trim(ReadOnlySpan<byte> text) => text.Trim(" \t"u8);
}
