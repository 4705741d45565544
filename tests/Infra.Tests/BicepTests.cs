using Chard.Infra.Tests.Tools;

namespace Chard.Infra.Tests;

/// <summary>What the compiler says of infra/bicep, with every rule of bicepconfig.json an error.</summary>
public sealed class BicepTests
{
    /// <summary>A parameter file is linted with its template, and a template with its modules.</summary>
    [BicepTheory]
    [InlineData("main.bicepparam")]
    [InlineData("dev.bicepparam")]
    [InlineData("prod.bicepparam")]
    public async Task Lint_OfEachInstallation_SaysNothing(string file)
    {
        ToolResult lint = await Bicep.RunAsync(Bicep.Folder, "lint", file);

        Assert.True(lint is { ExitCode: 0, Text: "" }, lint.Text);
    }

    /// <summary>The app of the template chard-app has these templates and parameters of its own, with neither imports nor mail.</summary>
    [BicepFact]
    public async Task Lint_OfANewAppsParameters_SaysNothing()
    {
        using TemplateCopy copy = Bicep.Copy();
        string parameters = await File.ReadAllTextAsync(RepositoryPaths.Of("templates", "chard-app", "infra", "bicep", "dev.bicepparam"));
        await File.WriteAllTextAsync(
            Path.Combine(copy.Folder, "dev.bicepparam"),
            parameters.Replace("chard-azure-name", "shop", StringComparison.Ordinal).Replace("ChardHub", "Shop", StringComparison.Ordinal));

        ToolResult lint = await Bicep.RunAsync(copy.Folder, "lint", "dev.bicepparam");
        ToolResult made = await Bicep.SnapshotAsync(copy.Folder, "dev", "overwrite");

        Assert.True(lint is { ExitCode: 0, Text: "" }, lint.Text);
        Assert.True(made.ExitCode == 0, made.Text);
        string resources = await File.ReadAllTextAsync(Path.Combine(copy.Folder, "dev.snapshot.json"));
        Assert.DoesNotContain("Imports need a database", resources, StringComparison.Ordinal);
        Assert.DoesNotContain("Chard__Mail", resources, StringComparison.Ordinal);
    }

    [Fact]
    public void Main_UsesEveryModule_SoThatAllAreLinted()
    {
        string main = File.ReadAllText(Path.Combine(Bicep.Folder, "main.bicep"));

        Assert.All(
            Directory.EnumerateFiles(Path.Combine(Bicep.Folder, "modules")),
            module => Assert.Contains($"'modules/{Path.GetFileName(module)}'", main, StringComparison.Ordinal));
    }

    [BicepTheory]
    [InlineData("use-recent-api-versions", "modules/storage.bicep", "storageAccounts@2026-06-01", "storageAccounts@2022-09-01")]
    [InlineData("no-unused-params", "modules/storage.bicep", "param name string", "param name string\nparam idle string")]
    [InlineData(
        "no-hardcoded-env-urls", "main.bicep", "privatelink.${service}.${environment().suffixes.storage}", "privatelink.core.windows.net")]
    public async Task Lint_OfASeededFault_IsAnError(string rule, string file, string text, string other)
    {
        using TemplateCopy copy = Bicep.Copy();
        copy.Replace(file, text, other);

        ToolResult lint = await Bicep.RunAsync(copy.Folder, "lint", file);

        Assert.NotEqual(0, lint.ExitCode);
        Assert.Contains($"Error {rule}", lint.Text, StringComparison.Ordinal);
    }

    [BicepTheory]
    [InlineData("dev")]
    [InlineData("prod")]
    public async Task Snapshot_OfEachSize_IsTheOneThatIsKept(string parameters)
    {
        string mode = Environment.GetEnvironmentVariable("CHARD_SNAPSHOTS") == "1" ? "overwrite" : "validate";

        ToolResult compared = await Bicep.SnapshotAsync(Bicep.Folder, parameters, mode);

        Assert.True(
            compared.ExitCode == 0,
            $"What {parameters}.bicepparam makes has changed. If that is meant, make the snapshot anew "
                + $"(infra/snapshots.sh) and look at its difference:\n{compared.Text}");
    }

    [BicepFact]
    public async Task Snapshot_OfAChangedTemplate_Differs()
    {
        using TemplateCopy copy = Bicep.Copy();
        copy.Replace("modules/storage.bicep", "allowSharedKeyAccess: false", "allowSharedKeyAccess: true");

        ToolResult compared = await Bicep.SnapshotAsync(copy.Folder, "dev");

        Assert.Equal(1, compared.ExitCode);
        Assert.Contains("allowSharedKeyAccess", compared.Text, StringComparison.Ordinal);
    }

    [BicepFact]
    public async Task Imports_WithoutADatabase_AreRefusedBeforeAnythingIsMade()
    {
        using TemplateCopy copy = Bicep.Copy();
        string path = Path.Combine(copy.Folder, "dev.bicepparam");
        string parameters = await File.ReadAllTextAsync(path);
        int from = parameters.IndexOf("param postgres", StringComparison.Ordinal);
        int to = parameters.IndexOf("param mail", from, StringComparison.Ordinal);
        await File.WriteAllTextAsync(path, parameters.Remove(from, to - from));

        ToolResult compared = await Bicep.SnapshotAsync(copy.Folder, "dev", "overwrite");

        string made = compared.Text + await File.ReadAllTextAsync(Path.Combine(copy.Folder, "dev.snapshot.json"));
        Assert.Contains("Imports need a database on Azure", made, StringComparison.Ordinal);
    }
}
