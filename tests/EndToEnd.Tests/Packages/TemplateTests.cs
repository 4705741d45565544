using System.Diagnostics;
using System.Net.Http.Json;
using System.Text.Json;
using Chard.EndToEnd.Tests.Harness;
using Chard.LocalHost.Azurite;

namespace Chard.EndToEnd.Tests.Packages;

/// <summary>What <c>dotnet new</c> makes, built of the packages alone.</summary>
[Collection(PackageCollection.Name)]
[Trait("Category", "Soak")]
public sealed class TemplateTests(PackedFeed feed, TeamApp app) : IClassFixture<TeamApp>
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(1);

    [Fact]
    public void App_IsBuiltOfTheLibraryThatIsTested() =>
        Assert.Equal(
            FileVersionInfo.GetVersionInfo(typeof(ChardExtensions).Assembly.Location).ProductVersion,
            FileVersionInfo.GetVersionInfo(Path.Combine(app.Output, "Chard.dll")).ProductVersion);

    /// <summary>The tests that came with the app, its tasks and its workflows. They install Azurite for themselves.</summary>
    [Fact]
    public void Tests_OfTheApp_Pass()
    {
        string output = app.Terminal.Run("dotnet", "test", "--no-build", "-c", PackedFeed.Configuration);

        Assert.Matches(@"Failed:\s+0, Passed:\s+17, Skipped:\s+0", output);
    }

    /// <summary>A task, a chain and a canvas of the app's own, by <c>dotnet run</c> and over HTTP.</summary>
    [Fact]
    public async Task App_RunsATaskAndAChain()
    {
        await using AzuriteProcess azurite = await AzuriteProcess.StartAsync();
        await using AppProcess running = AppProcess.Launch(
            ["run", "--project", app.Project, "--no-build", "-c", PackedFeed.Configuration, "--"],
            Path.Combine(app.Folder, ".localhost"), azurite.ConnectionString);
        await running.WaitUntilHealthyAsync();

        Assert.Equal("\"Hello, Ada\"", await ResultAsync(running, """{"task":"Greet","args":"Ada"}"""));
        Assert.Equal("\"a done, ended\"", await ResultAsync(running, """{"workflow":"Shipchain","args":{"id":"a"}}"""));
        Assert.Equal(
            "\"Hello, Hello, Bob\"",
            await ResultAsync(running, """{"canvas":{"chain":[{"task":"Greet","args":"Bob"},{"task":"Greet"}]}}"""));
    }

    /// <summary>What is left out is not there, and what is left is whole.</summary>
    [Fact]
    public void App_WithNothingMore_IsBuilt()
    {
        var terminal = new Terminal(Path.GetDirectoryName(app.Folder)!);
        terminal.Run("dotnet", "new", "chard-app", "-n", "my-jobs", "--sample", "false", "--tests", "false", "--infra", "false");
        string made = Path.Combine(terminal.Folder, "my-jobs");
        feed.Serve(made);
        terminal.Enter("my-jobs");
        terminal.Run("dotnet", "new", "chard-task", "-n", "Ping", "--app", "my-jobs", "--tests", "false");

        terminal.Run("dotnet", "build", "-c", PackedFeed.Configuration, "-warnaserror", "-warnNotAsError:NU1603");

        Assert.False(Directory.Exists(Path.Combine(made, "tests")));
        Assert.False(Directory.Exists(Path.Combine(made, "infra")));
        Assert.Contains("\"hubName\": \"myjobs\"", File.ReadAllText(Path.Combine(made, "src", "my-jobs", "host.json")), StringComparison.Ordinal);
        Assert.DoesNotContain("#if", File.ReadAllText(Path.Combine(made, "README.md")), StringComparison.Ordinal);
    }

    [Fact]
    public void Task_WithoutItsApp_IsRefused()
    {
        (int code, string output) = app.Terminal.TryRun("dotnet", "new", "chard-task", "-n", "Lost");

        Assert.NotEqual(0, code);
        Assert.Contains("--app", output, StringComparison.Ordinal);
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
