using System.Text.RegularExpressions;

namespace Chard.Functions.Tests.Docs;

/// <summary>Holds the C# that the docs show to what is compiled.</summary>
public sealed partial class SnippetTests
{
    /// <summary>The tutorial has a test of its own, which runs it.</summary>
    [Fact]
    public void Pages_ThatShowCSharp_AreAllHere() => Assert.Equal(
        Directory.EnumerateFiles(Path.Combine(DocPages.Root, "docs"), "*.md", SearchOption.AllDirectories)
            .Where(file => Fence().IsMatch(File.ReadAllText(file)))
            .Select(file => Path.GetRelativePath(Path.Combine(DocPages.Root, "docs"), file).Replace('\\', '/'))
            .Where(page => page != "tutorial.md")
            .Order(StringComparer.Ordinal),
        AllPages().Where(page => !page.StartsWith("..", StringComparison.Ordinal))
            .Where(page => Fence().IsMatch(DocPages.Read(page)))
            .Order(StringComparer.Ordinal));

    /// <summary>Every page of docs/how-to, so that a new one cannot be forgotten here, and the others that show C#.</summary>
    public static TheoryData<string> Pages => [.. AllPages()];

    [Theory]
    [MemberData(nameof(Pages))]
    public void Code_OfThePage_IsCompiledHere(string page)
    {
        string text = DocPages.Read(page);
        string[] shown = [.. Block().Matches(text).Select(block => block.Groups["code"].Value)];
        Assert.Equal(Fence().Count(text), shown.Length);
        if (shown.Length == 0)
        {
            return;
        }

        string source = DocPages.SourceOf(page);
        Assert.True(File.Exists(source), $"docs/{page} shows C#, and {Path.GetFileName(source)}, which is to compile it, is not there.");
        string compiled = Flat(File.ReadAllText(source));
        Assert.All(shown, code => Assert.Contains(Flat(code), compiled, StringComparison.Ordinal));
    }

    private static IEnumerable<string> AllPages() => ["coming-from.md", .. DocPages.Others, .. DocPages.HowTo];

    private static string Flat(string code) => Space().Replace(code, "");

    [GeneratedRegex("^ *```csharp", RegexOptions.Multiline)]
    private static partial Regex Fence();

    [GeneratedRegex("^ *```csharp\n(?<code>.*?)\n *```$", RegexOptions.Multiline | RegexOptions.Singleline)]
    private static partial Regex Block();

    [GeneratedRegex(@"\s+")]
    private static partial Regex Space();
}
