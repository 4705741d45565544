using System.Diagnostics;
using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;
using Chard.EndToEnd.Tests.Harness;
using Chard.EndToEnd.Tests.Repository;
using Chard.LocalHost.Azurite;
using Xunit.Abstractions;

namespace Chard.EndToEnd.Tests.Readme;

/// <summary>Does what the README tells a stranger to do, and sees what the README shows.</summary>
[Trait("Category", "Soak")]
public sealed partial class ReadmeTests(ITestOutputHelper output)
{
    private const string Address = "localhost:7071";


    private static readonly TimeSpan BuildAndStart = TimeSpan.FromMinutes(4);

    [Fact]
    public async Task Commands_RunAsTheyStand_AnswerWhatIsShown()
    {
        IReadOnlyList<ReadmeBlock> blocks = ReadmeBlock.Of(RepositoryPaths.Of("README.md"));
        string run = Assert.Single(
            blocks.SelectMany(static block => block.CommandsOf("dotnet")),
            static c => c.StartsWith("dotnet run ", StringComparison.Ordinal));
        string folder = Directory.CreateTempSubdirectory("chard-readme-").FullName;

        // Storage, port and folder of its own, so that it is in nobody's way; the rest as a stranger does it.
        await using (AzuriteProcess azurite = await AzuriteProcess.StartAsync())
        await using (AppProcess app = AppProcess.Launch([.. run.Split(' ')[1..], "--"], folder, azurite.ConnectionString))
        {
            await app.WaitUntilHealthyAsync(BuildAndStart);
            Assert.Contains($"http://{app.Client.BaseAddress!.Authority}/api/imports", app.Output, StringComparison.Ordinal);
            string page = $"http://{app.Client.BaseAddress.Authority}/api/dashboard";
            await Eventually.TrueAsync("the page is told", () => app.Output.Contains($"In a browser: {page}", StringComparison.Ordinal));
            Assert.Contains("<base href=\"/api/dashboard/\">", await app.Client.GetStringAsync(page), StringComparison.Ordinal);
            var stranger = new Stranger(app.Client.BaseAddress.Authority);
            foreach (ReadmeBlock block in blocks)
            {
                foreach (string command in block.CommandsOf("curl"))
                {
                    output.WriteLine($"{command}\n{await stranger.RunAsync(command)}");
                }

                if (block.Language == "json")
                {
                    List<string> differences = stranger.Compare(string.Join('\n', block.Lines));
                    Assert.True(differences.Count == 0, $"The README shows something else:\n{string.Join('\n', differences)}");
                }
            }

            Assert.True(stranger.Commands >= 2, "The README shows no use of the app any more.");
            Assert.Equal(0, await app.TerminateAsync());
        }

        Directory.Delete(folder, recursive: true);
    }

    // The id of the reader's own workflow begins with the time: what is shown of it depends on the day.
    [GeneratedRegex(@"\b01[0-9a-f]+…")]
    private static partial Regex ExampleId();

    /// <summary>Someone who types what the README says, and puts the real address and id where it has examples.</summary>
    private sealed class Stranger(string address)
    {
        private readonly List<JsonElement> _answers = [];
        private string? _id;

        /// <summary>How many commands have been run.</summary>
        public int Commands { get; private set; }

        /// <summary>Runs a command, and gives what it printed.</summary>
        public async Task<string> RunAsync(string command)
        {
            if (_id is not null)
            {
                // "Ask for its status until it is completed".
                await Eventually.SeenAsync(
                    "the workflow has completed", () => TypeAsync($"curl {Address}/api/workflows/{_id}"),
                    status => JsonElement.Parse(status).GetProperty("status").GetString() == "completed");
            }

            Commands++;
            string answer = await TypeAsync(command);
            _answers.AddRange(Documents(answer));
            _id ??= _answers[0].GetProperty("id").GetString();
            return answer;
        }

        /// <summary>Holds what is shown against what the commands since the last call have answered.</summary>
        public List<string> Compare(string shown)
        {
            List<JsonElement> expected = Documents(ExampleId().Replace(shown.Replace(Address, address, StringComparison.Ordinal), "…"));
            List<string> differences = expected.Count == _answers.Count
                ? [.. expected.Zip(_answers).SelectMany(static pair => JsonLikeness.Differences(pair.First, pair.Second))]
                : [$"{expected.Count} documents are shown, and there are {_answers.Count}"];
            _answers.Clear();
            return differences;
        }

        private static List<JsonElement> Documents(string text)
        {
            var reader = new Utf8JsonReader(Encoding.UTF8.GetBytes(text), new JsonReaderOptions { AllowMultipleValues = true });
            var documents = new List<JsonElement>();
            while (reader.Read())
            {
                documents.Add(JsonElement.ParseValue(ref reader));
            }

            return documents;
        }

        private async Task<string> TypeAsync(string command)
        {
            string real = ExampleId().Replace(command.Replace(Address, address, StringComparison.Ordinal), _ => _id!);
            var start = new ProcessStartInfo("bash", ["-c", real])
            {
                RedirectStandardOutput = true, RedirectStandardError = true, WorkingDirectory = RepositoryPaths.Root
            };
            using Process shell = Process.Start(start)!;
            Task<string> errors = shell.StandardError.ReadToEndAsync();
            string answer = await shell.StandardOutput.ReadToEndAsync();
            await shell.WaitForExitAsync();
            Assert.True(shell.ExitCode == 0, $"{real}: {await errors}");
            return answer;
        }
    }
}
