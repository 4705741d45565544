namespace Chard.Functions.Reports.Charts;

/// <summary>
/// The drawing that a chart is made for. Text in a drawing shrinks with it, so each chart is drawn twice and the style sheet shows
/// the one that fits the place.
/// </summary>
/// <param name="Name">The drawing's class.</param>
/// <param name="Width">Its width, in units that are about a pixel.</param>
/// <param name="Height">Its height; of a chart of bars the least.</param>
public sealed record ChartSize(string Name, double Width, double Height)
{
    /// <summary>For places of 460 pixels and more.</summary>
    public static ChartSize Wide { get; } = new("wide", 560, 250);

    /// <summary>For telephones.</summary>
    public static ChartSize Narrow { get; } = new("narrow", 360, 240);

    /// <summary>Both.</summary>
    public static IReadOnlyList<ChartSize> All { get; } = [Wide, Narrow];
}
