using System.Text;
using CsvHelper;

namespace Chard.Functions.Imports.Rules;

/// <summary>
/// The header of a file: its first record that is not empty, after a line <c>sep=;</c> if there is one, as spreadsheets write it.
/// </summary>
public static class CsvHeader
{
    /// <summary>Moves the scanner to the header.</summary>
    /// <returns>False if the file has no record at all.</returns>
    public static async ValueTask<bool> FindAsync(RecordScanner scanner, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(scanner);
        var hinted = false;
        while (await scanner.ReadAsync(cancellationToken).ConfigureAwait(false))
        {
            if (scanner.Content.IsEmpty && scanner.Current.Fault == RecordFault.None)
            {
                continue;
            }

            if (hinted || Hint(scanner.Content.Span) is null)
            {
                return true;
            }

            hinted = true;
        }

        return false;
    }

    /// <summary>
    /// Reads a file's header and makes the names of its columns. In a file without one, the first record that can be read says how many
    /// there are.
    /// </summary>
    /// <param name="utf8">The file from its start, in UTF-8.</param>
    /// <param name="layout">What is known of the file; its names are not looked at.</param>
    /// <param name="given">The columns that the caller gives, or null.</param>
    /// <param name="cancellationToken">Ends the reading.</param>
    /// <returns>The layout with names, or why the file will not do.</returns>
    public static async Task<(CsvLayout Layout, ImportFault? Fault)> ReadAsync(
        Stream utf8, CsvLayout layout, IReadOnlyList<ImportColumn>? given = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(layout);
        var scanner = new RecordScanner(utf8, layout.Delimiter);
        var found = await FindAsync(scanner, cancellationToken).ConfigureAwait(false);
        while (found && !layout.HasHeader && (scanner.Current.Fault != RecordFault.None || scanner.Content.IsEmpty))
        {
            found = await scanner.ReadAsync(cancellationToken).ConfigureAwait(false);
        }

        if (!found)
        {
            return (layout, layout.HasHeader
                ? new("empty-file", "The file has no header: send a CSV file whose first line names the columns, or say header=false.")
                : new("empty-file", "The file has no row that can be read."));
        }

        if (scanner.Current.Fault != RecordFault.None)
        {
            return (layout, new("bad-header", $"The header in line {scanner.Current.FaultLine} cannot be read. {scanner.Current.Reason}"));
        }

        using var reader = CsvReader.Create(scanner.Content, ChunkRows.Options(layout.Delimiter));
        reader.Read();
        var fields = new string[reader.FieldCount];
        for (var i = 0; i < fields.Length; i++)
        {
            fields[i] = reader.GetString(i);
        }

        return fields.Length > ImportLimits.MaxColumns
            ? (layout, new("too-many-columns", $"The file has {fields.Length} columns; the limit is {ImportLimits.MaxColumns}."))
            : (layout with { Names = Names(fields, layout.HasHeader, given) }, Match(fields, layout.HasHeader, given));
    }

    private static IReadOnlyList<string> Names(string[] fields, bool hasHeader, IReadOnlyList<ImportColumn>? given) =>
        (hasHeader, given) switch
        {
            (true, _) => HeaderNames.Fix(fields),
            (false, not null) => [.. given.Select(c => c.Name)],
            (false, null) => HeaderNames.Fix([.. fields.Select(_ => "")]),
        };

    // Given columns are as many as the file has, and none has the name of a column in another place.
    private static ImportFault? Match(string[] fields, bool hasHeader, IReadOnlyList<ImportColumn>? given)
    {
        if (given is null || (!hasHeader && fields.Length == given.Count + 1 && fields[^1].Length == 0))
        {
            return null;
        }

        var names = hasHeader ? HeaderNames.Fix(fields).ToList() : [];
        if (given.Count != fields.Length)
        {
            return new("columns-mismatch", hasHeader
                ? $"{given.Count} columns are given, but the header has {fields.Length}: {string.Join(", ", names.Take(50))}."
                : $"{given.Count} columns are given, but the first row has {fields.Length}.");
        }

        for (var i = 0; i < names.Count; i++)
        {
            var at = names.FindIndex(name => name.Equals(given[i].Name, StringComparison.OrdinalIgnoreCase));
            if (at >= 0 && at != i)
            {
                return new("columns-mismatch", $"Column '{given[i].Name}' is given in place {i + 1}, but stands in place "
                    + $"{at + 1} of the file: give the columns in the file's order.");
            }
        }

        return null;
    }

    /// <summary>The delimiter that a line <c>sep=;</c> names, or null if the line is another.</summary>
    internal static char? Hint(ReadOnlySpan<byte> content)
    {
        var text = content.Length <= 8 ? Encoding.UTF8.GetString(content).Trim('"') : "";
        return text.Length == 5 && text.StartsWith("sep=", StringComparison.OrdinalIgnoreCase) ? text[4] : null;
    }
}
