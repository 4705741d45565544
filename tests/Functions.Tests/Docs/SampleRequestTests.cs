using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace Chard.Functions.Tests.Docs;

/// <summary>
/// What a reader clicks in samples/ is what docs/how-to shows: request for request, in the page's order. <c>HttpApiPageTests</c> runs the
/// pages, and so runs these too.
/// </summary>
public sealed partial class SampleRequestTests
{
    public static TheoryData<string> Pages => [.. DocPages.HowTo];

    [Theory]
    [MemberData(nameof(Pages))]
    public void Requests_OfThePage_AreThoseOfItsSample(string page)
    {
        string[] shown = [.. Block().Matches(DocPages.Read(page)).Select(block => Plain(block.Groups["request"].Value))];
        if (shown.Length == 0)
        {
            return;
        }

        string file = DocPages.SampleOf(page);
        Assert.True(File.Exists(file), $"docs/{page} shows requests, and samples/{Path.GetFileName(file)} is not there.");
        string sample = File.ReadAllText(file).ReplaceLineEndings("\n");
        string[] parts = Separator().Split(sample);
        Assert.Contains($"docs/{page}", parts[0], StringComparison.Ordinal);
        Assert.Contains("@host = http://localhost:7071/api", parts[0], StringComparison.Ordinal);
        Assert.Equal(shown, parts[1..].Select(Plain));
    }

    /// <summary>A request without what does not matter: the host, the type that a JSON body has anyway, and white space.</summary>
    private static string Plain(string request)
    {
        string[] parts = request.Trim().Split("\n\n", 2);
        string head = string.Join(
            '\n', parts[0].Split('\n').Select(line => line.Trim()).Where(line => line != "Content-Type: application/json"));
        string body = parts.Length == 2 ? parts[1].Trim() : "";
        string plain = body.StartsWith('{') ? JsonNode.Parse(body)!.ToJsonString() : body;
        return $"{head.Replace("{{host}}", "/api", StringComparison.Ordinal)}\n\n{plain}";
    }

    [GeneratedRegex("^```http[^\n]*\n(?<request>.*?)\n```$", RegexOptions.Multiline | RegexOptions.Singleline)]
    private static partial Regex Block();

    /// <summary>A line of remarks, which parts one request from the next.</summary>
    [GeneratedRegex("^###[^\n]*\n", RegexOptions.Multiline)]
    private static partial Regex Separator();
}
