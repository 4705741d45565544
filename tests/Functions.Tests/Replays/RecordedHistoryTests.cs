using System.Collections.Concurrent;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Reflection;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Chard.Canvases;
using Chard.Domain.Tasks;
using Chard.Domain.Workflows;
using Chard.Functions.Tests.Flows;
using Chard.Functions.Tests.Routes;
using Chard.Functions.Tests.Servers;
using Microsoft.Azure.Functions.Worker;
using Microsoft.DurableTask;
using Microsoft.DurableTask.Client;
using Microsoft.DurableTask.Protobuf;

namespace Chard.Functions.Tests.Replays;

/// <summary>
/// What waits for weeks is replayed by code that is newer. So each orchestrator that ships has histories that were recorded when it was
/// released, and does today in each of their turns what it did then: the same calls, in the same order, with the same inputs.
/// </summary>
public sealed class RecordedHistoryTests(ReplayHost host) : IClassFixture<ReplayHost>
{
    /// <summary>
    /// Set to 1, the run writes what it has seen to <see cref="RecordedHistory.Folder"/>. When that is right: see the README there.
    /// </summary>
    private const string RecordVariable = "CHARD_RECORD_HISTORIES";

    public static TheoryData<string> Files { get; } = [.. RecordedHistory.Files()];

    [Theory]
    [MemberData(nameof(Files))]
    public async Task Orchestrator_OnARecordedHistory_DoesWhatItDidThen(string file)
    {
        RecordedHistory history = RecordedHistory.Load(file);

        Assert.Equal(Path.GetDirectoryName(file), history.Version);
        Assert.NotEmpty(history.Turns);
        await ReplayAsync(history, file);
    }

    /// <summary>
    /// Every shape runs, and makes histories of the names that are kept: none is missing, and none is of a shape that is gone.
    /// </summary>
    [Fact]
    public async Task Shapes_AsTheyRunToday_AreAllKept()
    {
        IReadOnlyDictionary<string, RecordedHistory> run = await RunShapesAsync();

        foreach ((string file, RecordedHistory history) in run)
        {
            await ReplayAsync(history, file);
        }

        if (Environment.GetEnvironmentVariable(RecordVariable) == "1")
        {
            foreach (string version in run.Keys.Select(f => Path.GetDirectoryName(f)!).Distinct())
            {
                Directory.Delete(Directory.CreateDirectory(Path.Combine(RecordedHistory.Folder, version)).FullName, recursive: true);
            }

            foreach ((string file, RecordedHistory history) in run)
            {
                history.Save(file);
            }
        }

        string current = Path.GetDirectoryName(run.Keys.First())!;
        Assert.Equal(run.Keys.Order(StringComparer.Ordinal), RecordedHistory.Files().Where(f => Path.GetDirectoryName(f) == current));
        Assert.Empty(ReplayHost.Orchestrators
            .Select(m => m.GetCustomAttribute<FunctionAttribute>()!.Name).Except(run.Values.Select(h => h.Orchestrator)));
    }

    /// <summary>The guard guards: an orchestrator that makes another call than the one on record is told from one that makes it.</summary>
    [Fact]
    public async Task Replay_OfAHistoryThatIsAnothers_IsFound()
    {
        string file = RecordedHistory.Files().First(f => Path.GetFileName(f) == "chain-unpacked.json");
        RecordedHistory history = RecordedHistory.Load(file);
        OrchestratorRequest request = history.RequestOf(history.Turns[^1]);
        TaskScheduledEvent[] calls = [.. request.PastEvents.Where(e => e.TaskScheduled is not null).Select(e => e.TaskScheduled)];
        (calls[^1].Name, calls[^2].Name) = (calls[^2].Name, calls[^1].Name);
        Assert.NotEqual(calls[^1].Name, calls[^2].Name);

        JsonNode does = RecordedHistory.Plain(await host.AnswerAsync(history.Orchestrator, request));

        Assert.False(JsonNode.DeepEquals(history.Turns[^1].Does, does));
        Assert.Contains("NonDeterministic", does.ToJsonString(), StringComparison.Ordinal);
    }

    private async Task ReplayAsync(RecordedHistory history, string file)
    {
        for (int turn = 0; turn < history.Turns.Count; turn++)
        {
            JsonNode does = RecordedHistory.Plain(await host.AnswerAsync(history.Orchestrator, history.RequestOf(history.Turns[turn])));
            Assert.True(
                JsonNode.DeepEquals(history.Turns[turn].Does, does),
                $"""
                {history.Orchestrator} has changed: in turn {turn + 1} of {file} it did
                {history.Turns[turn].Does.ToJsonString()}
                and does now
                {does.ToJsonString()}
                Instances that are under way would break. docs/upgrading.md says how to change an orchestrator.
                """);
        }
    }

