namespace Chard.EndToEnd.Tests.Readme;

/// <summary>A fenced block of a Markdown file.</summary>
/// <param name="Language">What stands behind the fence; empty for a command.</param>
/// <param name="Lines">What is in it.</param>
/// <param name="Before">The text between the block before and this one.</param>
internal sealed record ReadmeBlock(string Language, IReadOnlyList<string> Lines, string Before = "")
{
    private const string Fence = "```";

    /// <summary>The blocks of a file, in order.</summary>
    public static IReadOnlyList<ReadmeBlock> Of(string file)
    {
        var blocks = new List<ReadmeBlock>();
        List<string>? open = null;
        var before = new List<string>();
        string language = "";
        foreach (string line in File.ReadLines(file))
        {
            if (!line.StartsWith(Fence, StringComparison.Ordinal))
            {
                (open ?? before).Add(line);
            }
            else if (open is null)
            {
                language = line[Fence.Length..].Trim();
                open = [];
            }
            else
            {
                blocks.Add(new ReadmeBlock(language, open, string.Join('\n', before)));
                open = null;
                before.Clear();
            }
        }

        return blocks;
    }

    /// <summary>The commands in it that begin with a program's name.</summary>
    public IEnumerable<string> CommandsOf(string program) =>
        Language is "" or "sh" or "bash" ? Lines.Where(line => line.StartsWith(program + " ", StringComparison.Ordinal)) : [];
}
