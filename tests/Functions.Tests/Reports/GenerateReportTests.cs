using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using System.Xml;
using System.Xml.Linq;
using Chard.Functions.Tests.Api;

namespace Chard.Functions.Tests.Reports;

/// <summary>Reports through the API: files imported, pages fetched and read.</summary>
public sealed class GenerateReportTests : IAsyncLifetime
{
    private static readonly XNamespace Html = "http://www.w3.org/1999/xhtml";
    private static readonly XNamespace Svg = "http://www.w3.org/2000/svg";
    private ReportHost _host = null!;

    public async Task InitializeAsync() => _host = await ReportHost.StartAsync();

    public async Task DisposeAsync() => await _host.DisposeAsync();

    [Fact]
    public async Task Start_SampleOrders_MakesAPageOfAllSections()
    {
        await _host.ImportSampleAsync(
            "orders", "&columns=order,placed:timestamptz,country,product,quantity:integer,amount:real,coupon,rating:integer,shipped:date");

        (JsonElement result, string page) = await _host.ReportAsync(new { table = "orders", title = "Orders & more" });

        Assert.Equal(
            ("orders", "Orders & more", 500, 9),
            (result.GetProperty("table").GetString(), result.GetProperty("title")
                .GetString(), result.GetProperty("rows").GetInt32(), result.GetProperty("sections").GetInt32()));
        XElement html = Parse(page);
        Assert.Equal(
            ["Columns", "placed", "country", "product", "quantity", "amount", "coupon", "rating", "shipped"],
            html.Descendants(Html + "h2").Select(h => h.Value));
        Assert.Equal("Orders & more", html.Descendants(Html + "h1").Single().Value);
        Assert.Equal(16, html.Descendants(Svg + "svg").Count()); // each chart for wide and for narrow places
        Assert.Contains("500", Figures(html)["Rows"], StringComparison.Ordinal);
        Assert.Contains("Germany: 150 rows (30.0%)", html.Descendants(Svg + "title").Select(t => t.Value));
        Assert.Contains("Dec 2024: 60 rows (12.0%)", html.Descendants(Svg + "title").Select(t => t.Value));
        Assert.Contains("3 others: 17 rows (3.4%)", html.Descendants(Svg + "title").Select(t => t.Value));
        string[] ids = [.. html.Descendants().Attributes("id").Select(a => a.Value)];
        Assert.Equal(ids.Distinct(), ids);
        Assert.All(html.Descendants(Html + "a"), a => Assert.Contains(a.Attribute("href")!.Value[1..], ids));
        Assert.Equal("""{"total":9,"succeeded":9,"failed":0}""", (await StatusAsync(result)).GetProperty("progress").GetRawText());
    }

    [Fact]
    public async Task Start_SamplePeople_LeavesOutWhatSaysNothing()
    {
        await _host.ImportSampleAsync("people");

        (_, string page) = await _host.ReportAsync(new { table = "people" });

        XElement html = Parse(page);
        Assert.Equal(["Columns", "born", "score"], html.Descendants(Html + "h2").Select(h => h.Value));
        Assert.Equal("people", html.Descendants(Html + "h1").Single().Value);
        Assert.Equal("96.7%", Figures(html)["Cells filled"]);
    }

    [Fact]
    public async Task Start_SectionsAndColumnsNamed_MakesThose()
    {
        await _host.ImportSampleAsync("people");

        (JsonElement result, string page) = await _host.ReportAsync(
            new { table = "people", sections = new[] { "values", "histogram" }, columns = new[] { "name", "id", "born" } });

        Assert.Equal(2, result.GetProperty("sections").GetInt32());
        Assert.Equal(["name", "id"], Parse(page).Descendants(Html + "h2").Select(h => h.Value));
    }

