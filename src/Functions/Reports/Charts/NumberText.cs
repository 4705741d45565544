using System.Globalization;

namespace Chard.Functions.Reports.Charts;

/// <summary>Numbers as a reader likes them: a comma between thousands, a real minus, no more digits than say something.</summary>
public static class NumberText
{
    private static readonly (double Size, string Sign)[] Units = [(1e12, "T"), (1e9, "B"), (1e6, "M")];

    /// <summary>A count: <c>12,345</c>.</summary>
    public static string Count(long value) => Signed(value.ToString("N0", CultureInfo.InvariantCulture));

    /// <summary>
    /// A share: <c>12.3%</c>; what is there and would round to nothing is <c>&lt;0.1%</c>, and what is not all never <c>100%</c>.
    /// </summary>
    public static string Share(long part, long whole)
    {
        if (whole <= 0 || part <= 0)
        {
            return "0%";
        }

        if (part >= whole)
        {
            return "100%";
        }

        double percent = 100.0 * part / whole;
        return percent < 0.1 ? "<0.1%" : percent > 99.9 ? ">99.9%" : percent.ToString("0.0", CultureInfo.InvariantCulture) + "%";
    }

    /// <summary>A value of a column: <c>1,234.57</c>, <c>0.01235</c>, <c>1.23e18</c>; an em dash for what is not finite.</summary>
    public static string Value(double value)
    {
        double size = Math.Abs(value);
        return !double.IsFinite(value) ? "—"
            : value == 0 ? "0"
            : size is >= 1e15 or < 1e-4 ? Signed(value.ToString("0.##e0", CultureInfo.InvariantCulture))
            : Signed(value.ToString(size >= 1 ? "#,##0.##" : "0.####", CultureInfo.InvariantCulture));
    }

    /// <summary>A tick of an axis, with as many digits as tell it from its neighbours: <c>1,500</c>, <c>0.25</c>, <c>2.5M</c>.</summary>
    /// <param name="value">The tick.</param>
    /// <param name="step">From one tick to the next.</param>
    /// <param name="greatest">The greatest tick of the axis by size, which decides for all of them whether they
    /// are written in millions.</param>
    public static string Tick(double value, double step, double greatest)
    {
        if (value == 0)
        {
            return "0";
        }

        greatest = Math.Abs(greatest);
        if (greatest >= 1e15 || step < 1e-5)
        {
            return Signed(value.ToString("0.###e0", CultureInfo.InvariantCulture));
        }

        (double size, string sign) = Array.Find(Units, u => greatest >= u.Size) is { Size: > 0 } unit ? unit : (1, "");
        int decimals = Math.Clamp((int)Math.Ceiling(-Math.Log10(step / size) - 1e-9), 0, 9);
        return Signed((value / size).ToString("#,##0." + new string('#', decimals), CultureInfo.InvariantCulture) + sign);
    }

    private static string Signed(string text) => text.Replace('-', '\u2212');
}
