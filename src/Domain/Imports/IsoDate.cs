namespace Chard.Domain.Imports;

/// <summary>Reads the dates and date-times of ISO 8601 that CSV files hold: extended format, a <c>T</c> or a blank before the time, <c>Z</c> or an offset after it.</summary>
internal static class IsoDate
{
    private const int MaxFractionDigits = 9;

    /// <summary>Reads a date or date-time. A time without an offset is UTC; fractions are kept to 100 ns.</summary>
    public static bool TryParse(ReadOnlySpan<byte> text, out Cell date)
    {
        date = Cell.Null;
        if (text.Length < 10 || text[4] != '-' || text[7] != '-'
            || !TryDigits(text[..4], out var year) || !TryDigits(text.Slice(5, 2), out var month) || !TryDigits(text.Slice(8, 2), out var day)
            || year == 0 || month is 0 or > 12 || day == 0 || day > DateTime.DaysInMonth(year, month))
        {
            return false;
        }

        var midnight = new DateTime(year, month, day, 0, 0, 0, DateTimeKind.Utc);
        if (text.Length == 10)
        {
            date = Cell.Of(midnight, dateOnly: true);
            return true;
        }

        if (text[10] is not ((byte)'T' or (byte)'t' or (byte)' ') || !TryTime(text[11..], out var ticks, out var used) || !TryOffset(text[(11 + used)..], out var offset))
        {
            return false;
        }

        var utc = midnight.Ticks + ticks - offset;
        if (utc < DateTime.MinValue.Ticks || utc > DateTime.MaxValue.Ticks)
        {
            return false;
        }

        date = Cell.Of(new DateTime(utc, DateTimeKind.Utc), dateOnly: false);
        return true;
    }

    private static bool TryTime(ReadOnlySpan<byte> text, out long ticks, out int used)
    {
        ticks = 0;
        used = 5;
        if (text.Length < 5 || text[2] != ':' || !TryDigits(text[..2], out var hour) || !TryDigits(text.Slice(3, 2), out var minute) || hour > 23 || minute > 59)
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
        return text.Length == 8 || text[8] != '.' || TryFraction(text[9..], ref ticks, ref used);
    }

    private static bool TryFraction(ReadOnlySpan<byte> text, ref long ticks, ref int used)
    {
        var digits = 0;
        for (var unit = TimeSpan.TicksPerSecond / 10; digits < text.Length && char.IsAsciiDigit((char)text[digits]); unit /= 10)
        {
            ticks += (text[digits] - '0') * unit;
            digits++;
        }

        used += 1 + digits;
        return digits is >= 1 and <= MaxFractionDigits;
    }

    private static bool TryOffset(ReadOnlySpan<byte> text, out long ticks)
    {
        ticks = 0;
        if (text.IsEmpty || (text.Length == 1 && text[0] is (byte)'Z' or (byte)'z'))
        {
            return true;
        }

        var colon = text.Length == 6 ? 1 : 0;
        if (text.Length is not (5 or 6) || text[0] is not ((byte)'+' or (byte)'-') || (colon == 1 && text[3] != ':')
            || !TryDigits(text.Slice(1, 2), out var hours) || !TryDigits(text.Slice(3 + colon, 2), out var minutes) || hours > 14 || minutes > 59)
        {
            return false;
        }

        ticks = ((hours * TimeSpan.TicksPerHour) + (minutes * TimeSpan.TicksPerMinute)) * (text[0] == '-' ? -1 : 1);
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
