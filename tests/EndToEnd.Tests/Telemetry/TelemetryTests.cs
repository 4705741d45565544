using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using Azure.Storage.Queues;
using Chard.Domain.Routes;
using Chard.Domain.Tasks;
using Chard.EndToEnd.Tests.Harness;
using Chard.EndToEnd.Tests.Telemetry.Otlp;
using Chard.Functions.Tests.Servers;
using Chard.LocalHost.Azurite;
using Chard.Platform;
using Google.Protobuf;

namespace Chard.EndToEnd.Tests.Telemetry;

/// <summary>
/// What a collector gets of the app as it is run: host and worker, two processes, each with spans of its own. One app for all of it, since
/// each needs an Azurite.
/// </summary>
public sealed class TelemetryTests : IAsyncLifetime
{
    /// <summary>Stands in every argument, and nowhere else.</summary>
    private const string Secret = "s3cr3t-argument";

    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);

    private readonly string _data = Directory.CreateTempSubdirectory("chard-telemetry-").FullName;
    private AzuriteProcess _azurite = null!;
    private OtlpReceiver _collector = null!;
    private AppProcess _app = null!;
    private WebhookReceiver _receiver = null!;

    public async Task InitializeAsync()
    {
        _azurite = await AzuriteProcess.StartAsync();
        _collector = await OtlpReceiver.StartAsync();
        _receiver = new WebhookReceiver();
        _app = await AppProcess.StartAsync(
            _data,
            _azurite.ConnectionString,
            ("OTEL_EXPORTER_OTLP_ENDPOINT", _collector.Endpoint),
            ("OTEL_EXPORTER_OTLP_PROTOCOL", "http/protobuf"),
            ("OTEL_METRIC_EXPORT_INTERVAL", "500"),
            ("OTEL_BSP_SCHEDULE_DELAY", "200"),
            ("OTEL_BSP_MAX_QUEUE_SIZE", "65536"),
            ("OTEL_BLRP_SCHEDULE_DELAY", "200"),
            ("Chard__Webhooks__Secret", WebhookReceiver.Secret),
            ("Chard__Outgoing__AllowHttp", "true"),
            ("Chard__Outgoing__AllowedHosts", $"{_receiver.Url.Host}:{_receiver.Url.Port}"));
    }

    public async Task DisposeAsync()
    {
        await _app.DisposeAsync();
        await _collector.DisposeAsync();
        await _receiver.DisposeAsync();
        await _azurite.DisposeAsync();
        Directory.Delete(_data, recursive: true);
    }

    [Fact]
    public async Task Collector_GetsOneTreeAWorkflow_EveryInstrument_AndNoArgument()
    {
        string text = $"\"{Secret}\"";
        await TreeAsync("single", 1, $$"""{"task":"Echo","args":{{text}}}""");
        await TreeAsync("chain", 2, $$$$"""{"canvas":{"chain":[{"task":"Echo","args":{{{{text}}}}},{"task":"Echo"}]}}""");
        await TreeAsync("group", 2, $$$$"""{"canvas":{"group":[{"task":"Echo","args":{{{{text}}}}},{"task":"Echo","args":1}]}}""");
        string header = $$$"""[{"task":"Echo","args":{{{text}}}},{"task":"Square","args":3}]""";
        await TreeAsync("chord", 3, $$$$"""{"canvas":{"chord":{"header":{{{{header}}}},"body":{"task":"Echo"} } } }""");
        await TreeAsync("map", 3, $$$$"""{"canvas":{"map":{"task":"Echo","over":[{{{{text}}}},2,3]}}}""");
        await TreeAsync("slow", 1, $$"""{"task":"Echo","args":{{text}},"route":"slow"}""");
        await TreeAsync("wide", 250, $$$$"""{"canvas":{"map":{"task":"Square","over":{{{{Numbers(250)}}}},"chunk":1}}}""");
        await TreeAsync(
            "retried", 2,
            $$$"""
            {"task":"Flaky","args":{"failures":1,"kind":"transient","value":{{{text}}}},"retry":{"attempts":3,"firstDelaySeconds":0.1}}
            """);
        await TreeAsync("failed", 1, $$$$"""{"task":"Fail","args":{"kind":"permanent","message":{{{{text}}}}}}""", "failed");
        await ParkAndDeliverTwiceAsync("parked");
        await TreeAsync("large", 1, JsonSerializer.Serialize(new { task = "Echo", args = Secret + new string('x', 50_000) }));

        string[] instruments =
        [
            TelemetryNames.QueueDepth, TelemetryNames.TaskLatency, TelemetryNames.TaskDuration, TelemetryNames.TaskAttempts,
            TelemetryNames.DeadLetters, TelemetryNames.DeadLettersParked, TelemetryNames.Workflows, TelemetryNames.PayloadBytes,
            TelemetryNames.LedgerDuplicates,
        ];
        await Eventually.TrueAsync(
            "every instrument has come", () => instruments.All(_collector.Metrics.ContainsKey), Patience);
        Assert.Equal(("s", "{attempt}", "By"), (
            _collector.Metrics[TelemetryNames.TaskLatency].Unit, _collector.Metrics[TelemetryNames.TaskAttempts].Unit,
            _collector.Metrics[TelemetryNames.PayloadBytes].Unit));
        await Eventually.TrueAsync("all squares are counted", () => Count("Square", TelemetryNames.Succeeded) == 251, Patience);
        Assert.Equal((1, 2), (Count("Flaky", TelemetryNames.Retried), Count("Fail", TelemetryNames.Failed)));

        await Eventually.TrueAsync(
            "the lines of the dead letters have come",
            () => _collector.Logs.Count(l => l.Body.StringValue.StartsWith("Dead letter ", StringComparison.Ordinal)) == 2, Patience);
        byte[] secret = Encoding.UTF8.GetBytes(Secret);
        Assert.All(_collector.Bodies, body => Assert.Equal(-1, body.AsSpan().IndexOf(secret)));
    }

    [Fact]
    public async Task OutgoingCall_BelongsToItsTask_AndToldIsItsHostAlone()
    {
        var url = new Uri(_receiver.Url, $"/{Secret}?{Secret}={Secret}");
        Span[] spans = await TreeAsync(
            "webhook", 1, JsonSerializer.Serialize(new { task = "PostWebhook", args = new { url, payload = Secret } }));

        Span task = spans.Single(s => s.Name == "PostWebhook");
        Span call = spans.Single(s => s.ParentSpanId == task.SpanId);
        Assert.Equal(_receiver.Url.GetLeftPart(UriPartial.Authority), Text(call, "url.full"));
        Assert.All(_collector.Bodies, body => Assert.Equal(-1, body.AsSpan().IndexOf(Encoding.UTF8.GetBytes(Secret))));
    }

    private static string Numbers(int count) => $"[{string.Join(',', Enumerable.Range(0, count))}]";

    /// <summary>Runs a workflow, and gives the spans of its trace.</summary>
    private async Task<Span[]> TreeAsync(string id, int tries, string start, string ends = "completed")
    {
        await StartAsync(id, start);
        await UntilAsync(id, ends);
        return await TraceAsync(id, tries);
    }

    private async Task StartAsync(string id, string start)
    {
        string body = start.Insert(start.IndexOf('{', StringComparison.Ordinal) + 1, $"\"id\":\"{id}\",");
        using HttpResponseMessage started = await _app.Client.PostAsync(
            "/api/workflows", new StringContent(body, Encoding.UTF8, "application/json"));
        Assert.True(started.IsSuccessStatusCode, await started.Content.ReadAsStringAsync());
    }

    private Task UntilAsync(string id, string ends) =>
        Eventually.TrueAsync($"{id} is {ends}", async () => await StatusAsync(id) == ends, Patience);

    /// <summary>The trace of a workflow that has ended: one tree from the request on, with a span for each try of a task.</summary>
    private async Task<Span[]> TraceAsync(string id, int tries)
    {
        Span[] trace = [];
        await Eventually.TrueAsync(
            $"the trace of {id} is whole",
            () =>
            {
                (string Source, Span Span)[] all = [.. _collector.Spans];
                Span[] tasks = [.. all.Where(s => s.Source == TelemetryNames.Source && Text(s.Span, TelemetryNames.WorkflowIdTag) == id)
                    .Select(s => s.Span)];
                if (tasks.Length < tries)
                {
                    return false;
                }

                Assert.Equal(tries, tasks.Length);
                ByteString traceId = Assert.Single(tasks.Select(s => s.TraceId).Distinct());
                trace = [.. all.Where(s => s.Span.TraceId == traceId).Select(s => s.Span)];
                var known = trace.Select(s => s.SpanId).ToHashSet();
                return trace.Count(s => !known.Contains(s.ParentSpanId)) == 1
                    && trace.Single(s => !known.Contains(s.ParentSpanId)) is { Name: "POST api/workflows", ParentSpanId.IsEmpty: true };
            },
            Patience);
        return trace;
    }

    /// <summary>
    /// A slow task whose message comes again after its end, while its workflow waits for an operator. The span of an orchestration comes
    /// when it ends, so its trace is looked at after that.
    /// </summary>
    private async Task ParkAndDeliverTwiceAsync(string id)
    {
        await StartAsync(
            id,
            $$$"""
            {"canvas":{"chain":[{"task":"Sleep","args":{"seconds":0,"value":"{{{Secret}}}"},"route":"slow"},
              {"task":"Fail","args":{"kind":"permanent","message":"{{{Secret}}}"},"onExhausted":"park"}]}}
            """);
        await UntilAsync(id, "parked");
        JsonElement tasks = await _app.Client.GetFromJsonAsync<JsonElement>($"/api/workflows/{id}?tasks=true");
        string path = tasks.GetProperty("tasks").EnumerateArray().Single(t => t.GetProperty("task").GetString() == "Sleep")
            .GetProperty("path").GetString()!;
        var call = new TaskCall { WorkflowId = id, Path = path, Task = "Sleep", Args = TaskValue.Null };
        var queues = new QueueServiceClient(_azurite.ConnectionString);
        string name = queues.GetQueues().Single(q => q.Name.EndsWith("-tasks-slow", StringComparison.Ordinal)).Name;
        await queues.GetQueueClient(name).SendMessageAsync(new BinaryData(new SlowTaskMessage(call, id).ToUtf8()));
        await Eventually.TrueAsync(
            "the ledger has answered", () => _collector.Metrics.ContainsKey(TelemetryNames.LedgerDuplicates), Patience);

        JsonElement letters = await _app.Client.GetFromJsonAsync<JsonElement>($"/api/dead-letters?workflowId={id}");
        string letter = letters.GetProperty("deadLetters")[0].GetProperty("id").GetString()!;
        using HttpResponseMessage skipped = await _app.Client.PostAsync($"/api/dead-letters/{letter}/skip", content: null);
        Assert.True(skipped.IsSuccessStatusCode, await skipped.Content.ReadAsStringAsync());
        await UntilAsync(id, "completed");
        await TraceAsync(id, 2);
    }

    private async Task<string?> StatusAsync(string id) =>
        (await _app.Client.GetFromJsonAsync<JsonElement>($"/api/workflows/{id}")).GetProperty("status").GetString();

    private long Count(string task, string outcome) => _collector.Metrics[TelemetryNames.TaskAttempts].Sum.DataPoints
        .Where(p => p.Attributes.Any(a => a.Key == TelemetryNames.TaskTag && a.Value.StringValue == task)
            && p.Attributes.Any(a => a.Key == TelemetryNames.OutcomeTag && a.Value.StringValue == outcome))
        .Sum(p => p.AsInt);

    private static string? Text(Span span, string key) => span.Attributes.FirstOrDefault(a => a.Key == key)?.Value.StringValue;
}
