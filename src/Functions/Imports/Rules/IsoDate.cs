namespace Chard.Functions.Imports.Rules;

/// <summary>
/// Reads the dates and date-times of ISO 8601 that CSV files hold: extended format, a <c>T</c> or a blank before the time, <c>Z</c>
/// or an offset after it.
/// </summary>
internal static class IsoDate
{
    /// <summary>The parts of a second that a column keeps, in ticks: a microsecond, as in PostgreSQL.</summary>
    public const long Precision = TimeSpan.TicksPerMicrosecond;

    private const int MaxFractionDigits = 9;
    private const int DateLength = 10;

    /// <summary>Reads a date without a time.</summary>
    public static bool TryDate(ReadOnlySpan<byte> text, out DateTime date) => TryDay(text, out date) && text.Length == DateLength;

    /// <summary>
    /// Reads a date with a time, and what its clock shows; <paramref name="offset"/> is null where none is written. Fractions are cut to
    /// 100 ns.
    /// </summary>
    /// <param name="text">What is read.</param>
    /// <param name="local">Date and time as written.</param>
    /// <param name="offset">What was written after it.</param>
    /// <param name="cut">Whether digits past a microsecond, other than zeros, are lost.</param>
    public static bool TryDateTime(ReadOnlySpan<byte> text, out DateTime local, out TimeSpan? offset, out bool cut)
    {
        offset = null;
        cut = false;
        if (!TryDay(text, out local) || text.Length == DateLength || text[DateLength] is not ((byte)'T' or (byte)'t' or (byte)' '))
        {
            return false;
        }

        var time = text[(DateLength + 1)..];
        if (!TryTime(time, out var ticks, out var used, out cut) || !TryOffset(time[used..], out offset))
        {
            return false;
        }

        local = local.AddTicks(ticks);
        return true;
    }

    private static bool TryDay(ReadOnlySpan<byte> text, out DateTime midnight)
    {
        midnight = default;
        if (text.Length < DateLength || text[4] != '-' || text[7] != '-'
            || !TryDigits(text[..4], out var year)
            || !TryDigits(text.Slice(5, 2), out var month)
            || !TryDigits(text.Slice(8, 2), out var day)
            || year == 0 || month is 0 or > 12 || day == 0 || day > DateTime.DaysInMonth(year, month))
        {
            return false;
        }

        midnight = new DateTime(year, month, day);
        return true;
    }

    private static bool TryTime(ReadOnlySpan<byte> text, out long ticks, out int used, out bool cut)
    {
        ticks = 0;
        cut = false;
        used = 5;
        if (text.Length < 5 || text[2] != ':'
            || !TryDigits(text[..2], out var hour) || !TryDigits(text.Slice(3, 2), out var minute) || hour > 23 || minute > 59)
        {
            return false;
        }

        ticks = (hour * TimeSpan.TicksPerHour) + (minute * TimeSpan.TicksPerMinute);
        if (text.Length == 5 || text[5] != ':')
        {
            return true;
        }

        if (text.Length < 8 || !TryDigits(text.Slice(6, 2), out var second) || second > 59)
        {
            return false;
        }

        ticks += second * TimeSpan.TicksPerSecond;
        used = 8;
        return text.Length == 8 || text[8] != '.' || TryFraction(text[9..], ref ticks, ref used, ref cut);
    }

    private static bool TryFraction(ReadOnlySpan<byte> text, ref long ticks, ref int used, ref bool cut)
    {
        var digits = 0;
        for (var unit = TimeSpan.TicksPerSecond / 10; digits < text.Length && char.IsAsciiDigit((char)text[digits]); unit /= 10)
        {
            cut |= unit < Precision && text[digits] != '0';
            ticks += (text[digits] - '0') * unit;
            digits++;
        }

        used += 1 + digits;
        return digits is >= 1 and <= MaxFractionDigits;
    }

    private static bool TryOffset(ReadOnlySpan<byte> text, out TimeSpan? offset)
    {
        offset = null;
        if (text.IsEmpty)
        {
            return true;
        }

        if (text.Length == 1 && text[0] is (byte)'Z' or (byte)'z')
        {
            offset = TimeSpan.Zero;
            return true;
        }

        var colon = text.Length == 6 ? 1 : 0;
        if (text.Length is not (5 or 6) || text[0] is not ((byte)'+' or (byte)'-') || (colon == 1 && text[3] != ':')
            || !TryDigits(text.Slice(1, 2), out var hours)
                || !TryDigits(text.Slice(3 + colon, 2), out var minutes) || hours > 14 || minutes > 59)
        {
            return false;
        }

        offset = new TimeSpan(hours, minutes, 0) * (text[0] == '-' ? -1 : 1);
        return true;
    }

    private static bool TryDigits(ReadOnlySpan<byte> text, out int value)
    {
        value = 0;
        foreach (var b in text)
        {
            if (b is < (byte)'0' or > (byte)'9')
            {
                return false;
            }

            value = (value * 10) + b - '0';
        }

        return true;
    }
}
