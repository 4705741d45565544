using System.Text.Json;
using Chard.EndToEnd.Tests.Dashboard;
using Chard.Testing;
using Chard.Tool;

namespace Chard.EndToEnd.Tests.Tool;

/// <summary>An app of this process, and the tool that speaks to it.</summary>
public sealed class ToolHost : IAsyncLifetime
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("chard-tool-");

    public FunctionsTestHost App { get; private set; } = null!;

    public async Task InitializeAsync() => App = await DashboardHost.StartAsync(
        settings => settings["Chard:Imports:Folder"] = _folder.FullName);

    public async Task DisposeAsync()
    {
        await App.DisposeAsync();
        _folder.Delete(recursive: true);
    }

    /// <summary>Runs a command line against the app.</summary>
    internal Task<ToolRun> RunAsync(params string[] args) => RunAsync(args, CancellationToken.None);

    /// <inheritdoc cref="RunAsync(string[])"/>
    internal Task<ToolRun> RunAsync(string[] args, CancellationToken interrupted, string input = "") =>
        ToolRun.OfAsync(args, name => name == "CHARD_URL" ? App.Http.BaseAddress!.ToString() : null, input, interrupted);

    /// <summary>A file for a command to read.</summary>
    public string File(string name, string content)
    {
        string path = Path.Combine(_folder.FullName, Guid.NewGuid().ToString("N") + name);
        System.IO.File.WriteAllText(path, content);
        return path;
    }

    /// <summary>What the API answers.</summary>
    public async Task<JsonElement> GetAsync(string path) => JsonElement.Parse(
        await App.Http.GetStringAsync(new Uri("/api/" + path, UriKind.Relative)));

    /// <summary>Waits until a workflow has a status.</summary>
    public Task<JsonElement> UntilAsync(string id, string status) => Eventually.SeenAsync(
        $"{id} is {status}", () => GetAsync($"workflows/{id}"), found => found.GetProperty("status").GetString() == status);
}

/// <summary>Tests that share the app.</summary>
[CollectionDefinition(Name)]
public sealed class ToolCollection : ICollectionFixture<ToolHost>
{
    public const string Name = "Tool";
}

/// <summary>What a command line did.</summary>
/// <param name="Code">The exit code.</param>
/// <param name="Output">The standard output.</param>
/// <param name="Error">The standard error.</param>
internal sealed record ToolRun(int Code, string Output, string Error)
{
    /// <summary>The output as the one JSON document that it is.</summary>
    public JsonElement Json => JsonElement.Parse(Output);

    /// <summary>Runs one.</summary>
    public static async Task<ToolRun> OfAsync(
        string[] args, Func<string, string?> environment, string input = "", CancellationToken interrupted = default)
    {
        var output = new StringWriter();
        var error = new StringWriter();
        int code = await ToolApp.RunAsync(args, output, error, interrupted, new StringReader(input), environment);
        return new ToolRun(code, output.ToString(), error.ToString());
    }

    /// <summary>Holds the exit code, and tells what was said if it is another.</summary>
    public ToolRun Ended(int code)
    {
        Assert.True(code == Code, $"It ended with {Code}:\n{Output}\n{Error}");
        Assert.DoesNotContain('\e', Output + Error);
        return this;
    }
}
