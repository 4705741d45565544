namespace Chard.EndToEnd.Tests.Repository;

/// <summary>Where things lie in the checkout that the tests were built from.</summary>
internal static class RepositoryPaths
{
    /// <summary>The folder that holds Functions.sln.</summary>
    public static string Root { get; } = FindRoot();

    /// <summary>A path under the root.</summary>
    public static string Of(params string[] parts) => Path.Combine([Root, .. parts]);

    /// <summary>The output folder of a project that was built together with this one: same configuration, same framework.</summary>
    public static string OutputOf(params string[] project)
    {
        var own = new DirectoryInfo(AppContext.BaseDirectory);
        return Of([.. project, "bin", own.Parent!.Name, own.Name]);
    }

    /// <summary>The C# files under a folder of the root, build output left out.</summary>
    public static IEnumerable<string> SourcesUnder(params string[] parts) =>
        Directory.EnumerateFiles(Of(parts), "*.cs", SearchOption.AllDirectories)
            .Where(file => !file.Contains($"{Path.DirectorySeparatorChar}obj{Path.DirectorySeparatorChar}", StringComparison.Ordinal)
                && !file.Contains($"{Path.DirectorySeparatorChar}bin{Path.DirectorySeparatorChar}", StringComparison.Ordinal));

    private static string FindRoot()
    {
        for (DirectoryInfo? folder = new(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (File.Exists(Path.Combine(folder.FullName, "Functions.sln")))
            {
                return folder.FullName;
            }
        }

        throw new InvalidOperationException($"No folder above {AppContext.BaseDirectory} holds Functions.sln.");
    }
}
