namespace Chard.Functions.Reports.Charts;

/// <summary>An axis whose ticks stand at 1, 2 or 5 times a power of ten.</summary>
/// <param name="Step">From one tick to the next.</param>
/// <param name="Ticks">At least two, ascending and finite; the first is not above the least value, the last not below the greatest.</param>
public sealed record NiceScale(double Step, IReadOnlyList<double> Ticks)
{
    // Past this a double no longer tells neighbouring multiples of the step apart.
    private const double MostMultiples = 1L << 52;

    /// <summary>The first tick.</summary>
    public double Min => Ticks[0];

    /// <summary>The last tick.</summary>
    public double Max => Ticks[^1];

    /// <summary>An axis that holds everything from <paramref name="min"/> to <paramref name="max"/>.</summary>
    /// <param name="min">The least value, finite.</param>
    /// <param name="max">The greatest value, finite.</param>
    /// <param name="about">About how many steps to make, at least 1; never more than twice as many.</param>
    /// <param name="smallest">No step is below this: 1 for what is counted. A power of ten, or 0 for no such bound.</param>
    public static NiceScale Of(double min, double max, int about, double smallest = 0)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(about, 1);
        if (!double.IsFinite(min) || !double.IsFinite(max) || min > max)
        {
            throw new ArgumentOutOfRangeException(nameof(min), $"{min} to {max} is no range.");
        }

        if (min == max)
        {
            double pad = Math.Max(smallest, min == 0 ? 1 : Math.Max(Math.Abs(min) / 10, 1e-300));
            return Of(Math.Max(min - pad, double.MinValue), Math.Min(max + pad, double.MaxValue), about, smallest);
        }

        // Each end by itself: their difference may be beyond a double.
        double raw = Math.Max((max / about) - (min / about), smallest);
        var step = Multiple.AtLeast(raw);
        if (Math.Max(Math.Abs(min), Math.Abs(max)) / step.Value > MostMultiples)
        {
            return new((max / 2) - (min / 2), [min, max]);
        }

        double first = Math.Floor(Loose(min / step.Value, 1));
        double last = Math.Max(first + 1, Math.Ceiling(Loose(max / step.Value, -1)));
        var ticks = new List<double>();
        for (double k = first; k <= last; k++)
        {
            ticks.Add(Math.Clamp(step.Times(k), double.MinValue, double.MaxValue));
        }

        return new(step.Value, ticks);
    }

    // 0.3 / 0.1 is a little under 3, and means 3.
    private static double Loose(double multiples, int sign) => multiples + (sign * Math.Abs(multiples) * 1e-12);

    /// <summary>1, 2 or 5 times a power of ten, kept apart so that its multiples are the doubles nearest to what people write.</summary>
    private readonly record struct Multiple(int Digit, int Exponent)
    {
        public double Value => Times(1);

        public static Multiple AtLeast(double raw)
        {
            int exponent = Math.Clamp((int)Math.Floor(Math.Log10(raw)), -300, 308);
            foreach (int digit in (ReadOnlySpan<int>)[1, 2, 5])
            {
                var candidate = new Multiple(digit, exponent);
                if (candidate.Value >= raw * (1 - 1e-9))
                {
                    return candidate;
                }
            }

            return exponent < 308 ? new(1, exponent + 1) : new(1, 308);
        }

        public double Times(double k) => Exponent >= 0 ? k * Digit * Math.Pow(10, Exponent) : k * Digit / Math.Pow(10, -Exponent);
    }
}
