using System.Text.RegularExpressions;

namespace Chard.Functions.Tests.Docs;

/// <summary>Holds the C# that the docs show to what is compiled.</summary>
public sealed partial class SnippetTests
{
    [Theory]
    [InlineData("coming-from.md", 2)]
    public void Code_OfThePage_IsCompiledHere(string page, int blocks)
    {
        string root = Root();
        string compiled = Flat(File.ReadAllText(Path.Combine(root, "tests", "Functions.Tests", "Docs", "Snippets.cs")));
        MatchCollection shown = Block().Matches(File.ReadAllText(Path.Combine(root, "docs", page)).ReplaceLineEndings("\n"));

        Assert.Equal(blocks, shown.Count);
        Assert.All(shown, block => Assert.Contains(Flat(block.Groups[1].Value), compiled, StringComparison.Ordinal));
    }

    private static string Flat(string code) => Space().Replace(code, " ").Trim();

    private static string Root()
    {
        string folder = AppContext.BaseDirectory;
        while (!File.Exists(Path.Combine(folder, "Functions.sln")))
        {
            folder = Path.GetDirectoryName(folder.TrimEnd(Path.DirectorySeparatorChar))!;
        }

        return folder;
    }

    [GeneratedRegex("^```csharp\n(.*?)\n```$", RegexOptions.Multiline | RegexOptions.Singleline)]
    private static partial Regex Block();

    [GeneratedRegex(@"\s+")]
    private static partial Regex Space();
}
