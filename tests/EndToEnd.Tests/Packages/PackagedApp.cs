using System.Diagnostics;
using System.Xml.Linq;
using Chard.EndToEnd.Tests.Repository;

namespace Chard.EndToEnd.Tests.Packages;

/// <summary>
/// An app outside of the repository that knows Chard by its packages alone, from a folder that they were packed into. What other packages
/// it needs comes from the machine's own cache and sources.
/// </summary>
public sealed class PackagedApp : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(10);

    private static readonly string[] Projects =
    [
        "src/Domain/Chard.Domain.csproj", "src/Chard/Chard.csproj", "src/DurableTask.Sqlite/Chard.DurableTask.Sqlite.csproj",
        "src/LocalHost/Chard.LocalHost.csproj", "src/Tool/Chard.Tool.csproj",
    ];

    private readonly DirectoryInfo _root = Directory.CreateTempSubdirectory("chard-packages-");

    /// <summary>Packs the libraries as they were built with these tests, and builds the app from them.</summary>
    public PackagedApp()
    {
        foreach (string project in Projects)
        {
            Run(RepositoryPaths.Root, "pack", project, "--no-build", "-c", Configuration, "-o", Feed, "-nologo");
        }

        Directory.CreateDirectory(Folder);
        foreach (string file in Directory.EnumerateFiles(Path.Combine(AppContext.BaseDirectory, "Packages", "App")))
        {
            File.Copy(file, Path.Combine(Folder, Path.GetFileName(file)));
        }

        File.WriteAllText(Path.Combine(Folder, "Team.csproj"), Project());
        Run(Folder, "build", "-c", Configuration, "-nologo");
    }

    /// <summary>The packages.</summary>
    public string Feed => Path.Combine(_root.FullName, "feed");

    /// <summary>The app's project.</summary>
    public string Folder => Path.Combine(_root.FullName, "Team");

    /// <summary>What the app was built into.</summary>
    public string Output => Path.Combine(Folder, "bin", Configuration, "net10.0");

    /// <summary>A folder for its data.</summary>
    public string Data => Path.Combine(_root.FullName, "data");

    internal static string Configuration { get; } = new DirectoryInfo(AppContext.BaseDirectory).Parent!.Name;

    /// <inheritdoc/>
    public void Dispose() => _root.Delete(recursive: true);

    private string Project() => new XElement(
        "Project",
        new XAttribute("Sdk", "Microsoft.NET.Sdk"),
        new XElement(
            "PropertyGroup",
            new XElement("TargetFramework", "net10.0"),
            new XElement("OutputType", "Exe"),
            new XElement("AzureFunctionsVersion", "v4"),
            new XElement("Nullable", "enable"),
            new XElement("ImplicitUsings", "enable"),
            new XElement("RestoreAdditionalProjectSources", Feed),
            new XElement("RestorePackagesPath", Path.Combine(_root.FullName, "packages")),
            new XElement("RestoreFallbackFolders", "$(NuGetPackageRoot)")),
        new XElement(
            "ItemGroup",
            Package("Chard", "*-*"),
            Package("Chard.LocalHost", "*-*"),
            Package("Microsoft.Azure.Functions.Worker.Sdk", VersionOf("Microsoft.Azure.Functions.Worker.Sdk"))),
        new XElement(
            "ItemGroup",
            new XElement("None", new XAttribute("Update", "host.json"), new XAttribute("CopyToOutputDirectory", "PreserveNewest"))))
        .ToString();

    private static XElement Package(string id, string version) =>
        new("PackageReference", new XAttribute("Include", id), new XAttribute("Version", version));

    /// <summary>The version that the repository has of a package.</summary>
    private static string VersionOf(string id) =>
        XDocument.Load(RepositoryPaths.Of("Directory.Packages.props")).Descendants("PackageVersion")
            .Single(p => p.Attribute("Include")!.Value == id).Attribute("Version")!.Value;

    private static void Run(string folder, params string[] command)
    {
        var start = new ProcessStartInfo("dotnet", command)
        {
            WorkingDirectory = folder,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            // No build server outlives the test.
            Environment = { ["MSBUILDDISABLENODEREUSE"] = "1", ["UseSharedCompilation"] = "false" },
        };
        using Process process = Process.Start(start)!;
        Task<string> output = process.StandardOutput.ReadToEndAsync();
        Task<string> errors = process.StandardError.ReadToEndAsync();
        if (!process.WaitForExit(Patience))
        {
            process.Kill(entireProcessTree: true);
            throw new TimeoutException($"dotnet {command[0]} took longer than {Patience}.");
        }

        Assert.True(
            process.ExitCode == 0,
            $"dotnet {string.Join(' ', command)} ended with {process.ExitCode}:{Environment.NewLine}{output.Result}{errors.Result}");
    }
}
