using Chard.EndToEnd.Tests.Repository;

namespace Chard.EndToEnd.Tests.Packages;

/// <summary>
/// All packages in a folder, packed as they were built with these tests, for apps outside of the repository that know Chard by them alone.
/// What other packages these need comes from the machine's own cache and sources.
/// </summary>
public sealed class PackedFeed : IDisposable
{
    private static readonly string[] Projects =
    [
        "src/Domain/Chard.Domain.csproj", "src/Chard/Chard.csproj", "src/DurableTask.Sqlite/Chard.DurableTask.Sqlite.csproj",
        "src/LocalHost/Chard.LocalHost.csproj", "src/Testing/Chard.Testing.csproj", "src/Tool/Chard.Tool.csproj",
        "templates/Chard.Templates.csproj",
    ];

    private readonly DirectoryInfo _root = Directory.CreateTempSubdirectory("chard-packages-");

    /// <summary>Packs them.</summary>
    public PackedFeed()
    {
        Terminal = new(_root.FullName);
        foreach (string project in Projects)
        {
            Terminal.Run("dotnet", "pack", RepositoryPaths.Of(project), "--no-build", "-c", Configuration, "-o", Folder, "-nologo");
        }
    }

    /// <summary>The packages.</summary>
    public string Folder => Path.Combine(_root.FullName, "feed");

    /// <summary>A terminal in a folder beside the packages.</summary>
    internal Terminal Terminal { get; }

    internal static string Configuration { get; } = new DirectoryInfo(AppContext.BaseDirectory).Parent!.Name;

    /// <summary>The file of a package.</summary>
    public string FileOf(string id) => Assert.Single(
        Directory.EnumerateFiles(Folder),
        file => Path.GetFileName(file) is var name
            && name.StartsWith(id + ".", StringComparison.Ordinal)
            && char.IsDigit(name[id.Length + 1]));

    /// <summary>Has a new app take its packages from here, without a word about it in what the template made.</summary>
    public void Serve(string app) => File.WriteAllText(
        Path.Combine(app, "Directory.Build.targets"),
        $"""
        <Project>
          <PropertyGroup Condition="'$(MSBuildProjectName)' != 'WorkerExtensions'">
            <RestoreAdditionalProjectSources>{Folder}</RestoreAdditionalProjectSources>
            <RestorePackagesPath>{Path.Combine(_root.FullName, "packages")}</RestorePackagesPath>
            <RestoreFallbackFolders>$(NuGetPackageRoot)</RestoreFallbackFolders>
          </PropertyGroup>
        </Project>
        """);

    /// <inheritdoc/>
    public void Dispose() => _root.Delete(recursive: true);
}

/// <summary>One feed for all tests of packages.</summary>
[CollectionDefinition(Name)]
public sealed class PackageCollection : ICollectionFixture<PackedFeed>
{
    /// <summary>The collection's name.</summary>
    public const string Name = "Packages";
}
