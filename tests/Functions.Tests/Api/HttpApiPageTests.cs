using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;
using Chard.Functions.Tests.Docs;

namespace Chard.Functions.Tests.Api;

/// <summary>Runs the examples of the pages in their order and compares the answers' members.</summary>
[Collection(ApiTests.Name)]
public sealed partial class HttpApiPageTests(ApiHost api)
{
    /// <summary>Pages, and how many blocks each has at least: every page of docs/how-to that shows a request.</summary>
    public static TheoryData<string, int> Pages
    {
        get
        {
            var pages = new TheoryData<string, int> { { "http-api.md", 25 }, { "coming-from.md", 10 } };
            foreach (string page in DocPages.HowTo.Where(page => Block().IsMatch(DocPages.Read(page))))
            {
                pages.Add(page, 1);
            }

            return pages;
        }
    }

    [Theory]
    [MemberData(nameof(Pages))]
    public async Task Examples_Run_AndAnswerAsShown(string page, int least)
    {
        MatchCollection blocks = Block().Matches(DocPages.Read(page));
        Assert.InRange(blocks.Count, least, 100);
        string request = "";
        Answer? answer = null;
        foreach (Match block in blocks)
        {
            string text = block.Groups["text"].Value;
            if (block.Groups["kind"].Value == "http")
            {
                request = text.Split('\n')[0];
                answer = block.Groups["rest"].Value.StartsWith(" until ", StringComparison.Ordinal)
                    ? await api.UntilAsync(request.Split('/', '?')[3], block.Groups["rest"].Value[" until ".Length..])
                    : await SendAsync(text);
                continue;
            }

            Assert.NotNull(answer);
            Assert.True(
                block.Groups["rest"].Value.Trim() == $"{(int)answer.Status}", $"{request} answered {(int)answer.Status}: {answer.Body}");
            Compare(JsonElement.Parse(text), answer.Json, request);
        }
    }

    [Fact]
    public async Task Problems_OfThePage_AreThoseOfTheCode()
    {
        string page = await File.ReadAllTextAsync(Path.Combine(DocPages.Root, "docs", "http-api.md"));
        foreach (string type in new[] { "Chard", "Functions" }
            .Select(project => Path.Combine(DocPages.Root, "src", project))
            .SelectMany(folder => Directory.EnumerateFiles(folder, "*.cs", SearchOption.AllDirectories))
            .Where(f => !f.Contains($"{Path.DirectorySeparatorChar}obj{Path.DirectorySeparatorChar}", StringComparison.Ordinal))
            .SelectMany(f => ProblemType().Matches(File.ReadAllText(f)).Select(m => m.Groups["type"].Value)))
        {
            Assert.True(page.Contains($"`{type}`", StringComparison.Ordinal), $"docs/http-api.md does not list problem '{type}'.");
        }
    }

    /// <summary>Same members, same kinds; and the same value where the page does not stand for what differs from run to run.</summary>
    private static void Compare(JsonElement shown, JsonElement real, string where)
    {
        if (shown.ValueKind == JsonValueKind.Object && real.ValueKind == JsonValueKind.Object)
        {
            Assert.Equal(
                (where, string.Join(",", shown.EnumerateObject().Select(p => p.Name).Order(StringComparer.Ordinal))),
                (where, string.Join(",", real.EnumerateObject().Select(p => p.Name).Except(["traceId"]).Order(StringComparer.Ordinal))));
            foreach (JsonProperty member in shown.EnumerateObject())
            {
                Compare(member.Value, real.GetProperty(member.Name), $"{where} {member.Name}");
            }
        }
        else if (shown.ValueKind == JsonValueKind.Array && real.ValueKind == JsonValueKind.Array)
        {
            Assert.Equal((where, shown.GetArrayLength() > 0), (where, real.GetArrayLength() > 0));
            foreach ((JsonElement one, JsonElement other) in shown.EnumerateArray().Zip(real.EnumerateArray()))
            {
                Compare(one, other, where + "[]");
            }
        }
        else if (shown.ValueKind != JsonValueKind.String || !IsVarying(shown.GetString()!))
        {
            Assert.Equal((where, shown.GetRawText()), (where, real.GetRawText()));
        }
        else
        {
            Assert.Equal((where, JsonValueKind.String), (where, real.ValueKind));
        }
    }

    private static bool IsVarying(string text) =>
        text.Contains('…', StringComparison.Ordinal) || text.StartsWith("key-", StringComparison.Ordinal)
            || DateTimeOffset.TryParse(text, out _);

    private Task<Answer> SendAsync(string text)
    {
        string[] parts = text.Split("\n\n", 2);
        string[] head = parts[0].Trim().Split('\n');
        string[] line = head[0].Split(' ', 2);
        (string, string)[] headers = [.. head.Skip(1).Select(h => h.Split(": ", 2)).Select(h => (h[0], h[1]))];
        return api.SendAsync(new HttpMethod(line[0]), line[1], parts.Length == 2 ? Encoding.UTF8.GetBytes(parts[1].Trim()) : null, headers);
    }

    [GeneratedRegex(@"^```(?<kind>http|json)(?<rest>[^\n]*)\n(?<text>.*?)\n```$", RegexOptions.Multiline | RegexOptions.Singleline)]
    private static partial Regex Block();

    [GeneratedRegex(@"StatusCodes\.Status\d+\w+,\s*""(?<type>[a-z-]+)""")]
    private static partial Regex ProblemType();
}
