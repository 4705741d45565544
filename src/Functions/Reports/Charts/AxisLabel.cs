namespace Chard.Functions.Reports.Charts;

/// <summary>A word below an axis.</summary>
/// <param name="At">Where along the axis its middle is, 0 to 1.</param>
/// <param name="Text">The word.</param>
public sealed record AxisLabel(double At, string Text)
{
    // Between two words, in units of a chart.
    private const double Gap = 14;

    /// <summary>The first of the candidates whose words do not touch; of the last one, as many as do not.</summary>
    /// <param name="candidates">Ever fewer words, at least one candidate.</param>
    /// <param name="width">The axis's length.</param>
    /// <param name="fontSize">The words' size.</param>
    public static IReadOnlyList<AxisLabel> Pick(IEnumerable<IReadOnlyList<AxisLabel>> candidates, double width, double fontSize)
    {
        ArgumentNullException.ThrowIfNull(candidates);
        IReadOnlyList<AxisLabel> last = [];
        foreach (IReadOnlyList<AxisLabel> labels in candidates)
        {
            if (labels.Count > 0)
            {
                last = labels;
                if (labels.Skip(1).Zip(labels).All(pair => IsApart(pair.Second, pair.First, width, fontSize)))
                {
                    return labels;
                }
            }
        }

        var kept = new List<AxisLabel>();
        foreach (AxisLabel label in last)
        {
            if (kept.Count == 0 || IsApart(kept[^1], label, width, fontSize))
            {
                kept.Add(label);
            }
        }

        return kept;
    }

    private static bool IsApart(AxisLabel left, AxisLabel right, double width, double fontSize) =>
        ((right.At - left.At) * width) - (TextFit.Width(left.Text, fontSize) / 2) - (TextFit.Width(right.Text, fontSize) / 2) >= Gap;
}
