namespace Chard.Domain.Canvases;

/// <summary>Says what the author may have meant.</summary>
internal static class Hints
{
    /// <summary>"Did you mean 'x'?" if a name is near, else all names there are.</summary>
    public static string Closest(string given, IReadOnlyCollection<string> names)
    {
        string? nearest = names
            .Select(name => (name, distance: Distance(given.ToUpperInvariant(), name.ToUpperInvariant())))
            .Where(n => n.distance <= Math.Max(1, given.Length / 2))
            .OrderBy(n => n.distance)
            .Select(n => n.name)
            .FirstOrDefault();
        return nearest is not null ? $"Did you mean '{nearest}'?" : $"There are: {string.Join(", ", names)}.";
    }

    /// <summary>Letters to change, add or leave out to get from one text to the other (Levenshtein).</summary>
    private static int Distance(string a, string b)
    {
        var row = new int[b.Length + 1];
        for (int j = 0; j <= b.Length; j++)
        {
            row[j] = j;
        }

        for (int i = 1; i <= a.Length; i++)
        {
            int diagonal = row[0];
            row[0] = i;
            for (int j = 1; j <= b.Length; j++)
            {
                int above = row[j];
                row[j] = Math.Min(Math.Min(row[j], row[j - 1]) + 1, diagonal + (a[i - 1] == b[j - 1] ? 0 : 1));
                diagonal = above;
            }
        }

        return row[b.Length];
    }
}
