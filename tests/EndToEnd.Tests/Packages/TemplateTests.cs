using System.Diagnostics;

namespace Chard.EndToEnd.Tests.Packages;

/// <summary>What <c>dotnet new</c> makes, built of the packages alone.</summary>
[Collection(PackageCollection.Name)]
[Trait("Category", "Soak")]
public sealed class TemplateTests(PackedFeed feed, TeamApp app) : IClassFixture<TeamApp>
{
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
        string host = File.ReadAllText(Path.Combine(made, "src", "my-jobs", "host.json"));
        Assert.Contains("\"hubName\": \"myjobs\"", host, StringComparison.Ordinal);
        Assert.DoesNotContain("#if", File.ReadAllText(Path.Combine(made, "README.md")), StringComparison.Ordinal);
    }

    [Fact]
    public void Task_WithoutItsApp_IsRefused()
    {
        (int code, string output) = app.Terminal.TryRun("dotnet", "new", "chard-task", "-n", "Lost");

        Assert.NotEqual(0, code);
        Assert.Contains("--app", output, StringComparison.Ordinal);
    }
}
