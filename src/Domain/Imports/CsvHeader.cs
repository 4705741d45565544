using System.Text;
using CsvHelper;

namespace Chard.Domain.Imports;

/// <summary>The header of a file: its first record that is not empty, after a line <c>sep=;</c> if there is one, as spreadsheets write it.</summary>
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

            if (hinted || !IsHint(scanner.Content.Span))
            {
                return true;
            }

            hinted = true;
        }

        return false;
    }

    /// <summary>Reads a file's header and makes the names of its columns.</summary>
    /// <param name="utf8">The file from its start, in UTF-8.</param>
    /// <param name="layout">What is known of the file; its names are not looked at.</param>
    /// <param name="cancellationToken">Ends the reading.</param>
    /// <returns>The layout with names, or why the header will not do.</returns>
    public static async Task<(CsvLayout Layout, ImportFault? Fault)> ReadAsync(Stream utf8, CsvLayout layout, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(layout);
        var scanner = new RecordScanner(utf8, layout.Delimiter);
        if (!await FindAsync(scanner, cancellationToken).ConfigureAwait(false))
        {
            return (layout, new("empty-file", "The file has no header: send a CSV file whose first line names the columns."));
        }

        if (scanner.Current.Fault != RecordFault.None)
        {
            return (layout, new("bad-header", $"The header in line {scanner.Current.FaultLine} cannot be read. {scanner.Current.Reason}"));
        }

        using var reader = CsvReader.Create(scanner.Content, new CsvReaderOptions { Separator = layout.Delimiter, HasHeader = false });
        reader.Read();
        if (reader.FieldCount > ImportLimits.MaxColumns)
        {
            return (layout, new("too-many-columns", $"The header has {reader.FieldCount} columns; the limit is {ImportLimits.MaxColumns}."));
        }

        var names = new string[reader.FieldCount];
        for (var i = 0; i < names.Length; i++)
        {
            names[i] = reader.GetString(i);
        }

        return (layout with { Names = HeaderNames.Fix(names) }, null);
    }

    /// <summary>Holds given columns against the header: as many as it has, and none that the header has elsewhere.</summary>
    /// <returns>Why they do not go together, or null.</returns>
    public static ImportFault? Match(IReadOnlyList<ImportColumn> given, IReadOnlyList<string> header)
    {
        ArgumentNullException.ThrowIfNull(given);
        ArgumentNullException.ThrowIfNull(header);
        if (given.Count != header.Count)
        {
            return new("columns-mismatch", $"{given.Count} columns are given, but the header has {header.Count}: {string.Join(", ", header.Take(50))}.");
        }

        for (var i = 0; i < given.Count; i++)
        {
            var at = header.ToList().FindIndex(name => name.Equals(given[i].Name, StringComparison.OrdinalIgnoreCase));
            if (at >= 0 && at != i)
            {
                return new("columns-mismatch", $"Column '{given[i].Name}' is given in place {i + 1}, but stands in place {at + 1} of the file: give the columns in the file's order.");
            }
        }

        return null;
    }

    private static bool IsHint(ReadOnlySpan<byte> content)
    {
        var text = content.Length <= 8 ? Encoding.UTF8.GetString(content).Trim('"') : "";
        return text.Length == 5 && text.StartsWith("sep=", StringComparison.OrdinalIgnoreCase);
    }
}
