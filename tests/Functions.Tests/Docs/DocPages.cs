namespace Chard.Functions.Tests.Docs;

/// <summary>The pages of docs/ whose code and requests are run, and what belongs to each.</summary>
internal static class DocPages
{
    public static string Root { get; } = RootOf(AppContext.BaseDirectory);

    /// <summary>The pages of docs/how-to, all that there are, as paths from docs/.</summary>
    public static IReadOnlyList<string> HowTo { get; } =
        [.. Directory.EnumerateFiles(Path.Combine(Root, "docs", "how-to"), "*.md").Select(f => "how-to/" + Path.GetFileName(f)).Order()];

    /// <summary>Pages beside docs/how-to that show C#, as paths from docs/.</summary>
    public static IReadOnlyList<string> Others { get; } =
    [
        "../README.md", "upgrading.md", "local-host.md", "../src/Chard/PACKAGE.md", "../src/DurableTask.Sqlite/PACKAGE.md",
        "../src/Testing/PACKAGE.md",
    ];

    public static string Read(string page) => File.ReadAllText(PathOf("docs", page)).ReplaceLineEndings("\n");

    /// <summary>The requests of a page of docs/how-to, for an editor to send.</summary>
    public static string SampleOf(string page) => PathOf("samples", Path.ChangeExtension(Path.GetFileName(page), ".http"));

    /// <summary>Where the C# of a page is compiled: of <c>how-to/long-task.md</c> in <c>LongTask.cs</c>.</summary>
    public static string SourceOf(string page)
    {
        if (Others.Contains(page))
        {
            // It is of no Functions app, so that what it calls a function is none.
            return PathOf("tests", "EndToEnd.Tests", "Readme", "Snippets.cs");
        }

        string[] words = Path.GetFileNameWithoutExtension(page).Split('-');
        string name = string.Concat(words.Select(word => char.ToUpperInvariant(word[0]) + word[1..]));
        return PathOf("tests", "Functions.Tests", "Docs", page == "coming-from.md" ? "Snippets.cs" : name + ".cs");
    }

    private static string PathOf(params string[] parts) => Path.Combine([Root, .. parts]);

    private static string RootOf(string folder) =>
        File.Exists(Path.Combine(folder, "Functions.sln")) ? folder : RootOf(Path.GetDirectoryName(folder)!);
}
