using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Google.Protobuf;
using Microsoft.DurableTask.Protobuf;

namespace Chard.Functions.Tests.Replays;

/// <summary>One instance as it ran: its whole history, and what its orchestrator did in each turn.</summary>
/// <param name="Orchestrator">Name of its function.</param>
/// <param name="Last">The request of the last turn, which has all events.</param>
/// <param name="Turns">The turns, first to last.</param>
internal sealed partial record RecordedHistory(string Orchestrator, OrchestratorRequest Last, IReadOnlyList<RecordedTurn> Turns)
{
    /// <summary>Where the files lie in the repository, a folder for each version of the orchestrators.</summary>
    public static readonly string Folder = Path.Combine(Root(), "tests", "Functions.Tests", "Replays", "Histories");

    private static readonly JsonSerializerOptions Readable =
        new() { WriteIndented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    private static readonly JsonFormatter Formatter = new(JsonFormatter.Settings.Default);

    /// <summary>The version that the instance was started with.</summary>
    public string Version => Started.Version ?? "";

    private ExecutionStartedEvent Started =>
        Last.PastEvents.Concat(Last.NewEvents).First(e => e.ExecutionStarted is not null).ExecutionStarted;

    /// <summary>All of them, by their place below <see cref="Folder"/>.</summary>
    public static IEnumerable<string> Files() =>
        Directory.EnumerateFiles(Folder, "*.json", SearchOption.AllDirectories)
            .Select(f => Path.GetRelativePath(Folder, f)).Order(StringComparer.Ordinal);

    /// <summary>What was seen of an instance, each turn with its whole history.</summary>
    public static RecordedHistory Of(IReadOnlyCollection<(OrchestratorRequest Request, OrchestratorResponse Response)> seen)
    {
        OrchestratorRequest last = seen.Last().Request;
        var whole = new RecordedHistory("", last, []);
        return whole with
        {
            Orchestrator = whole.Started.Name,
            Turns =
            [
                .. seen.Select(t => new RecordedTurn(t.Request.PastEvents.Count, t.Request.NewEvents.Count, Plain(t.Response))),
            ],
        };
    }

    public static RecordedHistory Load(string file)
    {
        JsonNode json = JsonNode.Parse(File.ReadAllText(Path.Combine(Folder, file)), documentOptions: new() { MaxDepth = 256 })!;
        return new(
            (string)json["orchestrator"]!,
            JsonParser.Default.Parse<OrchestratorRequest>(json["request"]!.ToJsonString()),
            [.. json["turns"]!.AsArray().Select(t => new RecordedTurn((int)t!["past"]!, (int)t["new"]!, t["does"]!))]);
    }

    public void Save(string file)
    {
        var json = new JsonObject
        {
            ["orchestrator"] = Orchestrator,
            ["request"] = WithoutTraces(JsonNode.Parse(Formatter.Format(Last))!),
            ["turns"] = new JsonArray(
                [.. Turns.Select(t => new JsonObject { ["past"] = t.Past, ["new"] = t.New, ["does"] = t.Does.DeepClone() })]),
        };
        string path = Path.Combine(Folder, file);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        File.WriteAllText(path, json.ToJsonString(Readable) + "\n");
    }

    /// <summary>The request of a turn: the history as it was then.</summary>
    public OrchestratorRequest RequestOf(RecordedTurn turn)
    {
        OrchestratorRequest request = Last.Clone();
        request.PastEvents.Clear();
        request.NewEvents.Clear();
        HistoryEvent[] events = [.. Last.PastEvents.Concat(Last.NewEvents)];
        request.PastEvents.AddRange(events[..turn.Past]);
        request.NewEvents.AddRange(events[turn.Past..(turn.Past + turn.New)]);
        return request;
    }

    /// <summary>
    /// What an orchestrator does, without what differs from run to run and says nothing: where it threw, and when by the machine's clock
    /// the SDK sent a message to an entity.
    /// </summary>
    public static JsonNode Plain(OrchestratorResponse response)
    {
        OrchestratorResponse plain = response.Clone();
        foreach (OrchestratorAction action in plain.Actions)
        {
            if (action.SendEvent is { } message)
            {
                message.Data = RequestTime().Replace(message.Data, "");
            }

            TaskFailureDetails? failure = action.CompleteOrchestration?.FailureDetails;
            for (; failure is not null; failure = failure.InnerFailure)
            {
                failure.StackTrace = null;
            }
        }

        return JsonNode.Parse(Formatter.Format(plain))!;
    }

    /// <summary>Where a task threw is a matter of the machine that ran it, and no orchestrator's.</summary>
    private static JsonNode WithoutTraces(JsonNode node)
    {
        if (node is JsonObject json)
        {
            json.Remove("stackTrace");
            json.Remove("parentTraceContext");
            foreach (JsonNode? member in json.Select(m => m.Value).ToArray())
            {
                _ = member is null ? null : WithoutTraces(member);
            }
        }
        else if (node is JsonArray items)
        {
            foreach (JsonNode? item in items)
            {
                _ = item is null ? null : WithoutTraces(item);
            }
        }

        return node;
    }

    [GeneratedRegex("""
        "requestTime":"[^"]*"
        """)]
    private static partial Regex RequestTime();

    private static string Root()
    {
        string folder = AppContext.BaseDirectory;
        while (!File.Exists(Path.Combine(folder, "Functions.sln")))
        {
            folder = Path.GetDirectoryName(folder.TrimEnd(Path.DirectorySeparatorChar))
                ?? throw new InvalidOperationException("Functions.sln is in no folder above the tests.");
        }

        return folder;
    }
}

/// <summary>A turn of an orchestrator.</summary>
/// <param name="Past">Events there were before it.</param>
/// <param name="New">Events that it was told.</param>
/// <param name="Does">What it did: its response, plain.</param>
internal sealed record RecordedTurn(int Past, int New, JsonNode Does);
