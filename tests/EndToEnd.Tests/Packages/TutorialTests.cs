using System.Text.RegularExpressions;
using Chard.EndToEnd.Tests.Harness;
using Chard.EndToEnd.Tests.Readme;
using Chard.EndToEnd.Tests.Repository;
using Chard.LocalHost.Azurite;
using Xunit.Abstractions;

namespace Chard.EndToEnd.Tests.Packages;

/// <summary>Types the commands of docs/tutorial.md, writes its files, and sees what it shows.</summary>
[Collection(PackageCollection.Name)]
[Trait("Category", "Soak")]
public sealed partial class TutorialTests(PackedFeed feed, ITestOutputHelper output)
{
    private const string Address = "localhost:7071";
    private const string Prompt = "$ ";

    private static readonly TimeSpan BuildAndStart = TimeSpan.FromMinutes(4);
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(1);

    [Fact]
    public async Task Tutorial_StepByStep_ShowsWhatHappens()
    {
        await using AzuriteProcess azurite = await AzuriteProcess.StartAsync();
        await using var reader = new Reader(feed, azurite.ConnectionString, output);
        int steps = 0;
        foreach (ReadmeBlock block in ReadmeBlock.Of(RepositoryPaths.Of("docs", "tutorial.md")))
        {
            switch (block.Language)
            {
                case "console":
                    foreach ((string command, string[] shown) in CommandsOf(block))
                    {
                        await reader.TypeAsync(command, shown);
                        steps++;
                    }

                    break;
                case "csharp":
                    reader.Write(FileName().Matches(block.Before)[^1].Groups["file"].Value, string.Join('\n', block.Lines));
                    steps++;
                    break;
                default:
                    // Needs an account on Azure.
                    Assert.Equal("azurecli", block.Language);
                    break;
            }
        }

        Assert.InRange(steps, 25, 60);
    }

    private static IEnumerable<(string Command, string[] Shown)> CommandsOf(ReadmeBlock block)
    {
        int at = 0;
        while (at < block.Lines.Count)
        {
            Assert.StartsWith(Prompt, block.Lines[at], StringComparison.Ordinal);
            int end = at + 1;
            while (end < block.Lines.Count && !block.Lines[end].StartsWith(Prompt, StringComparison.Ordinal))
            {
                end++;
            }

            yield return (block.Lines[at][Prompt.Length..], [.. block.Lines.Take(end).Skip(at + 1)]);
            at = end;
        }
    }

    [GeneratedRegex("`(?<file>(src|tests)/[^`]+\\.cs)`")]
    private static partial Regex FileName();

    /// <summary>Who follows the tutorial, with storage and a port that are in nobody's way.</summary>
    private sealed class Reader(PackedFeed feed, string storage, ITestOutputHelper output) : IAsyncDisposable
    {
        private readonly Terminal _terminal = new(Directory.CreateDirectory(
            Path.Combine(Path.GetDirectoryName(feed.Folder)!, "tutorial")).FullName);

        private AppProcess? _app;

        public void Write(string file, string text)
        {
            string path = Path.Combine(_terminal.Folder, file);
            Directory.CreateDirectory(Path.GetDirectoryName(path)!);
            File.WriteAllText(path, text + "\n");
        }

        public async Task TypeAsync(string command, string[] shown)
        {
            output.WriteLine($"$ {command}");
            if (command.StartsWith("cd ", StringComparison.Ordinal))
            {
                _terminal.Enter(command[3..]);
            }
            else if (command.StartsWith("dotnet run ", StringComparison.Ordinal))
            {
                _app = AppProcess.Launch(
                    ["run", "--project", Path.Combine(_terminal.Folder, command.Split(' ')[^1]), "--"],
                    Path.Combine(_terminal.Folder, ".localhost"), storage);
                await _app.WaitUntilHealthyAsync(BuildAndStart);
                string address = _app.Client.BaseAddress!.Authority;
                string[] here = [.. shown.Select(line => line.Replace(Address, address, StringComparison.Ordinal))];
                await Eventually.TrueAsync(
                    $"{command} prints what is shown", () => Differs(here, _app.Output) is null, seen: () => _app.Output);
            }
            else
            {
                await EndAsync(command);
                string real = command
                    .Replace(Address, _app?.Client.BaseAddress!.Authority ?? Address, StringComparison.Ordinal)
                    .Replace("install Chard.Templates", $"install {feed.FileOf("Chard.Templates")}", StringComparison.Ordinal);
                string printed = await Eventually.SeenAsync(
                    $"{command} prints {string.Join('\n', shown)}",
                    () => Task.FromResult(_terminal.Run("bash", "-c", real)),
                    // What is asked of the app comes in its own time; what else is typed prints the same again.
                    seen => Differs(shown, seen) is null || !MayBeTypedAgain(command), Patience);
                output.WriteLine(printed);
                Assert.True(Differs(shown, printed) is null, $"{command} does not print '{Differs(shown, printed)}' but:\n{printed}");
                if (command.StartsWith("dotnet new chard-app ", StringComparison.Ordinal))
                {
                    feed.Serve(Path.Combine(_terminal.Folder, command.Split(' ')[^1]));
                }
            }
        }

        public async ValueTask DisposeAsync()
        {
            if (_app is not null)
            {
                await _app.DisposeAsync();
            }
        }

        private static bool MayBeTypedAgain(string command) =>
            command.StartsWith("curl ", StringComparison.Ordinal) && !command.Contains(" -d ", StringComparison.Ordinal);

        /// <summary>The first shown line that was not printed after those before it; null if all were.</summary>
        private static string? Differs(string[] shown, string printed)
        {
            string[] lines = printed.Split('\n');
            int at = 0;
            foreach (string line in shown)
            {
                var pattern = new Regex(string.Join(".*", line.Split('…').Select(Regex.Escape)));
                at = Array.FindIndex(lines, Math.Min(at, lines.Length), pattern.IsMatch) + 1;
                if (at == 0)
                {
                    return line;
                }
            }

            return null;
        }

        /// <summary>Ctrl-C, where what comes next is not for the running app.</summary>
        private async Task EndAsync(string command)
        {
            if (_app is not null && command.StartsWith("dotnet ", StringComparison.Ordinal))
            {
                Assert.Equal(0, await _app.TerminateAsync());
                await _app.DisposeAsync();
                _app = null;
            }
        }
    }
}
