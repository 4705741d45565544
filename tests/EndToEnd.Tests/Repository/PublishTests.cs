using System.Diagnostics;
using System.Text.Json;
using Chard.EndToEnd.Tests.Harness;
using Chard.LocalHost;
using Chard.LocalHost.Azurite;

namespace Chard.EndToEnd.Tests.Repository;

/// <summary>What <c>dotnet publish src/Functions -c Release</c> gives is the folder that Azure takes.</summary>
public sealed class PublishTests(PublishedApp app) : IClassFixture<PublishedApp>
{
    [Theory]
    [InlineData("host.json")]
    [InlineData("worker.config.json")]
    [InlineData("functions.metadata")]
    [InlineData("extensions.json")]
    [InlineData("Chard.Functions.dll")]
    [InlineData(".azurefunctions/Microsoft.Azure.WebJobs.Extensions.DurableTask.dll")]
    [InlineData(".azurefunctions/Microsoft.Azure.WebJobs.Extensions.Storage.Queues.dll")]
    public void Folder_Has(string file) => Assert.True(File.Exists(app.PathOf(file)), $"{file} is not in {app.Folder}.");

    [Fact]
    public void Folder_HasNoSettingsOfThisMachine() => Assert.False(File.Exists(app.PathOf("local.settings.json")));

    [Fact]
    public void HostJson_IsTheRepositorys() =>
        Assert.Equal(File.ReadAllText(RepositoryPaths.Of("host.json")), File.ReadAllText(app.PathOf("host.json")));

    [Fact]
    public void WorkerConfig_NamesTheApp()
    {
        JsonElement worker = app.Json("worker.config.json").GetProperty("description");

        Assert.Equal("dotnet-isolated", worker.GetProperty("language").GetString());
        Assert.Equal("Chard.Functions.dll", worker.GetProperty("defaultWorkerPath").GetString());
    }

    [Fact]
    public void Extensions_AreInTheHiddenFolder()
    {
        JsonElement[] extensions = [.. app.Json("extensions.json").GetProperty("extensions").EnumerateArray()];

        Assert.Superset(
            new HashSet<string?> { "AzureStorageQueues", "DurableTask" },
            new HashSet<string?>(extensions.Select(extension => extension.GetProperty("name").GetString())));
        Assert.All(extensions, extension => Assert.True(File.Exists(app.PathOf(extension.GetProperty("hintPath").GetString()!))));
    }

    [Fact]
    public async Task Folder_StartedByTheLocalHost_PassesTheSmokeTest()
    {
        string data = Directory.CreateTempSubdirectory("chard-smoke-").FullName;

        // The host lets a key pass, and the app knows by it whose role the caller has: both are told of it, as on Azure.
        const string Starter = "a-key-of-forty-characters-for-this-test-1";
        const string Reader = "a-key-of-forty-characters-for-this-test-2";
        await File.WriteAllTextAsync(Path.Combine(data, "keys.json"), JsonSerializer.Serialize(new
        {
            master = $"{Guid.NewGuid():n}",
            host = Starter,
            durable = $"{Guid.NewGuid():n}",
            functions = new { StartWorkflow = Reader },
        }));
        await using (AzuriteProcess azurite = await AzuriteProcess.StartAsync())
        await using (AppProcess running = AppProcess.Launch(
            ["exec", typeof(FunctionsHost).Assembly.Location, "--app", app.Folder, "--enableAuth"],
            data,
            azurite.ConnectionString,
            ("Chard__Access__Required", "true"),
            ("Chard__Access__StarterKey", Starter),
            ("Chard__Access__ReaderKey", Reader)))
        {
            await running.WaitUntilHealthyAsync();

            (int exitCode, string said) = await SmokeAsync(running.Client.BaseAddress!, Starter);
            (int asReader, string refusal) = await SmokeAsync(running.Client.BaseAddress!, Reader);

            Assert.True(exitCode == 0, $"{said}\n{running.Output}");
            Assert.Matches(@"^ok health\nok start smoke-[0-9-]+\nok workflow\nok metrics\nok\n$", said);
            Assert.Equal(1, asReader);
            Assert.Matches("FAILED start: .* answers 403", refusal);
            Assert.Equal(0, await running.TerminateAsync());
        }

        Directory.Delete(data, recursive: true);
    }

    [Fact]
    public void Functions_AreThoseOfTheBuildThatIsTested()
    {
        string built = Path.Combine(Path.GetDirectoryName(typeof(Chard.Functions.TaskFunctions).Assembly.Location)!, "functions.metadata");

        Assert.Equal(Names(JsonElement.Parse(File.ReadAllBytes(built))), Names(app.Json("functions.metadata")));

        static string?[] Names(JsonElement functions) => [.. functions.EnumerateArray()
            .Where(function => function.GetProperty("scriptFile").GetString() is "Chard.dll" or "Chard.Functions.dll")
            .Select(function => function.GetProperty("name").GetString()).Order(StringComparer.Ordinal)];
    }

    /// <summary>infra/smoke.sh, which people run after a deployment, against an address.</summary>
    private static async Task<(int ExitCode, string Said)> SmokeAsync(Uri address, string key)
    {
        var start = new ProcessStartInfo("bash", [RepositoryPaths.Of("infra", "smoke.sh"), $"{address}"])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            Environment = { ["CHARD_KEY"] = key },
        };
        using Process smoke = Process.Start(start)!;
        Task<string> output = smoke.StandardOutput.ReadToEndAsync();
        Task<string> errors = smoke.StandardError.ReadToEndAsync();
        using var deadline = new CancellationTokenSource(TimeSpan.FromMinutes(8));
        await smoke.WaitForExitAsync(deadline.Token);
        return (smoke.ExitCode, await output + await errors);
    }
}

/// <summary>The app, published once into a folder of its own.</summary>
public sealed class PublishedApp : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(10);

    /// <summary>Publishes as the README says.</summary>
    public PublishedApp()
    {
        var publish = new ProcessStartInfo("dotnet", ["publish", "src/Functions", "-c", "Release", "-o", Folder, "-nologo"])
        {
            WorkingDirectory = RepositoryPaths.Root,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            // No build server outlives the test.
            Environment = { ["MSBUILDDISABLENODEREUSE"] = "1", ["UseSharedCompilation"] = "false" },
        };
        using Process process = Process.Start(publish)!;
        Task<string> output = process.StandardOutput.ReadToEndAsync();
        Task<string> errors = process.StandardError.ReadToEndAsync();
        if (!process.WaitForExit(Patience))
        {
            process.Kill(entireProcessTree: true);
            throw new TimeoutException($"dotnet publish took longer than {Patience}.");
        }

        Assert.True(
            process.ExitCode == 0, $"dotnet publish ended with {process.ExitCode}:{Environment.NewLine}{output.Result}{errors.Result}");
    }

    /// <summary>Where it lies.</summary>
    public string Folder { get; } = Directory.CreateTempSubdirectory("chard-publish-").FullName;

    /// <summary>A file in it.</summary>
    public string PathOf(string file) => Path.Combine(Folder, file);

    /// <summary>A JSON file in it.</summary>
    public JsonElement Json(string file) => JsonElement.Parse(File.ReadAllBytes(PathOf(file)));

    /// <inheritdoc/>
    public void Dispose() => Directory.Delete(Folder, recursive: true);
}
