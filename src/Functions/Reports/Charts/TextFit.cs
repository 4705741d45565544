using System.Text;

namespace Chard.Functions.Reports.Charts;

/// <summary>
/// How wide text is, without asking a browser: an estimate that is a little wide for every common sans-serif font, so that what
/// fits by it fits on the page.
/// </summary>
public static class TextFit
{
    private const string Narrow = "iljtfrI.,:;|!'`()[]{}/\\ ·";
    private const string Wide = "mwMW@%&—…";

    /// <summary>The width of <paramref name="text"/> set in <paramref name="size"/> units, in the same units.</summary>
    public static double Width(string text, double size)
    {
        ArgumentNullException.ThrowIfNull(text);
        double em = 0;
        foreach (Rune rune in text.EnumerateRunes())
        {
            em += WidthOf(rune);
        }

        return em * size;
    }

    /// <summary>As much of <paramref name="text"/> as fits, with an ellipsis if it is not all.</summary>
    public static string Cut(string text, double width, double size)
    {
        ArgumentNullException.ThrowIfNull(text);
        if (Width(text, size) <= width)
        {
            return text;
        }

        double left = width - Width("…", size);
        int length = 0;
        foreach (Rune rune in text.EnumerateRunes())
        {
            left -= WidthOf(rune) * size;
            if (left < 0)
            {
                break;
            }

            length += rune.Utf16SequenceLength;
        }

        return text[..length].TrimEnd() + "…";
    }

    private static double WidthOf(Rune rune) =>
        rune.Value >= 0x1100 ? 1.1
        : rune.Value >= 0x300 ? 0.75
        : !rune.IsAscii ? 0.68
        : Narrow.Contains((char)rune.Value, StringComparison.Ordinal) ? 0.4
        : Wide.Contains((char)rune.Value, StringComparison.Ordinal) ? 1.0
        : char.IsAsciiLetterUpper((char)rune.Value) ? 0.72
        : 0.64;
}
