using System.Globalization;

namespace Chard.Emulator.Tables.Filters;

/// <summary>Makes a filter of an interpolated text: each argument becomes a literal.</summary>
internal static class FilterText
{
    public static string Of(FormattableString filter)
        => filter is null ? null : string.Format(CultureInfo.InvariantCulture, filter.Format, Array.ConvertAll(filter.GetArguments(), FilterLiteral.Of));
}
