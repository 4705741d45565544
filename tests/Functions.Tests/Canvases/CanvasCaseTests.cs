using System.Text.Json;

namespace Chard.Functions.Tests.Canvases;

/// <summary>The table of cases in docs/canvas.md, line by line.</summary>
public sealed class CanvasCaseTests(CanvasHost host) : IClassFixture<CanvasHost>
{
    public static TheoryData<string, string, string, string> Cases()
    {
        var data = new TheoryData<string, string, string, string>();
        IEnumerable<string[]> rows = File.ReadLines(Path.Combine(Root(), "docs", "canvas.md"))
            .SkipWhile(l => l != "## Cases")
            .Where(l => l.StartsWith('|'))
            .Skip(2)
            .Select(l => (string[])[.. l.Trim('|').Split('|').Select(c => c.Trim().Trim('`'))]);
        foreach (string[] row in rows)
        {
            data.Add(row[0], row[1], row[2], row[3]);
        }

        return data;
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public async Task Canvas_OfTheDocument_GivesWhatItSays(string name, string canvas, string args, string result)
    {
        string actual = await host.RunAsync(canvas, args.Length == 0 ? null : args);

        Assert.True(Same(result, actual), $"{name}: {result} was to be, and it is {actual}");
    }

    private static bool Same(string expected, string actual) =>
        expected.StartsWith('!') || actual.StartsWith('!')
            ? expected == actual
            : JsonElement.DeepEquals(JsonElement.Parse(expected), JsonElement.Parse(actual));

    private static string Root()
    {
        string folder = AppContext.BaseDirectory;
        while (!File.Exists(Path.Combine(folder, "Functions.sln")))
        {
            folder = Path.GetDirectoryName(folder) ?? throw new DirectoryNotFoundException("Functions.sln is not above the tests.");
        }

        return folder;
    }
}
