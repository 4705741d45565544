using System.Buffers;
using System.Globalization;
using Chard.Domain.Json;

namespace Chard.Functions.Imports.Rules;

/// <summary>Holds the arguments of an import against their rules.</summary>
public static class ImportCsvArgsValidator
{
    private static readonly SearchValues<char> ContainerCharacters = SearchValues.Create("abcdefghijklmnopqrstuvwxyz0123456789-");

    /// <summary>All faults of the arguments; none if the import may start.</summary>
    /// <param name="args">The arguments.</param>
    /// <param name="containers">
    /// The containers that imports may read. Everything that an import reads is shown to whoever may read its table, so nothing is
    /// allowed that nobody has named: an account holds much else, the host's keys and other apps' payloads among it.
    /// </param>
    public static IReadOnlyList<JsonFault> Validate(ImportCsvArgs args, IReadOnlyCollection<string> containers)
    {
        ArgumentNullException.ThrowIfNull(args);
        ArgumentNullException.ThrowIfNull(containers);
        var faults = new List<JsonFault>();
        if (SourceFault(args.Source, containers) is { } sourceFault)
        {
            faults.Add(new("/source", sourceFault));
        }

        ValidateSettings(args, faults);
        return faults;
    }

    /// <summary>Why imports may not read a source, or null.</summary>
    /// <param name="source">The blob, as <c>container/name</c>.</param>
    /// <param name="containers">The containers that imports may read.</param>
    public static string? SourceFault(string? source, IReadOnlyCollection<string> containers)
    {
        ArgumentNullException.ThrowIfNull(containers);
        return !IsBlobReference(source) ? "The source must be a blob of the app's storage account, given as container/name."
            : source!.Split('/')[0] is var container && !containers.Contains(container)
                ? $"Imports may not read container '{container}': upload the file with POST /api/imports, or let the setting "
                    + "Chard:Imports:Sources name the container."
            : null;
    }

    /// <summary>All faults of the arguments but the source, which an upload only gets when it is stored.</summary>
    public static IReadOnlyList<JsonFault> ValidateSettings(ImportCsvArgs args)
    {
        ArgumentNullException.ThrowIfNull(args);
        var faults = new List<JsonFault>();
        ValidateSettings(args, faults);
        return faults;
    }

    private static void ValidateSettings(ImportCsvArgs args, List<JsonFault> faults)
    {
        if (args.Table is not null && TableNames.Fault(args.Table) is { } tableFault)
        {
            faults.Add(new("/table", tableFault));
        }

        if (args.Columns is not null && ColumnSpec.TryParse(args.Columns, out _) is { } columnFault)
        {
            faults.Add(new("/columns", columnFault));
        }

        if (args.Delimiter is not null && !Delimiters.TryParse(args.Delimiter, out _))
        {
            faults.Add(new(
                "/delimiter",
                "The delimiter must be one ASCII sign other than a quote, such as , or ;, or one of tab, comma, semicolon, pipe."));
        }

        if (args.Encoding is not null && SourceEncodings.Canonical(args.Encoding) is null)
        {
            faults.Add(new("/encoding", $"The encoding '{args.Encoding}' is none of {string.Join(", ", SourceEncodings.Names)}."));
        }

        if (args.MaxErrors is < 0 or > ImportLimits.HighestMaxErrors)
        {
            faults.Add(
                new("/maxErrors", string.Create(CultureInfo.InvariantCulture, $"maxErrors must be 0 to {ImportLimits.HighestMaxErrors}.")));
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
}