    /// <summary>
    /// What a map in code does with more items than one history holds; no sample has one as small as a file here should be.
    /// </summary>
    private static Task<string> StartMapPartAsync(DurableTaskClient client, string id) => client.ScheduleNewOrchestrationInstanceAsync(
        nameof(RunMap.RunMapPart),
        new WorkflowInput<MapPart>(
            id,
            new()
            {
                Task = "Square",
                Items = [.. new[] { 1, 2, 3 }.Select(n => TaskValue.Of(JsonSerializer.SerializeToElement(n)))],
                Path = "0",
                MaxInFlight = 2,
                MostFailures = 0,
                Call = new(),
            }),
        new StartOrchestrationOptions(id) { Version = new TaskVersion("1.0") });

    /// <summary>Runs the whole app through every shape, and gives the histories by their files.</summary>
    private static async Task<IReadOnlyDictionary<string, RecordedHistory>> RunShapesAsync()
    {
        var tap = new OrchestratorTap();
        await using FlowHost flow = await FlowHost.StartAsync(options =>
        {
            options.ForceReplay = true;
            options.StartTime = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);
            options.Settings["Chard:Limits:one:Concurrency"] = "1";
            options.ConfigureServices(tap.Apply);
        });
        flow.Payments.Next(PaymentAnswer.Decline);
        List<string> ids = [await flow.StartWorkflowAsync("ChargeOrder", Order("A-1"), "charge-order-declined")];
        await flow.FailureAsync(ids[0]);
        ids.Add(await flow.StartWorkflowAsync("ChargeOrder", Order("A-2"), "charge-order"));
        ids.Add(await flow.StartWorkflowAsync(
            "CallWebhook", new { url = new Uri(flow.Receiver.Url, "/hook"), payload = new { order = "A-1" } }, "call-webhook"));
        string[] recipients = ["ada@example.com", "bob@example.com", "not an address"];
        ids.Add(await flow.StartWorkflowAsync(
            "SendNewsletter", new { from = "news@example.com", subject = "News", text = "Hello", recipients }, "send-newsletter"));
        foreach ((string name, string document) in Shapes.All)
        {
            ids.Add(await flow.StartAsync($"{document[..^1]},\"id\":\"{name}\"}}"));
        }

        using (var body = new StringContent("id,name\n1,Ada\n2,Bob\nx,Eve\n", Encoding.UTF8, new MediaTypeHeaderValue("text/csv", "utf-8")))
        {
            using HttpResponseMessage answer = await flow.App.Http.PostAsync(
                "/api/imports?table=replays&columns=id:integer,name&id=import-csv", body);
            Assert.True(answer.IsSuccessStatusCode, await answer.Content.ReadAsStringAsync());
        }

        ids.Add(await StartMapPartAsync(flow.App.Durable, "map-part"));
        await flow.ResultAsync("import-csv");
        ids.Add("import-csv");
        ids.Add(await flow.StartWorkflowAsync("GenerateReport", new { table = "replays" }, "generate-report"));
        await flow.UntilAsync("task-parked", "parked");
        JsonElement letters = JsonElement.Parse(await flow.App.Http.GetStringAsync("/api/dead-letters?workflowId=task-parked"));
        using HttpResponseMessage retried = await flow.App.Http.PostAsJsonAsync($"/api/dead-letters/{Letter(letters)}/retry", new { });
        Assert.True(retried.IsSuccessStatusCode, await retried.Content.ReadAsStringAsync());
        foreach (string id in ids.Where(i => i != "map-part"))
        {
            await flow.EndAsync(id);
        }

        await flow.App.Durable.WaitForInstanceCompletionAsync("map-part");

        var run = new SortedDictionary<string, RecordedHistory>(StringComparer.Ordinal);
        foreach ((string instance, ConcurrentQueue<(OrchestratorRequest, OrchestratorResponse)> seen) in tap.Seen)
        {
            RecordedHistory history = RecordedHistory.Of(seen);
            Assert.Contains(instance.Split('.', ':')[0], ids);
            run.Add(Path.Combine(history.Version, instance.Replace(':', '.') + ".json"), history);
        }

        return run;

        static object Order(string order) => new { order, amount = "12.50", currency = "EUR", card = "tok_visa" };

        static string Letter(JsonElement letters) => letters.GetProperty("deadLetters").EnumerateArray()
            .Single(l => l.GetProperty("workflowId").GetString() == "task-parked").GetProperty("id").GetString()!;
    }
}
