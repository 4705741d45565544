using Chard.Dashboard;
using Chard.EndToEnd.Tests.Harness;
using Chard.EndToEnd.Tests.Repository;
using Chard.Testing;
using Deque.AxeCore.Commons;
using Deque.AxeCore.Playwright;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace Chard.EndToEnd.Tests.Dashboard;

/// <summary>
/// What holds of every page: for those who cannot see or point, on small screens, for those who may only look, and by its size.
/// </summary>
[Collection(DashboardCollection.Name)]
public sealed class MannersTests(DashboardHost host)
{
    private const string Parked = "manners-parked";
    private const string ReaderKey = "reader-key-of-the-dashboard-tests-0001";
    private const string OperatorKey = "operator-key-of-the-dashboard-tests-01";

    /// <summary>Most bytes of the page with all its assets, compressed: 80 kB.</summary>
    private const int MostBytes = 80_000;

    private static readonly RunOnlyOptions Colours = new() { Type = "rule", Values = ["color-contrast", "link-in-text-block"] };

    public static TheoryData<string> Pages => [
        "", "workflows", $"workflows/{Parked}", "dead-letters", "dead-letters?state=open&task=Fail", $"dead-letters/{Parked}.0.0.0",
        "tasks", "limits", "schedules", "start", "start?task=Echo", "nowhere"];

    /// <summary>Light on a desk's screen by every rule; dark on a phone's by those of colours, for all else is the same page.</summary>
    [ChromiumTheory]
    [MemberData(nameof(Pages))]
    public async Task Page_InBothSchemes_HasNoFaultThatAxeKnowsAndFitsAPhone(string path)
    {
        await ParkAsync();
        foreach ((ColorScheme scheme, int width) in new[] { (ColorScheme.Light, 1280), (ColorScheme.Dark, 375) })
        {
            await using Screen screen = await host.OpenAsync(path, scheme: scheme, width: width);
            await screen.Page.WaitForLoadStateAsync(LoadState.DOMContentLoaded);
            await Expect(screen.Page.GetByText("Loading").First).ToHaveCountAsync(0);

            AxeResult found = await screen.Page.RunAxe(scheme == ColorScheme.Light ? new() : new() { RunOnly = Colours });

            Assert.True(
                found.Violations.Length == 0,
                string.Join('\n', found.Violations.Select(v => $"{v.Id}: {v.Help} {string.Join(", ", v.Nodes.Select(n => n.Html))}")));
            Assert.InRange(await screen.Page.EvaluateAsync<int>("() => document.documentElement.scrollWidth"), 1, width);
        }
    }

    [ChromiumFact]
    public async Task Keys_AreAskedForAndRolesSayWhatIsOffered()
    {
        await using FunctionsTestHost app = await DashboardHost.StartAsync(settings =>
        {
            settings["Chard:Access:Required"] = "true";
            settings["Chard:Access:ReaderKey"] = ReaderKey;
            settings["Chard:Access:OperatorKey"] = OperatorKey;
        });
        await using Screen screen = await host.OpenAsync("schedules", app: app);

        await screen.Page.GetByLabel("Function key").FillAsync("no-key-of-this-app-no-key-of-this-app");
        await screen.ClickAsync("Use this key");
        await screen.SaysAsync("You have none of the roles");
        await screen.Page.GetByLabel("Function key").FillAsync(ReaderKey);
        await screen.ClickAsync("Use this key");
        await screen.SaysAsync("new-year");
        await Expect(screen.Page.GetByRole(AriaRole.Button, new() { Name = "Run now" })).ToHaveCountAsync(0);
        Assert.DoesNotContain(ReaderKey, screen.Page.Url, StringComparison.Ordinal);

        // Another window knows no key; the operator's is offered what operators may.
        await using Screen other = await host.OpenAsync("schedules", app: app);
        await other.Page.GetByLabel("Function key").FillAsync(OperatorKey);
        await other.ClickAsync("Use this key");
        await Expect(other.Page.GetByRole(AriaRole.Button, new() { Name = "Run now" })).ToBeVisibleAsync();
    }

