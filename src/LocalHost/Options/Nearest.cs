namespace Chard.LocalHost.Options;

/// <summary>What somebody may have meant.</summary>
internal static class Nearest
{
    /// <summary>The end of a sentence about a name that is not known: asks for the nearest one that is, where one is near enough.</summary>
    public static string Hint(string name, IEnumerable<string> known)
    {
        var (nearest, distance) = known.Select(candidate => (candidate, Distance(name, candidate))).MinBy(pair => pair.Item2);
        return nearest is not null && distance <= Math.Max(2, name.Length / 3) ? $": did you mean {nearest}?" : ".";
    }

    /// <summary>How many letters have to be put in, taken out or changed to make one of the other; case does not count.</summary>
    private static int Distance(string one, string other)
    {
        var row = Enumerable.Range(0, other.Length + 1).ToArray();
        for (var i = 1; i <= one.Length; i++)
        {
            var diagonal = row[0];
            row[0] = i;
            for (var j = 1; j <= other.Length; j++)
            {
                var cost = char.ToUpperInvariant(one[i - 1]) == char.ToUpperInvariant(other[j - 1]) ? 0 : 1;
                (diagonal, row[j]) = (row[j], Math.Min(Math.Min(row[j], row[j - 1]) + 1, diagonal + cost));
            }
        }

        return row[^1];
    }
}
