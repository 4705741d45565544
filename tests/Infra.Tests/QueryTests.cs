using System.Reflection;
using System.Text.Json;
using Chard.Infra.Tests.Docs;
using Chard.Infra.Tests.Tools;
using Chard.Platform;

namespace Chard.Infra.Tests;

/// <summary>
/// The queries of alerts and workbook are Kusto, against tables and columns that there are, and go by names that the app emits.
/// </summary>
public sealed class QueryTests
{
    private static readonly Dictionary<string, string> Constants = typeof(TelemetryNames)
        .GetFields(BindingFlags.Public | BindingFlags.Static)
        .Where(field => field.IsLiteral)
        .ToDictionary(field => field.Name, field => (string)field.GetRawConstantValue()!);

    private static readonly string[] Instruments =
    [
        TelemetryNames.QueueDepth, TelemetryNames.TaskLatency, TelemetryNames.TaskDuration, TelemetryNames.TaskAttempts,
        TelemetryNames.DeadLetters, TelemetryNames.DeadLettersParked, TelemetryNames.Workflows, TelemetryNames.LedgerDuplicates,
        TelemetryNames.PayloadBytes,
    ];

    private static readonly string[] Tags =
        [.. Constants.Where(constant => constant.Key.EndsWith("Tag", StringComparison.Ordinal)).Select(constant => constant.Value)];

    /// <summary>Values of tags: whatever else has a name.</summary>
    private static readonly string[] Outcomes = [.. Constants.Values.Except([.. Instruments, .. Tags, TelemetryNames.Source])];

    /// <summary>Members of Properties that others write: the exporter of logs, and the durable engine.</summary>
    private static readonly string[] Others = ["EventId", "EventName", "durabletask.task.instance_id"];

    // One run of the parser serves all: it takes seconds to begin.
    private static readonly Lazy<Task<IReadOnlyList<CheckedQuery>>> All =
        new(() => Kusto.CheckAsync([.. Alerts(), .. Deployed(), .. Workbook(), .. Runbook()]));

    public static TheoryData<string, string> SeededFaults { get; } = new()
    {
        { "AppMetrics | sumarize sum(Sum)", "Query operator expected." },
        { "AppMetrics | summarize sum(Summe)", "'Summe'" },
        { "AppMetric | take 1", "'AppMetric'" },
        { "AppMetrics | where Name == 'chard.task.atempts'", "'chard.task.atempts' is no instrument" },
        { "AppMetrics | where Properties['chard.out'] == 'failed'", "'chard.out' is no tag" },
        { "AppMetrics | where tostring(Properties['chard.outcome']) == 'fail'", "'fail' is no outcome" },
        { "AppMetrics | extend outcome = tostring(Properties['chard.outcome']) | where outcome == 'lost'", "'lost' is no outcome" },
    };

    private static Lazy<Task<IReadOnlyList<CheckedQuery>>> Seeded { get; } =
        new(() => Kusto.CheckAsync([.. SeededFaults.Select(row => new NamedQuery((string)row[0], (string)row[0]))]));

    [Fact]
    public async Task Queries_AreKustoAndNameWhatTheAppEmits()
    {
        IReadOnlyList<CheckedQuery> queries = await All.Value;

        Assert.NotEmpty(queries);
        Assert.Empty(queries.SelectMany(Faults));
    }

    [Theory]
    [MemberData(nameof(SeededFaults))]
    public async Task Query_WithASeededFault_IsFound(string query, string fault)
    {
        CheckedQuery found = Assert.Single(await Seeded.Value, q => q.Name == query);

        Assert.Contains(Faults(found), told => told.Contains(fault, StringComparison.Ordinal));
    }

