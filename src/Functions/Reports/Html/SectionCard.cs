using System.Globalization;
using Chard.Functions.Imports.Rules;
using Chard.Functions.Reports.Charts;

namespace Chard.Functions.Reports.Html;

/// <summary>The frame of a section: heading, figures, chart, note.</summary>
internal static class SectionCard
{
    /// <summary>The id of a section on the page.</summary>
    public static string IdOf(int position) => string.Create(CultureInfo.InvariantCulture, $"s{position}");

    /// <summary>The heading of a section, which the table of contents repeats.</summary>
    public static string HeadingOf(SectionKind kind, string? column) => kind == SectionKind.Overview ? "Columns" : column ?? "";

    /// <summary>A type, for people.</summary>
    public static string NameOf(ColumnType? type) => type switch
    {
        ColumnType.Integer => "Integer",
        ColumnType.Real => "Number",
        ColumnType.Date => "Date",
        ColumnType.Timestamp or ColumnType.TimestampTz => "Date and time",
        ColumnType.Text => "Text",
        _ => "Other",
    };

    /// <summary>Opens a section, which <see cref="Close"/> closes.</summary>
    public static MarkupWriter Open(GenerateSectionArgs args, string about)
    {
        string id = IdOf(args.Position);
        string? column = args.Kind == SectionKind.Overview ? null : args.Columns[0].Name;
        return new MarkupWriter()
            .Open("section", ("class", $"card {args.Kind.ToString().ToLowerInvariant()}"), ("id", id), ("aria-labelledby", id + "-h"))
            .Open("header")
            .Element("h2", HeadingOf(args.Kind, column), ("id", id + "-h"), ("dir", "auto"))
            .Element("p", about, ("class", "about"))
            .Close().Line();
    }

    /// <summary>A row of figures.</summary>
    public static void Facts(this MarkupWriter writer, params ReadOnlySpan<(string Name, string Value)> facts)
    {
        writer.Open("dl", ("class", "facts"));
        foreach ((string name, string value) in facts)
        {
            writer.Open("div").Element("dt", name).Element("dd", value).Close();
        }

        writer.Close().Line();
    }

    /// <summary>A chart, drawn for each size of place.</summary>
    public static void Chart(this MarkupWriter writer, Action<ChartSize> draw)
    {
        writer.Open("div", ("class", "chart"));
        foreach (ChartSize size in ChartSize.All)
        {
            draw(size);
            writer.Line();
        }

        writer.Close().Line();
    }

    /// <summary>How many rows have no value: <c>none</c>, <c>12 (2.4%)</c>.</summary>
    public static string Empty(GenerateSectionArgs args)
    {
        long empty = Math.Max(0, args.Rows - args.Columns[0].Values);
        return empty == 0 ? "none" : $"{NumberText.Count(empty)} ({NumberText.Share(empty, args.Rows)})";
    }

    /// <summary>Ends the section.</summary>
    public static string Close(this MarkupWriter writer, string? note)
    {
        if (note is not null)
        {
            writer.Element("p", note, ("class", "note"));
        }

        return writer.Close().Line().ToString();
    }
}
