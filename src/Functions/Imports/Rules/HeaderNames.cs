using System.Globalization;
using System.Text;

namespace Chard.Functions.Imports.Rules;

/// <summary>
/// Makes names of columns out of a header, the same names from the same header always: trimmed; control characters become <c>_</c>;
/// an empty name becomes <c>column_N</c>; cut to 63 bytes of UTF-8; a name that is taken (case ignored) or belongs to the database
/// gets <c>_2</c>, <c>_3</c> and so on.
/// </summary>
public static class HeaderNames
{
    // PostgreSQL gives every table columns of these names, so it refuses them as names of others.
    private static readonly string[] SystemNames = ["ctid", "xmin", "xmax", "cmin", "cmax", "tableoid"];

    /// <summary>Whether the name belongs to the database, whatever its case.</summary>
    public static bool IsSystemName(string name) => SystemNames.Contains(name, StringComparer.OrdinalIgnoreCase);

    /// <summary>The names of the columns, as many as the header has.</summary>
    public static IReadOnlyList<string> Fix(IReadOnlyList<string> header)
    {
        ArgumentNullException.ThrowIfNull(header);
        var taken = new HashSet<string>(SystemNames, StringComparer.OrdinalIgnoreCase);
        var names = new List<string>(header.Count);
        foreach (var raw in header)
        {
            var cleaned = Clean(raw, names.Count + 1);
            var name = Cut(cleaned, ImportLimits.MaxNameLength);
            for (var n = 2; !taken.Add(name); n++)
            {
                var suffix = string.Create(CultureInfo.InvariantCulture, $"_{n}");
                name = Cut(cleaned, ImportLimits.MaxNameLength - suffix.Length) + suffix;
            }

            names.Add(name);
        }

        return names;
    }

    private static string Clean(string raw, int position)
    {
        var trimmed = raw.Trim().Trim('\uFEFF').Trim();
        return trimmed.Length == 0
            ? string.Create(CultureInfo.InvariantCulture, $"column_{position}")
            : string.Create(trimmed.Length, trimmed, static (span, text) =>
            {
                for (var i = 0; i < span.Length; i++)
                {
                    span[i] = char.IsControl(text[i]) ? '_' : text[i];
                }
            });
    }

    private static string Cut(string name, int bytes)
    {
        if (Encoding.UTF8.GetByteCount(name) <= bytes)
        {
            return name;
        }

        var used = 0;
        var length = 0;
        foreach (var rune in name.EnumerateRunes())
        {
            used += rune.Utf8SequenceLength;
            if (used > bytes)
            {
                break;
            }

            length += rune.Utf16SequenceLength;
        }

        return name[..length];
    }
}
