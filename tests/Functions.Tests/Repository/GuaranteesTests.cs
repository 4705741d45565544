using System.Text.RegularExpressions;

namespace Chard.Functions.Tests.Repository;

/// <summary>Every promise of docs/guarantees.md names tests that there are.</summary>
public sealed partial class GuaranteesTests
{
    [Fact]
    public async Task Promises_NameTestsThatExist()
    {
        string root = AppContext.BaseDirectory;
        while (!File.Exists(Path.Combine(root, "Functions.sln")))
        {
            root = Path.GetDirectoryName(root.TrimEnd(Path.DirectorySeparatorChar))!;
        }

        string page = await File.ReadAllTextAsync(Path.Combine(root, "docs", "guarantees.md"));
        Dictionary<string, string> sources = Directory.EnumerateFiles(Path.Combine(root, "tests"), "*.cs", SearchOption.AllDirectories)
            .GroupBy(f => Path.GetFileName(f).Split('.')[0]).ToDictionary(g => g.Key, g => string.Concat(g.Select(File.ReadAllText)));
        Match[] named = [.. TestName().Matches(page).Cast<Match>()];

        Assert.NotEmpty(named);
        Assert.All(named, n => Assert.True(
            sources.TryGetValue(n.Groups["class"].Value, out string? source) && IsTest(source, n.Groups["method"].Value),
            $"docs/guarantees.md names {n.Value}, which is no test."));
        foreach (string row in page.Split('\n').Where(l => l.StartsWith("| ", StringComparison.Ordinal)
            && !l.StartsWith("| promise", StringComparison.Ordinal) && !l.StartsWith("| ---", StringComparison.Ordinal)))
        {
            Assert.True(TestName().IsMatch(row), $"No test holds: {row}");
        }
    }

    /// <summary>
    /// True of a method with an attribute of xunit's, and of the facts of a contract that its theory calls by their names.
    /// </summary>
    private static bool IsTest(string source, string method)
    {
        int at = source.IndexOf($" {method}(", StringComparison.Ordinal);
        if (at < 0)
        {
            return false;
        }

        string head = source[Math.Max(source.LastIndexOf("\n\n", at, StringComparison.Ordinal), 0)..at];
        return TestAttribute().IsMatch(head) || head.Contains("private protected", StringComparison.Ordinal);
    }

    [GeneratedRegex(@"\[\w*(Fact|Theory|Property)\b")]
    private static partial Regex TestAttribute();

    [GeneratedRegex("`(?<class>[A-Z][A-Za-z0-9]*(?:Tests|Contract|Properties))\\.(?<method>[A-Za-z0-9_]+)`")]
    private static partial Regex TestName();
}