    [Fact]
    public async Task Page_NamesAndCellsWithMarkup_AreTextOnly()
    {
        const string Evil = "<script>alert(1)</script>";
        const string Breakout = "\"'></text></svg><img src=x onerror=alert(2)>";
        string rows = $"\"{Breakout.Replace("\"", "\"\"", StringComparison.Ordinal)}\",1.5\nplain,2\n";
        await _host.ImportAsync("evil", $"\"{Evil}\",\"</style><b>\"\n{string.Concat(Enumerable.Repeat(rows, 3))}");

        (_, string page) = await _host.ReportAsync(new { table = "evil", title = "</title><script>x</script>" });

        XElement html = Parse(page);
        Assert.DoesNotContain("<script", page, StringComparison.OrdinalIgnoreCase);
        Assert.DoesNotContain("<img", page, StringComparison.OrdinalIgnoreCase);
        Assert.Equal(["Columns", Evil, "</style><b>"], html.Descendants(Html + "h2").Select(h => h.Value));
        Assert.Contains(Breakout + ": 3 rows (50.0%)", html.Descendants(Svg + "title").Select(t => t.Value));
        Assert.Equal("</title><script>x</script>", html.Descendants(Html + "title").Single().Value);
        Assert.DoesNotContain(html.Descendants().Attributes(), a => a.Name.LocalName.StartsWith("on", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Page_IsServedToDoNothingButBeShown()
    {
        await _host.ImportAsync("small", "a,b\nx,1\ny,2\nx,3\n");
        (JsonElement result, string page) = await _host.ReportAsync(new { table = "small" });

        using HttpResponseMessage answer = await _host.App.Http.GetAsync(result.GetProperty("report").GetString());
        XElement html = Parse(page);

        Assert.Equal("text/html; charset=utf-8", answer.Content.Headers.ContentType!.ToString());
        string policy = Assert.Single(answer.Headers.GetValues("Content-Security-Policy"));
        Assert.StartsWith("default-src 'none'; style-src 'unsafe-inline'; img-src data:", policy, StringComparison.Ordinal);
        Assert.Equal("nosniff", Assert.Single(answer.Headers.GetValues("X-Content-Type-Options")));
        Assert.DoesNotContain(
            html.Descendants(), e => e.Name.LocalName is "script" or "link" or "img" or "iframe" or "object" or "base" or "form");
        Assert.DoesNotContain(
            html.Descendants().Attributes(), a => a.Name.LocalName is "src" || (a.Name.LocalName == "href" && !a.Value.StartsWith('#')));
        Assert.DoesNotContain("url(", page, StringComparison.Ordinal);
        Assert.DoesNotContain("@import", page, StringComparison.Ordinal);

        // In HTML the style is taken as it stands: nothing of it may have been escaped.
        Assert.DoesNotContain(
            '&', page[page.IndexOf("<style>", StringComparison.Ordinal)..page.IndexOf("</style>", StringComparison.Ordinal)]);
    }

    [Fact]
    public async Task Page_TableWithoutRows_SaysSo()
    {
        await _host.ImportAsync("hollow", "a,b\n", "&columns=a:integer,b:text");

        (JsonElement result, string page) = await _host.ReportAsync(new { table = "hollow" });

        Assert.Equal((0, 1), (result.GetProperty("rows").GetInt32(), result.GetProperty("sections").GetInt32()));
        Assert.Contains("The table has no rows yet.", Parse(page).Value, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Page_MoreColumnsThanAreShown_SaysSo()
    {
        int[] columns = [.. Enumerable.Range(0, 60)];
        await _host.ImportAsync("broad", string.Join(',', columns.Select(c => $"c{c}")) + "\n" + string.Concat(
            Enumerable.Repeat(string.Join(',', columns) + "\n", 2)));

        (JsonElement result, string page) = await _host.ReportAsync(new { table = "broad" });

        Assert.Equal(51, result.GetProperty("sections").GetInt32());
        Assert.Contains("The table has 60 columns; 50 of them are shown.", Parse(page).Value, StringComparison.Ordinal);
        Assert.Contains("Every value is 49.", Parse(page).Value, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("""{"table":"no such"}""", "/args/table")]
    [InlineData("""{"table":"chard_imported_chunks"}""", "/args/table")]
    [InlineData("""{"table":"t","title":""}""", "/args/title")]
    [InlineData("""{"table":"t","sections":["overview","pie"]}""", "/args/sections/1")]
    [InlineData("""{"table":"t","sections":[]}""", "/args/sections")]
    [InlineData("""{"table":"t","columns":["a","a"]}""", "/args/columns/1")]
    [InlineData("""{"table":"t","columns":[null]}""", "/args/columns/0")]
    [InlineData("""{"table":"t","chart":"pie"}""", "/args/chart")]
    [InlineData("""{"title":"t"}""", "/args")]
    public async Task Start_BadArgs_IsRefusedWithAPointer(string args, string pointer)
    {
        using HttpResponseMessage answer = await _host.App.Http.PostAsJsonAsync(
            "/api/workflows", new { workflow = "GenerateReport", args = JsonElement.Parse(args) });

        Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
        JsonElement problem = await answer.Content.ReadFromJsonAsync<JsonElement>();
        Assert.Equal([pointer], problem.GetProperty("faults").EnumerateArray().Select(f => f.GetProperty("pointer").GetString()));
    }

    [Theory]
    [InlineData("missing", null, "table-missing", "POST /api/imports?table=missing")]
    [InlineData("there", "nope", "column-missing", "It has: a, b.")]
    public async Task Start_NothingToReportOn_FailsForGoodAndSaysWhatToDo(string table, string? column, string code, string words)
    {
        await _host.ImportAsync("there", "a,b\n1,2\n");
        string id = await _host.Flow.StartWorkflowAsync(
            "GenerateReport", new { table, columns = column is null ? null : new[] { column } });

        JsonElement status = await _host.Flow.EndAsync(id);

        Assert.Equal("failed", status.GetProperty("status").GetString());
        Assert.Equal(
            ("PlanReport", code),
            (status.GetProperty("error").GetProperty("task").GetString(), status.GetProperty("error").GetProperty("code").GetString()));
        Assert.Contains(words, status.GetProperty("error").GetProperty("message").GetString(), StringComparison.Ordinal);
        using HttpResponseMessage report = await _host.App.Http.GetAsync($"/api/reports/{id}");
        await AssertProblemAsync(report, 404, "no-report");
    }

    [Fact]
    public async Task Get_NoSuchReport_Is404AndDocumented()
    {
        using HttpResponseMessage missing = await _host.App.Http.GetAsync("/api/reports/nobody");
        using HttpResponseMessage wrong = await _host.App.Http.GetAsync("/api/reports/no%20id");

        await AssertProblemAsync(missing, 404, "no-report");
        await AssertProblemAsync(wrong, 400, "invalid-request");
    }

    [Fact]
    public async Task CombineReport_SectionOfAnotherWorkflow_IsRefused()
    {
        object fragment = new { blob = "other/report/1/section.html", sha256 = new string('0', 64), bytes = 10 };
        object plan = new { table = "mine", title = "t", rows = 1, tableColumns = 1, columns = Array.Empty<object>(), sections = new[]
        {
            new { kind = "overview", column = (int?)null }
        } };

        using HttpResponseMessage answer = await _host.App.Http.PostAsJsonAsync(
            "/api/workflows",
            new { task = "CombineReport", args = new { plan, sections = new[] { new { fragment } }, madeAt = "2026-01-01T00:00:00Z" } });

        string text = await answer.Content.ReadAsStringAsync();
        Assert.True(answer.StatusCode == HttpStatusCode.Accepted, text);
        string id = JsonElement.Parse(text).GetProperty("id").GetString()!;
        Assert.Equal("invalid-args", await _host.Flow.FailureAsync(id));
    }

    internal static XElement Parse(string page)
    {
        Assert.StartsWith("<!DOCTYPE html>", page, StringComparison.Ordinal);
        using var reader = XmlReader.Create(new StringReader(page), new XmlReaderSettings { DtdProcessing = DtdProcessing.Ignore });
        return XElement.Load(reader);
    }

    private static Dictionary<string, string> Figures(XElement html) => html.Descendants(Html + "div")
        .Where(d => d.Attribute("class")?.Value == "figure").ToDictionary(
            d => d.Elements().First().Value, d => d.Elements().ElementAt(1).Value);

    private static async Task AssertProblemAsync(HttpResponseMessage answer, int status, string type)
    {
        string body = await answer.Content.ReadAsStringAsync();
        DocumentedAnswers.Check(
            HttpMethod.Get, answer.RequestMessage!.RequestUri!.AbsolutePath, (int)answer.StatusCode,
            answer.Content.Headers.ContentType?.MediaType, body);
        Assert.Equal(status, (int)answer.StatusCode);
        Assert.Equal("urn:chard:problem:" + type, JsonElement.Parse(body).GetProperty("type").GetString());
    }

    private async Task<JsonElement> StatusAsync(JsonElement result) =>
        await _host.App.Http.GetFromJsonAsync<JsonElement>($"/api/workflows/{result.GetProperty("report").GetString()!.Split('/')[^1]}");
}
