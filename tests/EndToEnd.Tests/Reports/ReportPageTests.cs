using System.Net.Http.Json;
using System.Text.Json;
using Chard.EndToEnd.Tests.Harness;
using Chard.EndToEnd.Tests.Repository;
using Microsoft.Playwright;

namespace Chard.EndToEnd.Tests.Reports;

/// <summary>
/// A report as a browser shows it. What is seen lies in artifacts/screenshots afterwards.
/// </summary>
[Collection(AppCollection.Name)]
public sealed class ReportPageTests(AppFixture app)
{
    private const string Id = "report-page";

    /// <summary>What is wrong with the charts that are shown: no size, words outside of the drawing or on top of each other.</summary>
    private const string ChartFaults =
        """
        () => [...document.querySelectorAll('.chart')].flatMap(chart => {
          const shown = [...chart.querySelectorAll('svg')].filter(svg => getComputedStyle(svg).display !== 'none');
          const name = chart.closest('section').querySelector('h2').textContent;
          if (shown.length !== 1) return [`${name}: ${shown.length} drawings are shown`];
          const frame = shown[0].getBoundingClientRect();
          const faults = frame.width > 200 && frame.height > 60 ? [] : [`${name}: ${frame.width} x ${frame.height}`];
          const words = [...shown[0].querySelectorAll('text')].map(text => [text.textContent, text.getBoundingClientRect()]);
          words.forEach(([text, box], i) => {
            if (box.width === 0 || box.left < frame.left - 1 || box.right > frame.right + 1 || box.bottom > frame.bottom + 1)
              faults.push(`${name}: '${text}' is not within`);
            words.slice(0, i).forEach(([other, b]) => {
              if (box.left < b.right && b.left < box.right && box.top < b.bottom && b.top < box.bottom)
                faults.push(`${name}: '${text}' is on '${other}'`);
            });
          });
          return faults;
        })
        """;

    [ChromiumTheory]
    [InlineData(1280, ColorScheme.Light)]
    [InlineData(1280, ColorScheme.Dark)]
    [InlineData(820, ColorScheme.Light)]
    [InlineData(390, ColorScheme.Light)]
    [InlineData(390, ColorScheme.Dark)]
    [InlineData(360, ColorScheme.Light)]
    public async Task Page_InABrowser_FitsTheWindowAndLoadsNothing(int width, ColorScheme scheme)
    {
        await MakeReportAsync();
        using IPlaywright playwright = await Playwright.CreateAsync();
        await using IBrowser browser = await playwright.Chromium.LaunchAsync(new()
        {
            ExecutablePath = Chromium.Program ?? throw new InvalidOperationException(Chromium.Missing),
            Args = ["--no-sandbox"],
        });
        IPage page = await browser.NewPageAsync(new() { ViewportSize = new() { Width = width, Height = 900 }, ColorScheme = scheme });
        var complaints = new List<string>();
        var requests = new List<string>();
        page.Console += (_, message) => complaints.Add($"{message.Type}: {message.Text}");
        page.PageError += (_, error) => complaints.Add(error);
        page.RequestFailed += (_, request) => complaints.Add($"{request.Url}: {request.Failure}");
        page.Request += (_, request) => requests.Add(request.Url);

        string address = new Uri(app.Client.BaseAddress!, $"/api/reports/{Id}").ToString();
        IResponse answer = (await page.GotoAsync(address, new() { WaitUntil = WaitUntilState.NetworkIdle }))!;
        await page.ScreenshotAsync(new()
        {
            FullPage = true,
            Path = RepositoryPaths.Of("artifacts", "screenshots", $"report-{width}-{scheme.ToString().ToLowerInvariant()}.png"),
        });

        Assert.Equal(200, answer.Status);
        Assert.Equal("Orders of the coffee shop", await page.TitleAsync());
        Assert.Equal([address], requests);
        Assert.Empty(complaints);
        Assert.Equal(8, await page.Locator(".chart").CountAsync());
        Assert.Equal(width, await page.EvaluateAsync<int>("() => document.documentElement.scrollWidth"));
        Assert.Empty(await page.EvaluateAsync<string[]>(ChartFaults));
        bool dark = await page.EvaluateAsync<bool>(
            "() => getComputedStyle(document.body).backgroundColor.match(/\\d+/g).every(c => c < 100)");
        Assert.Equal(scheme == ColorScheme.Dark, dark);

        // Pointing at a bar tells what it stands for.
        Assert.Equal("Germany: 150 rows (30.0%)", await page.Locator("section.values svg:visible g > title").First.TextContentAsync());
        Assert.Equal(width < 500 ? "narrow" : "wide", await page.Locator(".chart svg:visible").First.GetAttributeAsync("class"));
    }

    /// <summary>Imports the sample and reports on it, once for all cases: both starts have an id.</summary>
    private async Task MakeReportAsync()
    {
        byte[] orders = await File.ReadAllBytesAsync(RepositoryPaths.Of("samples", "orders.csv"));
        using HttpResponseMessage import = await app.Client.PostCsvAsync(
            $"?table=orders&id={Id}-import&columns=order,placed:timestamptz,country,product,quantity:integer,amount:real,coupon,"
                + "rating:integer,shipped:date",
            new ByteArrayContent(orders) { Headers = { ContentType = new("text/csv") } });
        await CompletedAsync($"{Id}-import");
        using HttpResponseMessage start = await app.Client.PostAsJsonAsync(
            "/api/workflows",
            new { workflow = "GenerateReport", id = Id, args = new { table = "orders", title = "Orders of the coffee shop" } });
        await CompletedAsync(Id);
    }

    private async Task CompletedAsync(string id)
    {
        JsonElement status = await app.Client.WaitUntilFinalAsync(id);
        Assert.True(status.GetProperty("status").GetString() == "completed", status.GetRawText());
    }
}
