using System.Text.Json;
using Chard.Infra.Tests.Tools;

namespace Chard.Infra.Tests.Docs;

/// <summary>The docs lead where they say, and name all that there is.</summary>
public sealed class DocsTests
{
    private static readonly string[] HeadingsOfAnAlert = ["what-it-means", "query", "first-action", "when-to-wake-somebody"];

    [Fact]
    public void Links_LeadToFilesAndHeadings()
    {
        (MarkdownPage Page, string Link)[] links = [.. MarkdownPage.All().SelectMany(page => page.Links().Select(link => (page, link)))];

        Assert.NotEmpty(links);
        Assert.Empty(links.Select(link => link.Page.FaultOf(link.Link)).OfType<string>());
    }

    [Theory]
    [InlineData("ghost.md", "no file")]
    [InlineData("deploy.md#ghost", "no heading")]
    [InlineData("#ghost", "no heading")]
    public void Link_ThatLeadsNowhere_IsFound(string link, string fault)
    {
        var page = new MarkdownPage(RepositoryPaths.Of("docs", "operations.md"));

        Assert.Contains(fault, page.FaultOf(link), StringComparison.Ordinal);
    }

    /// <summary>What a mail says to read is a page with a first action, and the page is one that the runbook lists.</summary>
    [Theory]
    [InlineData("dev")]
    [InlineData("prod")]
    public void Alert_OfEachInstallation_LeadsToItsPage(string parameters)
    {
        JsonElement[] alerts = [.. Bicep.Snapshot(parameters).Where(resource => resource.GetProperty("type").GetString()
            is "Microsoft.Insights/scheduledQueryRules" or "Microsoft.Insights/metricAlerts")];
        var index = new MarkdownPage(RepositoryPaths.Of("docs", "runbook", "README.md"));

        Assert.Equal(8, alerts.Length);
        Assert.All(alerts, alert =>
        {
            JsonElement properties = alert.GetProperty("properties");
            string link = RunbookOf(properties);
            Assert.StartsWith("docs/runbook/", link, StringComparison.Ordinal);
            Assert.EndsWith(link, properties.GetProperty("description").GetString(), StringComparison.Ordinal);
            Assert.Null(new MarkdownPage(RepositoryPaths.Of("README.md")).FaultOf(link));

            string page = link.Split('#')[0];
            Assert.Superset(
                new HashSet<string>(HeadingsOfAnAlert), new HashSet<string>(new MarkdownPage(RepositoryPaths.Of(page)).Anchors()));
            Assert.Contains(Path.GetFileName(page), index.Links());
            Assert.Contains($"| `{Path.GetFileNameWithoutExtension(page)}` |", index.Text, StringComparison.Ordinal);
        });
    }

    /// <summary>JSON has no comments: the reasons stand in a table.</summary>
    [Fact]
    public void HostJson_EachKey_HasARow()
    {
        string page = new MarkdownPage(RepositoryPaths.Of("docs", "deploy.md")).Text;
        string[] rows = [.. page[page.IndexOf("## host.json", StringComparison.Ordinal)..].Split('\n')
            .Where(line => line.StartsWith("| `", StringComparison.Ordinal))
            .Select(line => line.Split('|')[1])];
        var host = JsonElement.Parse(File.ReadAllBytes(RepositoryPaths.Of("host.json")));

        Assert.DoesNotContain(Leaves(host, ""), key => !rows.Any(row => row.Contains($"`{key}`", StringComparison.Ordinal)));
    }

    /// <summary>The template names containers and hub as the app does.</summary>
    [Fact]
    public void Hub_OfTheTemplate_IsHostJsons()
    {
        var host = JsonElement.Parse(File.ReadAllBytes(RepositoryPaths.Of("host.json")));
        string hub = host.GetProperty("extensions").GetProperty("durableTask").GetProperty("hubName").GetString()!;

        string template = File.ReadAllText(Path.Combine(Bicep.Folder, "main.bicep"));

        Assert.Contains($"param hub string = '{hub}'", template, StringComparison.Ordinal);
    }

    private static string RunbookOf(JsonElement alert) =>
        (alert.GetProperty("actions") is { ValueKind: JsonValueKind.Array } actions
            ? actions[0].GetProperty("webHookProperties")
            : alert.GetProperty("actions").GetProperty("customProperties")).GetProperty("runbook").GetString()!;

    private static IEnumerable<string> Leaves(JsonElement element, string path) => element.EnumerateObject().SelectMany(member =>
        member.Value.ValueKind == JsonValueKind.Object ? Leaves(member.Value, $"{path}{member.Name}.") : [$"{path}{member.Name}"]);
}
