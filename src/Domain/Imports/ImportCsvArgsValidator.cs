using System.Globalization;

namespace Chard.Domain.Imports;

/// <summary>Holds the arguments of an import against their rules.</summary>
public static class ImportCsvArgsValidator
{
    /// <summary>All faults of the arguments, in no order that matters; none if the import may start.</summary>
    public static IReadOnlyList<ImportFault> Validate(ImportCsvArgs args)
    {
        ArgumentNullException.ThrowIfNull(args);
        var faults = new List<ImportFault>();
        if (!IsBlobReference(args.Source))
        {
            faults.Add(new("bad-source", "The source must be a blob of the app's storage account, given as container/name."));
        }

        ValidateSettings(args, faults);
        return faults;
    }

    /// <summary>All faults of the arguments but the source, which an upload only gets when it is stored.</summary>
    public static IReadOnlyList<ImportFault> ValidateSettings(ImportCsvArgs args)
    {
        ArgumentNullException.ThrowIfNull(args);
        var faults = new List<ImportFault>();
        ValidateSettings(args, faults);
        return faults;
    }

    private static void ValidateSettings(ImportCsvArgs args, List<ImportFault> faults)
    {
        if (TableNames.Fault(args.Table) is { } tableFault)
        {
            faults.Add(new("bad-table", tableFault));
        }

        if (args.Columns is not null && ColumnSpec.TryParse(args.Columns, out _) is { } columnFault)
        {
            faults.Add(new("bad-columns", columnFault));
        }

        if (args.Delimiter is not null && !Delimiters.TryParse(args.Delimiter, out _))
        {
            faults.Add(new("bad-delimiter", "The delimiter must be one ASCII sign other than a quote, such as , or ;, or one of tab, comma, semicolon, pipe."));
        }

        if (args.Encoding is not null && SourceEncodings.Canonical(args.Encoding) is null)
        {
            faults.Add(new("bad-encoding", $"The encoding '{args.Encoding}' is none of {string.Join(", ", SourceEncodings.Names)}."));
        }

        if (args.MaxErrors is < 0 or > ImportLimits.HighestMaxErrors)
        {
            faults.Add(new("bad-max-errors", string.Create(CultureInfo.InvariantCulture, $"maxErrors must be 0 to {ImportLimits.HighestMaxErrors}.")));
        }
    }

    private static bool IsBlobReference(string? source)
    {
        var slash = source?.IndexOf('/', StringComparison.Ordinal) ?? -1;
        return slash is >= 3 and <= 63
            && source!.Length - slash - 1 is >= 1 and <= 1024
            && source.AsSpan(0, slash).IndexOfAnyExcept(ContainerCharacters) < 0
            && !source.Any(char.IsControl);
    }

    private static readonly System.Buffers.SearchValues<char> ContainerCharacters =
        System.Buffers.SearchValues.Create("abcdefghijklmnopqrstuvwxyz0123456789-");
}
