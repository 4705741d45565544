using System.Text.RegularExpressions;

namespace Chard.Functions.Tests.Docs;

/// <summary>Holds the C# that the docs show to what is compiled.</summary>
public sealed partial class SnippetTests
{
    /// <summary>Every page of docs/how-to, so that a new one cannot be forgotten here.</summary>
    public static TheoryData<string> Pages => ["coming-from.md", .. DocPages.HowTo];

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

    private static string Flat(string code) => Space().Replace(code, " ").Trim();

    [GeneratedRegex("^ *```csharp", RegexOptions.Multiline)]
    private static partial Regex Fence();

    [GeneratedRegex("^ *```csharp\n(?<code>.*?)\n *```$", RegexOptions.Multiline | RegexOptions.Singleline)]
    private static partial Regex Block();

    [GeneratedRegex(@"\s+")]
    private static partial Regex Space();
}