    /// <summary>The seed's six, and what each goes by.</summary>
    [Theory]
    [InlineData("queue-depth", TelemetryNames.QueueDepth, TelemetryNames.RouteTag)]
    [InlineData("task-latency", null, TelemetryNames.LatencyTag)]
    [InlineData("task-duration", null, TelemetryNames.TaskTag)]
    [InlineData("task-failures", TelemetryNames.TaskAttempts, TelemetryNames.OutcomeTag)]
    [InlineData("task-retries", TelemetryNames.TaskAttempts, TelemetryNames.OutcomeTag)]
    [InlineData("dead-letters", TelemetryNames.DeadLetters, TelemetryNames.TaskTag)]
    public async Task Alert_OfEachOfTheSix_GoesByItsInstrument(string alert, string? instrument, string tag)
    {
        foreach (string parameters in new[] { "dev", "prod" })
        {
            CheckedQuery query = Assert.Single(await All.Value, q => q.Name.StartsWith($"{parameters}: ", StringComparison.Ordinal)
                && q.Name.EndsWith($"-{alert}", StringComparison.Ordinal));

            Assert.Contains(query.Properties, member => member.Name == tag);
            if (instrument is not null)
            {
                Assert.Contains(query.Comparisons, comparison => comparison is { Column: "Name" } && comparison.Value == instrument);
            }
        }
    }

    [Fact]
    public void Workbook_ShowsEveryInstrument()
    {
        string queries = string.Concat(Workbook().Select(query => query.Query));

        Assert.All(Instruments, instrument => Assert.Contains($"\"{instrument}\"", queries, StringComparison.Ordinal));
    }

    /// <summary>One column says what the alert is about, so that a mail names it.</summary>
    [Fact]
    public void Alert_SplitsByAColumnThatItsQueryGives()
    {
        Assert.All(Rules(), rule => Assert.All(
            rule.Criteria.GetProperty("dimensions").EnumerateArray(),
            dimension => Assert.Contains(
                dimension.GetProperty("name").GetString()!,
                rule.Query.TrimEnd().Split('\n')[^1],
                StringComparison.Ordinal)));
    }

    private static IEnumerable<string> Faults(CheckedQuery query)
    {
        foreach (string error in query.Errors)
        {
            yield return $"{query.Name} {error}";
        }

        foreach (Comparison comparison in query.Comparisons)
        {
            if (comparison.Column == "Name" && !Instruments.Contains(comparison.Value))
            {
                yield return $"{query.Name}: '{comparison.Value}' is no instrument.";
            }

            if (comparison.Column is "outcome" or TelemetryNames.OutcomeTag && !Outcomes.Contains(comparison.Value))
            {
                yield return $"{query.Name}: '{comparison.Value}' is no outcome.";
            }
        }

        string[] known = [.. Tags, .. Others];
        foreach (Member member in query.Properties.Where(m => m.Column == "Properties" && !known.Contains(m.Name)))
        {
            yield return $"{query.Name}: '{member.Name}' is no tag.";
        }
    }

    private static IEnumerable<NamedQuery> Alerts() =>
        Directory.EnumerateFiles(Path.Combine(Bicep.Folder, "queries"), "*.kql").Order(StringComparer.Ordinal)
            .Select(file => new NamedQuery(Path.GetFileName(file), File.ReadAllText(file)));

    /// <summary>As they are deployed, with what parameters have filled in.</summary>
    private static IEnumerable<NamedQuery> Deployed() =>
        Rules().Select(rule => new NamedQuery($"{rule.Parameters}: {rule.Name}", rule.Query));

    private static IEnumerable<(string Parameters, string Name, string Query, JsonElement Criteria)> Rules() =>
        from parameters in new[] { "dev", "prod" }
        from resource in Bicep.Snapshot(parameters)
        where resource.GetProperty("type").GetString() == "Microsoft.Insights/scheduledQueryRules"
        let criteria = resource.GetProperty("properties").GetProperty("criteria").GetProperty("allOf")[0]
        select (parameters, resource.GetProperty("name").GetString()!, criteria.GetProperty("query").GetString()!, criteria);

    private static IEnumerable<NamedQuery> Runbook() =>
        from page in MarkdownPage.All()
        from query in page.Blocks("kusto").Select((text, index) => (text, index))
        select new NamedQuery($"{page.Name} block {query.index + 1}", query.text);

    private static IEnumerable<NamedQuery> Workbook()
    {
        var workbook = JsonElement.Parse(File.ReadAllBytes(Path.Combine(Bicep.Folder, "workbook.json")));
        return workbook.GetProperty("items").EnumerateArray()
            .Where(item => item.GetProperty("content").TryGetProperty("query", out _))
            .Select(item => new NamedQuery(
                $"workbook: {item.GetProperty("name").GetString()}",
                item.GetProperty("content").GetProperty("query").GetString()!.Replace("{WorkflowId}", "0a1b", StringComparison.Ordinal)));
    }
}
