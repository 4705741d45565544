using System.Globalization;
using System.Xml;

namespace Chard.Emulator.Tables.Filters;

/// <summary>Writes values as literals of an OData filter, quoted and escaped as the service reads them.</summary>
internal static class FilterLiteral
{
    /// <exception cref="ArgumentException">The service has no literal for the value.</exception>
    public static string Of(object value)
        => value switch
        {
            string text => $"'{text.Replace("'", "''", StringComparison.Ordinal)}'",
            char letter => Of(letter.ToString()),
            bool flag => flag ? "true" : "false",
            sbyte or short or ushort or byte or int => Convert.ToString(value, CultureInfo.InvariantCulture),
            uint or long or ulong => $"{Convert.ToString(value, CultureInfo.InvariantCulture)}L",
            float number => Number(number),
            double number => Number(number),
            Guid guid => $"guid'{guid:D}'",
            DateTimeOffset time => $"datetime'{XmlConvert.ToString(time.UtcDateTime, XmlDateTimeSerializationMode.RoundtripKind)}'",
            DateTime time => Of(new DateTimeOffset(time)),
            byte[] bytes => $"X'{Convert.ToHexString(bytes)}'",
            BinaryData data => $"X'{Convert.ToHexString(data.ToMemory().Span)}'",
            null => throw new ArgumentException("A filter cannot compare with null: the service stores no nulls, and knows no literal for one."),
            _ => throw new ArgumentException($"A filter cannot hold a {value.GetType()}: use a string, number, bool, Guid, DateTime, DateTimeOffset or bytes; the name of an enum as a string."),
        };

    private static string Number(double number)
    {
        if (!double.IsFinite(number))
        {
            throw new ArgumentException($"A filter cannot compare with {number.ToString(CultureInfo.InvariantCulture)}: the service knows no literal for it.");
        }

        // A whole number without a fraction would be an Edm.Int32, which the service does not compare with a double.
        var text = number.ToString("R", CultureInfo.InvariantCulture);
        return text.AsSpan().IndexOfAny(".E") < 0 ? $"{text}.0" : text;
    }
}