    [ChromiumFact]
    public async Task ReadOnlyAndMask_ByTheirSettings_HideWhatTheySay()
    {
        await using FunctionsTestHost app = await DashboardHost.StartAsync(settings =>
        {
            settings["Chard:Dashboard:ReadOnly"] = "true";
            settings["Chard:Dashboard:Mask"] = "message, token";
        });
        using HttpResponseMessage started = await app.Http.PostAsync("/api/workflows", new StringContent(
            """{"task":"Fail","args":{"kind":"permanent","message":"very secret"},"onExhausted":"park","id":"masked"}""",
            System.Text.Encoding.UTF8, "application/json"));
        await Eventually.TrueAsync(
            "it is parked", () => app.Http.GetAsync("/api/dead-letters/masked.0.0").GetAwaiter().GetResult().IsSuccessStatusCode);
        await using Screen screen = await host.OpenAsync("dead-letters/masked.0.0", app: app);

        ILocator args = screen.Page.GetByRole(AriaRole.Region, new() { Name = "Arguments" });
        await Expect(args).ToContainTextAsync("•••");
        await Expect(args).Not.ToContainTextAsync("very secret");
        await Expect(screen.Page.GetByRole(AriaRole.Button, new() { Name = "Retry as it is" })).ToHaveCountAsync(0);
        await screen.ClickAsync("Show masked values");
        await Expect(args).ToContainTextAsync("very secret");
    }

    [ChromiumFact]
    public async Task AnAnswerThatFails_IsToldAndCanBeTriedAgain()
    {
        await using Screen screen = await host.OpenAsync("tasks");
        await screen.Page.RouteAsync("**/api/limits", route => route.FulfillAsync(new() { Status = 503, Body = "{}" }));

        await screen.Page.GetByRole(AriaRole.Link, new() { Name = "Limits" }).ClickAsync();
        await Expect(screen.Page.GetByRole(AriaRole.Button, new() { Name = "Try again" })).ToBeVisibleAsync();
        await screen.Page.UnrouteAsync("**/api/limits");
        await screen.ClickAsync("Try again");

        await screen.SaysAsync("mail");
    }

    [Fact]
    public void Files_AllTogether_AreSmall()
    {
        var files = new DashboardFiles();
        Assert.Contains("index.html", files.Paths);

        int bytes = files.Paths.Sum(path => files.Find(path)!.Gzipped.Length);

        Assert.InRange(bytes, 5_000, MostBytes);
    }

    [ChromiumFact]
    public async Task Screenshots_OfTheDocs_AreMadeAnew()
    {
        await ParkAsync();
        bool toKeep = Environment.GetEnvironmentVariable("CHARD_SCREENSHOTS") == "1";
        foreach ((string name, string path) in new[]
        {
            ("overview", ""), ("workflow", $"workflows/{Parked}"), ("dead-letters", "dead-letters"),
            ("dead-letter", $"dead-letters/{Parked}.0.0.0"),
        })
        {
            await using Screen screen = await host.OpenAsync(path, width: 1200);
            await Expect(screen.Page.GetByText("Loading").First).ToHaveCountAsync(0);
            string kept = RepositoryPaths.Of("docs", "images", $"dashboard-{name}.png");
            await screen.Page.ScreenshotAsync(
                new() { Path = toKeep ? kept : RepositoryPaths.Of("artifacts", "screenshots", $"dashboard-{name}.png") });
            Assert.True(File.Exists(kept), $"docs/images has no dashboard-{name}.png: run this test with CHARD_SCREENSHOTS=1.");
        }
    }

    private async Task ParkAsync()
    {
        await host.StartWorkflowAsync($$$"""
            {"canvas":{"group":[{"task":"Fail","args":{"kind":"permanent","message":"There is no such customer."},"onExhausted":"park"},
            {"chain":[{"task":"Echo","args":{"value":1}},{"task":"Square","args":12}]}]},
            "id":"{{{Parked}}}","owner":"ann","stamps":["batch=7"]}
            """);
        await host.UntilAsync(Parked, "parked");
    }
}
