using System.Text;

namespace Chard.Functions.Imports.Rules;

/// <summary>
/// Reads columns as a caller gives them: <c>id:integer,name:text</c>. A type left out is text. Names may hold
/// anything but <c>,</c> and <c>:</c>.
/// </summary>
public static class ColumnSpec
{
    private const string Types = "text, integer, real, date, timestamp, timestamptz";

    /// <summary>The columns that the caller of an import gives, or null if there are none that can be read.</summary>
    public static IReadOnlyList<ImportColumn>? Of(ImportCsvArgs args)
    {
        ArgumentNullException.ThrowIfNull(args);
        return args.Columns is not null && TryParse(args.Columns, out var given) is null ? given : null;
    }

    /// <summary>Reads the columns.</summary>
    /// <returns>Why they cannot be read, or null; <paramref name="columns"/> is empty then.</returns>
    public static string? TryParse(string text, out IReadOnlyList<ImportColumn> columns)
    {
        ArgumentNullException.ThrowIfNull(text);
        columns = [];
        var parsed = new List<ImportColumn>();
        var names = new HashSet<string>(StringComparer.OrdinalIgnoreCase);
        foreach (var part in text.Split(','))
        {
            var colon = part.LastIndexOf(':');
            var name = (colon < 0 ? part : part[..colon]).Trim();
            var typeName = colon < 0 ? "text" : part[(colon + 1)..].Trim();
            if (name.Length == 0 || name.Contains(':', StringComparison.Ordinal) || name.Any(char.IsControl))
            {
                return $"Columns are given as name:type, name:type; part {parsed.Count + 1} is '{part}'.";
            }

            if (Encoding.UTF8.GetByteCount(name) > ImportLimits.MaxNameLength)
            {
                return $"The name of column {parsed.Count + 1} is longer than {ImportLimits.MaxNameLength} bytes.";
            }

            if (!TryParseType(typeName, out var type))
            {
                return $"The type '{typeName}' of column '{name}' is none of {Types}.";
            }

            if (HeaderNames.IsSystemName(name))
            {
                return $"The column name '{name}' belongs to the database: choose another.";
            }

            if (!names.Add(name))
            {
                return $"Column '{name}' is given twice.";
            }

            parsed.Add(new ImportColumn(name, type));
        }

        if (parsed.Count > ImportLimits.MaxColumns)
        {
            return $"{parsed.Count} columns are given; the limit is {ImportLimits.MaxColumns}.";
        }

        columns = parsed;
        return null;
    }

    private static bool TryParseType(string name, out ColumnType type)
    {
        (var known, type) = name.ToUpperInvariant() switch
        {
            "TEXT" => (true, ColumnType.Text),
            "INTEGER" => (true, ColumnType.Integer),
            "REAL" => (true, ColumnType.Real),
            "DATE" => (true, ColumnType.Date),
            "TIMESTAMP" => (true, ColumnType.Timestamp),
            "TIMESTAMPTZ" => (true, ColumnType.TimestampTz),
            _ => (false, ColumnType.Text),
        };
        return known;
    }
}
