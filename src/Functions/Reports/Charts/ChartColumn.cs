namespace Chard.Functions.Reports.Charts;

/// <summary>One bar, or one point of a line.</summary>
/// <param name="Name">What it stands for.</param>
/// <param name="Count">How many rows.</param>
/// <param name="IsRest">True for what has no bar of its own: drawn paler.</param>
public sealed record ChartColumn(string Name, long Count, bool IsRest = false)
{
    /// <summary>Shown when somebody points at it: <c>Jan 2024: 12 rows (3.4%)</c>.</summary>
    public string Hint(long total) =>
        $"{Name}: {NumberText.Count(Count)} {(Count == 1 ? "row" : "rows")} ({NumberText.Share(Count, total)})";
}
