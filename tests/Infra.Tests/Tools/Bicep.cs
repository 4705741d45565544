using System.Reflection;
using System.Text.Json;

namespace Chard.Infra.Tests.Tools;

/// <summary>The Bicep compiler, and the templates of infra/bicep as it makes them.</summary>
internal static class Bicep
{
    private static readonly string? Program = typeof(Bicep).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>()
        .SingleOrDefault(metadata => metadata.Key == "BicepCompiler")?.Value;

    /// <summary>Why tests that need it are skipped; null where it is to be had.</summary>
    public static string? Missing { get; } = Program is not null ? null : "The package with the Bicep compiler is for Linux on x64 alone.";

    /// <summary>Where the templates lie.</summary>
    public static string Folder { get; } = RepositoryPaths.Of("infra", "bicep");

    private static Lazy<Task<JsonElement>> Compiled { get; } = new(() => BuildAsync(Folder));

    /// <summary>What parameter files ask the environment for. Snapshots are made with these.</summary>
    public static IReadOnlyDictionary<string, string> Environment { get; } = new Dictionary<string, string>
    {
        ["AZURE_ENV_NAME"] = "chard-try",
        ["CHARD_ALERT_EMAILS"] = "ops@example.com",
        ["CHARD_BUDGET_START"] = "2026-12-01",
        ["CHARD_ENTRA_CLIENT_ID"] = "00000000-0000-0000-0000-0000000000e1",
        ["CHARD_OPERATOR_KEY"] = "a-key-for-tests-that-opens-nothing",
        ["CHARD_SMTP_HOST"] = "smtp.example.com",
        ["CHARD_SMTP_PASSWORD"] = "a-password-for-tests",
        ["CHARD_SMTP_USER"] = "chard",
    };

    /// <summary>main.bicep as the ARM template that Azure gets.</summary>
    public static Task<JsonElement> MainAsync() => Compiled.Value;

    /// <summary>The committed snapshot of a parameter file: every resource that it makes, with its values.</summary>
    public static JsonElement[] Snapshot(string parameters)
    {
        var snapshot = JsonElement.Parse(File.ReadAllBytes(Path.Combine(Folder, $"{parameters}.snapshot.json")));
        return [.. snapshot.GetProperty("predictedResources").EnumerateArray()];
    }

    /// <summary>Runs the compiler in a folder.</summary>
    public static Task<ToolResult> RunAsync(string folder, params string[] arguments) =>
        Tool.RunAsync(Program!, arguments, folder, environment: Environment);

    /// <summary>Compares what a parameter file makes with its snapshot, or writes that: exit code 1 if they differ.</summary>
    public static Task<ToolResult> SnapshotAsync(string folder, string parameters, string mode = "validate") => RunAsync(
        folder, "snapshot", $"{parameters}.bicepparam", "--mode", mode, "--location", "westeurope", "--resource-group", "chard",
        "--tenant-id", "00000000-0000-0000-0000-00000000000a", "--subscription-id", "00000000-0000-0000-0000-00000000000b");

    /// <summary>Compiles main.bicep of a folder.</summary>
    public static async Task<JsonElement> BuildAsync(string folder)
    {
        ToolResult built = await RunAsync(folder, "build", "main.bicep", "--stdout");
        Assert.True(built.ExitCode == 0, built.Text);
        return JsonElement.Parse(built.Output);
    }

    /// <summary>A copy of the templates to break something in; deleted with the result.</summary>
    public static TemplateCopy Copy() => new(Folder);
}

/// <summary>A test that needs the Bicep compiler.</summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class BicepFactAttribute : FactAttribute
{
    public BicepFactAttribute() => Skip = Bicep.Missing;
}

/// <inheritdoc cref="BicepFactAttribute"/>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class BicepTheoryAttribute : TheoryAttribute
{
    public BicepTheoryAttribute() => Skip = Bicep.Missing;
}
