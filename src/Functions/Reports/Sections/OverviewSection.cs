using System.Globalization;
using Chard.Functions.Reports.Charts;
using Chard.Functions.Reports.Html;

namespace Chard.Functions.Reports.Sections;

/// <summary>
/// All columns in a table: type, how many rows have a value, how many different ones there are. All of it is in the plan.
/// </summary>
internal static class OverviewSection
{
    public static string Draw(GenerateSectionArgs args)
    {
        MarkupWriter writer = SectionCard.Open(args, args.Columns.Count == 1 ? "1 column" : $"{args.Columns.Count} columns");
        writer.Open("div", ("class", "scroll")).Open("table").Open("thead").Open("tr")
            .Element("th", "Column", ("scope", "col"))
            .Element("th", "Type", ("scope", "col"))
            .Element("th", "Filled", ("scope", "col"))
            .Element("th", "Different values", ("scope", "col"), ("class", "num"))
            .Close().Close().Line().Open("tbody");
        foreach (ColumnProfile column in args.Columns)
        {
            long values = Math.Min(column.Values, args.Rows);
            double filled = args.Rows == 0 ? 0 : 100.0 * values / args.Rows;
            writer.Open("tr")
                .Element("th", column.Name, ("scope", "row"), ("dir", "auto"))
                .Open("td").Element(
                    "span", SectionCard.NameOf(column.Type), ("class", $"type {SectionCard.NameOf(column.Type).ToLowerInvariant()}"))
                    .Close()
                .Open("td").Open("span", ("class", "meter"), ("aria-hidden", "true"))
                .Element("span", "", ("style", string.Create(CultureInfo.InvariantCulture, $"width:{filled:0.#}%")))
                .Close().Element("span", args.Rows == 0 ? "—" : NumberText.Share(values, args.Rows), ("class", "pct")).Close()
                .Open("td", ("class", "num"));
            if (SectionChoice.IsUnique(column))
            {
                writer.Element("span", "all different", ("class", "hint")).Text(" ");
            }

            writer.Text(NumberText.Count(column.Distinct)).Close().Close().Line();
        }

        return writer.Close().Close().Close().Close(null);
    }
}
