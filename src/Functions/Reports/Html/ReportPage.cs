using System.Globalization;
using Chard.Functions.Reports.Charts;

namespace Chard.Functions.Reports.Html;

/// <summary>
/// The page around the sections of a report: HTML that is XML too, without a script, and with nothing that is loaded from elsewhere.
/// </summary>
/// <param name="plan">What the report is about.</param>
/// <param name="there">For each section of the plan, whether it is there.</param>
/// <param name="workflowId">The workflow that made it.</param>
/// <param name="madeAt">When it was made.</param>
public sealed class ReportPage(ReportPlan plan, IReadOnlyList<bool> there, string workflowId, DateTimeOffset madeAt)
{
    // With fewer sections everything is in sight.
    private const int ContentsFrom = 6;
    private readonly MarkupWriter _writer = new();

    /// <summary>Everything before the sections.</summary>
    public string Head()
    {
        _writer.Open("html", ("lang", "en"), ("xmlns", "http://www.w3.org/1999/xhtml")).Line().Open("head").Line()
            .Empty("meta", ("charset", "utf-8")).Line()
            .Empty("meta", ("name", "viewport"), ("content", "width=device-width, initial-scale=1")).Line()
            .Empty("meta", ("name", "color-scheme"), ("content", "light dark")).Line()
            .Element("title", plan.Title).Line()
            .Element("style", ReportStyle.Css).Line()
            .Close().Line().Open("body").Line();
        Header();
        Contents();
        _writer.Open("main").Line();
        if (plan.Rows == 0)
        {
            Notice("The table has no rows yet. Import a file into it, then make the report again.");
        }

        if (plan.TableColumns > plan.Columns.Count)
        {
            Notice(
                $"The table has {NumberText.Count(plan.TableColumns)} columns; {NumberText.Count(plan.Columns.Count)} of them are shown.");
        }

        string[] missing = [.. plan.Sections.Where((_, i) => !there[i]).Select(Heading)];
        if (missing.Length > 0)
        {
            Notice($"Left out, because their tasks were skipped: {string.Join(", ", missing)}.");
        }

        return "<!DOCTYPE html>\n" + _writer.Take();
    }

    /// <summary>Everything after them.</summary>
    public string Foot()
    {
        _writer.Close().Line().Open("footer")
            .Element("p", "Made by Chard from aggregates of the table; the counts are those of the moment each section was drawn.")
            .Close().Line();
        return _writer.Close().Line().Close().Line().ToString();
    }

    private void Header()
    {
        _writer.Open("header", ("class", "top"))
            .Element("p", "Table report", ("class", "eyebrow"))
            .Element("h1", plan.Title, ("dir", "auto"))
            .Open("p", ("class", "meta"))
            .Open("span").Text("Table ").Element("strong", plan.Table).Close()
            .Open("span").Text("Made ").Element(
                "time", madeAt.ToUniversalTime().ToString("d MMMM yyyy, HH:mm 'UTC'", CultureInfo.InvariantCulture),
                ("datetime", madeAt.ToUniversalTime().ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture))).Close()
            .Open("span").Text("Workflow ").Element("code", workflowId).Close()
            .Close().Line();
        long cells = plan.Rows * plan.Columns.Count;
        long filled = plan.Columns.Sum(c => Math.Min(c.Values, plan.Rows));
        _writer.Open("div", ("class", "figures"));
        Figure("Rows", NumberText.Count(plan.Rows), plan.Rows == 0 ? "nothing imported yet" : "in the table");
        Figure("Columns", NumberText.Count(plan.TableColumns), Types());
        Figure(
            "Cells filled", cells == 0 ? "—" : NumberText.Share(filled, cells),
            cells == 0 ? "no cells" : filled == cells ? "none is empty" : $"{NumberText.Count(cells - filled)} empty");
        _writer.Close().Line().Close().Line();
    }

    private void Figure(string name, string value, string more) =>
        _writer.Open("div", ("class", "figure")).Element("span", name, ("class", "name"))
            .Element("span", value, ("class", "big")).Element("span", more, ("class", "more")).Close().Line();

    private string Types() => string.Join(", ", plan.Columns
        .GroupBy(c => c.Type).OrderByDescending(g => g.Count()).ThenBy(g => g.Key)
        .Select(g => $"{g.Count().ToString(CultureInfo.InvariantCulture)} {SectionCard.NameOf(g.Key).ToLowerInvariant()}"));

    private void Contents()
    {
        if (there.Count(t => t) < ContentsFrom)
        {
            return;
        }

        _writer.Open("nav", ("aria-label", "Sections")).Open("ul");
        for (int i = 0; i < plan.Sections.Count; i++)
        {
            if (there[i])
            {
                _writer.Open("li").Element(
                    "a", Heading(plan.Sections[i]), ("href", "#" + SectionCard.IdOf(i)),
                    ("class", plan.Sections[i].Kind.ToString().ToLowerInvariant()))
                    .Close();
            }
        }

        _writer.Close().Close().Line();
    }

    private string Heading(PlannedSection section) =>
        SectionCard.HeadingOf(section.Kind, section.Column is { } column ? plan.Columns[column].Name : null);

    private void Notice(string text) => _writer.Element("p", text, ("class", "notice")).Line();
}
