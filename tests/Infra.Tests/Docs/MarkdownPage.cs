using System.Text.RegularExpressions;

namespace Chard.Infra.Tests.Docs;

/// <summary>A page of the repository's docs.</summary>
internal sealed partial class MarkdownPage(string path)
{
    private readonly string _text = File.ReadAllText(path);

    /// <summary>Its path from the repository's root.</summary>
    public string Name { get; } = Path.GetRelativePath(RepositoryPaths.Root, path).Replace('\\', '/');

    /// <summary>All of it.</summary>
    public string Text => _text;

    /// <summary>The pages that people read.</summary>
    public static IEnumerable<MarkdownPage> All() =>
        new[] { "README.md", "CHANGELOG.md", "CONTRIBUTING.md" }.Select(file => RepositoryPaths.Of(file))
            .Concat(Directory.EnumerateFiles(RepositoryPaths.Of("docs"), "*.md", SearchOption.AllDirectories))
            .Select(file => new MarkdownPage(file));

    /// <summary>Where its headings are linked to, as GitHub does it.</summary>
    public IReadOnlySet<string> Anchors() => new HashSet<string>(
        Heading().Matches(WithoutCode()).Select(heading => Other().Replace(
            heading.Groups["text"].Value.Trim().ToLowerInvariant(), "").Replace(' ', '-')));

    /// <summary>Its links to files of the repository, with the part behind #.</summary>
    public IEnumerable<string> Links() => Link().Matches(WithoutCode())
        .Select(link => link.Groups["target"].Value)
        .Where(target => !target.Contains("://", StringComparison.Ordinal));

    /// <summary>Its blocks of code in a language.</summary>
    public IEnumerable<string> Blocks(string language) =>
        Block().Matches(_text).Where(block => block.Groups["language"].Value == language).Select(block => block.Groups["code"].Value);

    /// <summary>What is wrong with a link from this page; null if it leads somewhere.</summary>
    public string? FaultOf(string link)
    {
        string[] parts = link.Split('#', 2);
        string target = parts[0].Length == 0 ? path : Path.GetFullPath(Path.Combine(Path.GetDirectoryName(path)!, parts[0]));
        if (!File.Exists(target) && !Directory.Exists(target))
        {
            return $"{Name}: {link} leads to no file.";
        }

        return parts.Length == 1 || new MarkdownPage(target).Anchors().Contains(parts[1]) ? null : $"{Name}: {link} leads to no heading.";
    }

    private string WithoutCode() => Block().Replace(_text, "");

    [GeneratedRegex(@"^#{1,6} (?<text>.+)$", RegexOptions.Multiline)]
    private static partial Regex Heading();

    [GeneratedRegex(@"[^\w\- ]")]
    private static partial Regex Other();

    [GeneratedRegex(@"\]\((?<target>[^)\s]+)\)")]
    private static partial Regex Link();

    [GeneratedRegex(@"^ *```(?<language>\w*)[^\n]*\n(?<code>.*?)^ *```", RegexOptions.Multiline | RegexOptions.Singleline)]
    private static partial Regex Block();
}
