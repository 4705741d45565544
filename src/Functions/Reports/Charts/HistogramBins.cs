namespace Chard.Functions.Reports.Charts;

/// <summary>Bins of a histogram, at nice numbers.</summary>
/// <param name="Edges">One more than there are bins, ascending.</param>
/// <param name="AreSingleValues">True if each bin holds one whole number, the one it begins with.</param>
public sealed record HistogramBins(IReadOnlyList<double> Edges, bool AreSingleValues)
{
    private const int About = 16;

    /// <summary>How many bins there are.</summary>
    public int Count => Edges.Count - 1;

    /// <summary>
    /// The bounds between bins: what is below the first one falls into the first bin, what is not below the last one into the last.
    /// </summary>
    public IReadOnlyList<double> Bounds => [.. Edges.Skip(1).SkipLast(1)];

    /// <summary>Bins for all numbers from <paramref name="lowest"/> to <paramref name="highest"/>.</summary>
    /// <param name="lowest">The least number.</param>
    /// <param name="highest">The greatest.</param>
    /// <param name="whole">True if they are integers: then no bin is narrower than 1, and each holds its beginning and not its end.</param>
    public static HistogramBins Of(double lowest, double highest, bool whole)
    {
        if (whole && Math.Abs(lowest) < 1e15 && Math.Abs(highest) < 1e15)
        {
            // The end lies past the greatest number, or that one would stand in a bin that ends with it.
            NiceScale scale = NiceScale.Of(lowest, highest + 1, About, smallest: 1);
            return new(scale.Ticks, scale.Step == 1);
        }

        return new(NiceScale.Of(lowest, highest, About).Ticks, false);
    }

    /// <summary>What a bin holds, for people: <c>20 to 29</c>, <c>7</c>, <c>0.5 to 1</c>.</summary>
    public string Describe(int bin, bool whole)
    {
        double from = Edges[bin];
        double to = Edges[bin + 1];
        return AreSingleValues ? NumberText.Value(from)
            : $"{NumberText.Value(from)} to {NumberText.Value(whole && Math.Abs(to) < 1e15 ? to - 1 : to)}";
    }
}
