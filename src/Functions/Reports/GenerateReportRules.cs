using System.Globalization;
using System.Text;
using Chard.Domain.Json;
using Chard.Functions.Imports.Rules;

namespace Chard.Functions.Reports;

/// <summary>What can be reported on.</summary>
public static class GenerateReportRules
{
    /// <summary>Longest title, in characters.</summary>
    public const int MaxTitleLength = 200;

    /// <summary>The most columns that one report looks at.</summary>
    public const int MaxColumns = 50;

    private static readonly string[] Kinds = [.. Enum.GetNames<SectionKind>().Select(n => n.ToLowerInvariant())];

    /// <summary>Every fault of <paramref name="args"/>; empty if they will do. Whether the table is there is not known here.</summary>
    public static IReadOnlyList<JsonFault> Check(GenerateReportArgs args)
    {
        ArgumentNullException.ThrowIfNull(args);
        var faults = new List<JsonFault>();
        if (TableNames.Fault(args.Table ?? "") is { } tableFault)
        {
            faults.Add(new("/table", tableFault));
        }

        if (args.Title is { } title && (title.Length > MaxTitleLength || string.IsNullOrWhiteSpace(title) || title.Any(char.IsControl)))
        {
            faults.Add(new("/title", $"A title is 1 to {MaxTitleLength} characters on one line."));
        }

        CheckList(args.Sections, "/sections", Kinds.Length, "section", faults, kind =>
            Kinds.Contains(kind, StringComparer.Ordinal)
                ? null
                : $"There is no kind of section '{kind}'. There are: {string.Join(", ", Kinds)}.");
        CheckList(args.Columns, "/columns", MaxColumns, "column", faults, column =>
            Encoding.UTF8.GetByteCount(column) is >= 1 and <= ImportLimits.MaxNameLength
                ? null
                : $"A column's name has 1 to {ImportLimits.MaxNameLength} bytes.");
        return faults;
    }

    /// <summary>The kinds of sections that are asked for; all if none is named.</summary>
    /// <param name="args">Arguments that <see cref="Check"/> passed.</param>
    public static IReadOnlySet<SectionKind> KindsOf(GenerateReportArgs args)
    {
        ArgumentNullException.ThrowIfNull(args);
        return (args.Sections?.Select(k => Enum.Parse<SectionKind>(k, ignoreCase: true)) ?? Enum.GetValues<SectionKind>()).ToHashSet();
    }

    private static void CheckList(
        IReadOnlyList<string>? items, string at, int most, string what, List<JsonFault> faults, Func<string, string?> fault)
    {
        if (items is null)
        {
            return;
        }

        if (items.Count == 0 || items.Count > most)
        {
            faults.Add(new(at, string.Create(CultureInfo.InvariantCulture, $"Name 1 to {most} {what}s, or leave them out.")));
            return;
        }

        var seen = new HashSet<string>(StringComparer.Ordinal);
        for (int i = 0; i < items.Count; i++)
        {
            string? message = items[i] is null
                ? $"A {what} is a string."
                : fault(items[i]) ?? (seen.Add(items[i]) ? null : $"The {what} '{items[i]}' is named twice.");
            if (message is not null)
            {
                faults.Add(new(string.Create(CultureInfo.InvariantCulture, $"{at}/{i}"), message));
            }
        }
    }
}
