using System.Diagnostics;
using System.IO.Compression;
using System.Net.Http.Json;
using System.Text.Json;
using System.Xml.Linq;
using Chard.EndToEnd.Tests.Harness;
using Chard.LocalHost.Azurite;

namespace Chard.EndToEnd.Tests.Packages;

/// <summary>The packages, as a team gets them that never sees this repository.</summary>
public sealed class PackageTests(PackagedApp app) : IClassFixture<PackagedApp>
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(1);

    [Theory]
    [InlineData("Chard.Domain", "lib/net10.0/Chard.Domain.dll", "lib/net10.0/Chard.Domain.xml")]
    [InlineData("Chard", "lib/net10.0/Chard.dll", "lib/net10.0/Chard.xml")]
    [InlineData("Chard.DurableTask.Sqlite", "lib/net10.0/Chard.DurableTask.Sqlite.dll", "lib/net10.0/Chard.DurableTask.Sqlite.xml")]
    [InlineData("Chard.LocalHost", "tools/net10.0/Chard.LocalHost.dll", "build/Chard.LocalHost.targets", "tools/azurite/package-lock.json")]
    [InlineData("Chard.Tool", "tools/net10.0/any/Chard.Tool.dll", "tools/net10.0/any/DotnetToolSettings.xml")]
    public void Package_HasItsFilesReadmeAndLicence(string id, params string[] files)
    {
        using ZipArchive package = ZipFile.OpenRead(Assert.Single(
            Directory.EnumerateFiles(app.Feed),
            file => Path.GetFileName(file) is var name
                && name.StartsWith(id + ".", StringComparison.Ordinal)
                && char.IsDigit(name[id.Length + 1])));

        Assert.Superset(new HashSet<string>([.. files, "PACKAGE.md"]), package.Entries.Select(e => e.FullName).ToHashSet());
        XElement about = XElement.Load(package.GetEntry($"{id}.nuspec")!.Open()).Elements().Single();
        string? Of(string name) => about.Elements().SingleOrDefault(e => e.Name.LocalName == name)?.Value;
        Assert.Equal(("MIT", "PACKAGE.md"), (Of("license"), Of("readme")));
        Assert.False(string.IsNullOrWhiteSpace(Of("description")));
        XElement source = about.Elements().Single(e => e.Name.LocalName == "repository");
        Assert.Matches("^[0-9a-f]{40}$", source.Attribute("commit")!.Value);
    }

    [Fact]
    public void App_IsBuiltOfTheLibraryThatIsTested() =>
        Assert.Equal(
            FileVersionInfo.GetVersionInfo(typeof(ChardExtensions).Assembly.Location).ProductVersion,
            FileVersionInfo.GetVersionInfo(Path.Combine(app.Output, "Chard.dll")).ProductVersion);

    /// <summary>A task and a chain of the app's own, by <c>dotnet run</c> and over HTTP.</summary>
    [Fact]
    public async Task App_RunsATaskAndAChain()
    {
        await using AzuriteProcess azurite = await AzuriteProcess.StartAsync();
        await using AppProcess running = AppProcess.Launch(
            ["run", "--project", app.Folder, "--no-build", "-c", PackagedApp.Configuration, "--"], app.Data, azurite.ConnectionString);
        await running.WaitUntilHealthyAsync();

        Assert.Equal("\"Hello, Ada\"", await ResultAsync(running, """{"task":"Greet","args":"Ada"}"""));
        Assert.Equal("\"Hello, Hello, Ada\"", await ResultAsync(running, """{"workflow":"GreetTwice","args":{"name":"Ada"}}"""));
        Assert.Equal(
            "\"Hello, Hello, Bob\"",
            await ResultAsync(running, """{"canvas":{"chain":[{"task":"Greet","args":"Bob"},{"task":"Greet"}]}}"""));
    }

    private static async Task<string> ResultAsync(AppProcess running, string start)
    {
        using var body = new StringContent(start, null, "application/json");
        using HttpResponseMessage started = await running.Client.PostAsync(new Uri("/api/workflows", UriKind.Relative), body);
        Assert.True(started.IsSuccessStatusCode, await started.Content.ReadAsStringAsync());
        string? id = (await started.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("id").GetString();
        string status = await Eventually.SeenAsync(
            $"{start} completes",
            () => running.Client.GetStringAsync(new Uri($"/api/workflows/{id}", UriKind.Relative)),
            seen => StatusOf(seen) switch
            {
                "completed" => true,
                "failed" => throw new InvalidOperationException($"{start} failed: {seen}"),
                _ => false,
            },
            Patience);
        Assert.Equal("completed", StatusOf(status));
        return await running.Client.GetStringAsync(new Uri($"/api/workflows/{id}/result", UriKind.Relative));
    }

    private static string? StatusOf(string document) => JsonElement.Parse(document).GetProperty("status").GetString();
}
