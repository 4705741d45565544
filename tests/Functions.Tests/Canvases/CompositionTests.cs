using Chard.Calls;
using Chard.Canvases;
using Chard.Domain.Canvases;
using Chard.Domain.Failures;
using Chard.Domain.Tasks;
using Chard.Domain.Workflows;
using Chard.Functions.Tests.Tasks;
using DurableTask.Core.History;
using Microsoft.DurableTask.Client;

namespace Chard.Functions.Tests.Canvases;

/// <summary>Compositions in code: on the engine, and with a mocked context as an author would test an orchestrator.</summary>
public sealed class CompositionTests
{
    private readonly OrchestrationContextBuilder _context = new("w1", "Flow", new(2030, 1, 1, 0, 0, 0, DateTimeKind.Utc));
    private readonly Dictionary<string, TaskCompletionSource<TaskOutcome>> _calls = [];

    public CompositionTests() => _context.Input(new WorkflowHeader("w1"))
        .AnyActivity((string _, TaskCall call) => (_calls[call.Path] = new()).Task);

    [Fact]
    public async Task Shapes_OnTheEngine_GiveTypedResults()
    {
        await using EagerHost host = await EagerHost.StartAsync();

        string id = await host.StartAsync(async context =>
        {
            IReadOnlyList<int> squares = await context.MapAsync<int>("Square", new[] { 1, 2, 3 }, new(MaxInFlight: 2));
            int sum = await context.ChordAsync(
                squares.Select(s => (Func<Task<int>>)(() => context.CallTaskAsync<int>("Square", s))),
                parts => context.CallTaskAsync<int>("Sum", parts));
            int chained = await context.ChainAsync<int>(3, "Square", "Square");
            IReadOnlyList<MemberOutcome<string>> outcomes = await context.CollectAsync<string>(
                [() => context.CallTaskAsync<string>("Echo", "ok"), () => context.CallTaskAsync<string>("Fail", new { message = "no" })]);
            return new { squares, sum, chained, first = outcomes[0].Result, second = outcomes[1].Failure!.Failure.Code };
        });

        Assert.Equal(
            """{"squares":[1,4,9],"sum":98,"chained":81,"first":"ok","second":"fail"}""", (await host.EndAsync(id)).SerializedOutput);
    }

    [Fact]
    public async Task GroupAsync_MoreFailuresThanTolerated_FailsWithTheFirstOnceAllHaveEnded()
    {
        await using EagerHost host = await EagerHost.StartAsync();

        string id = await host.StartAsync(async context =>
        {
            try
            {
                return await context.MapAsync<int>(
                    "Fail", new object[] { new { message = "a" }, new { message = "b" } }, new(Tolerated: 1));
            }
            catch (TaskExhaustedException e)
            {
                return e.Message;
            }
        });

        Assert.Equal("\"fail: a\"", (await host.EndAsync(id)).SerializedOutput);
        Assert.Equal(2, host.Stores.DeadLetters.Count);
    }

    [Fact]
    public async Task MapAsync_WithABound_KeepsTheWindowFullAndNeverFuller()
    {
        Task<IReadOnlyList<int>> run = _context.Context.MapAsync<int>(
            "Square", Enumerable.Range(0, 5), new(MaxInFlight: 2), new TaskCallOptions { Path = "m" });

        Assert.Equal(["m.0", "m.1"], _calls.Keys);
        Answer("m.1", 1);
        Assert.Equal(["m.0", "m.1", "m.2"], _calls.Keys);
        Answer("m.2", 4);
        Answer("m.3", 9);
        Answer("m.4", 16);
        Assert.False(run.IsCompleted);
        Answer("m.0", 0);

        Assert.Equal([0, 1, 4, 9, 16], await run);
    }

    [Fact]
    public async Task GroupAsync_WithAReport_TellsOneAtATimeAndTheFinalNumbersLast()
    {
        var told = new List<(WorkflowProgress Progress, TaskCompletionSource Done)>();
        Task<IReadOnlyList<int>> run = _context.Context.GroupAsync(
            Enumerable.Range(0, 4).Select(i => _context.Context.Signature<int>("Square", i)),
            new(Report: progress =>
            {
                told.Add((progress, new()));
                return told[^1].Done.Task;
            }));

        Answer("0", 0);
        Answer("2", 4);
        Answer("1", 1);
        Assert.Equal([new WorkflowProgress(4, 1, 0)], told.Select(t => t.Progress));
        told[0].Done.SetResult();
        Assert.Equal(new WorkflowProgress(4, 3, 0), told[^1].Progress);
        Answer("3", 9);
        told[1].Done.SetResult();
        Assert.Equal(new WorkflowProgress(4, 4, 0), told[^1].Progress);
        Assert.False(run.IsCompleted);
        told[2].Done.SetResult();

        Assert.Equal([0, 1, 4, 9], await run);
        Assert.Equal(3, told.Count);
    }

    [Fact]
    public async Task GroupAsync_OfHundreds_TellsTwentyTimes()
    {
        var told = new List<WorkflowProgress>();
        Task<IReadOnlyList<int>> run = _context.Context.GroupAsync(
            Enumerable.Range(0, 300).Select(i => _context.Context.Signature<int>("Square", i)),
            new(Report: progress =>
            {
                told.Add(progress);
                return Task.CompletedTask;
            }));
        for (int i = 0; i < 300; i++)
        {
            Answer($"{i}", i);
        }

        await run;
        Assert.Equal(20, told.Count);
        Assert.Equal(new WorkflowProgress(300, 300, 0), told[^1]);
    }

    [Fact]
    public async Task GroupAsync_ThatStopsEarly_BeginsNoneAfterAFailureTooMany()
    {
        await using EagerHost host = await EagerHost.StartAsync();
        object[] items = [new { message = "a" }, new { message = "b" }, new { message = "c" }, new { message = "d" }];

        string id = await host.StartAsync(async context =>
        {
            try
            {
                return await context.MapAsync<int>("Fail", items, new(MaxInFlight: 1, Tolerated: 1, StopsEarly: true));
            }
            catch (TaskExhaustedException e)
            {
                return e.Message;
            }
        });

        Assert.Equal("\"fail: a\"", (await host.EndAsync(id)).SerializedOutput);
        Assert.Equal(2, host.Stores.DeadLetters.Count);
    }

    [Theory]
    [InlineData(101, 1, 5)]
    [InlineData(3_000, 500, 30)]
    [InlineData(10_500, 1_000, 600)] // 100 parts of 105, each cut into five
    public async Task MapAsync_OfAnyWidth_GivesAllResultsAndKeepsEveryHistoryShort(int items, int maxInFlight, int parts)
    {
        await using EagerHost host = await EagerHost.StartAsync(o => o.ForceReplay = false);
        var told = new List<WorkflowProgress>();

        string id = await host.StartAsync(
            async context =>
            {
                var options = new GroupOptions(maxInFlight, Report: progress =>
                {
                    told.Add(progress);
                    return Task.CompletedTask;
                });
                IReadOnlyList<int> squares = await context.MapAsync<int>("Square", Enumerable.Range(0, items), options);
                return squares.Select((square, index) => square == index * index).Count(isRight => isRight);
            },
            new Dictionary<string, TaskPolicy> { ["Square"] = TaskPolicy.Default with { Ledger = false } });

        Assert.Equal($"{items}", (await host.EndAsync(id, TimeSpan.FromMinutes(4))).SerializedOutput);
        Assert.Equal(new WorkflowProgress(items, items, 0), told[^1]);
        Assert.InRange(told.Distinct().Count(), Math.Min(parts, 20), 20);
        int calls = 0;
        int instances = 0;
        await foreach (OrchestrationMetadata instance in host.Durable.GetAllInstancesAsync(
            new OrchestrationQuery { InstanceIdPrefix = id + ".0." }))
        {
            IList<HistoryEvent> events = await host.Durable.GetOrchestrationHistoryAsync(instance.InstanceId);
            Assert.InRange(events.Count, 1, 600);
            calls += events.OfType<TaskScheduledEvent>().Count(e => e.Name == "Square");
            instances++;
        }

        Assert.InRange((await host.Durable.GetOrchestrationHistoryAsync(id)).Count, 1, 600);
        Assert.Equal(items, calls);
        Assert.Equal(parts, instances);
    }

    [Fact]
    public async Task MapAsync_WideOneWithFailures_FailsWithTheFirstInOrderAndBeginsNoFurtherPart()
    {
        await using EagerHost host = await EagerHost.StartAsync();
        object[] items =
        [
            .. Enumerable.Range(0, 200).Select(i => i < 30 ? (object)new { failures = 0, value = i } : new { failures = 1, value = i }),
        ];

        string id = await host.StartAsync(async context =>
        {
            IReadOnlyList<int> all = await context.MapAsync<int>("Flaky", items, new(MaxInFlight: 10, Tolerated: 170));
            try
            {
                return await context.MapAsync<int>("Flaky", items, new(MaxInFlight: 1, Tolerated: 2, StopsEarly: true));
            }
            catch (TaskExhaustedException e)
            {
                return $"{all.Sum()} {e.Task} {e.Path}";
            }
        }, new Dictionary<string, TaskPolicy> { ["Flaky"] = TaskPolicy.Default with { Attempts = 1 } });

        Assert.Equal($"\"{29 * 30 / 2} Flaky 1.30\"", (await host.EndAsync(id)).SerializedOutput);
        Assert.Equal(170 + 3, host.Stores.DeadLetters.Count);
        Assert.All(host.Stores.DeadLetters.Values, letter => Assert.Equal("TestWorkflow", letter.Workflow));
    }

    [Fact]
    public async Task Interpreter_OfAChord_CallsTheBodyOnceAndLast()
    {
        var canvas = CanvasReader.Read(System.Text.Json.JsonElement.Parse(
            """{"chord":{"header":[{"task":"Square","args":2},{"task":"Square","args":3}],"body":{"task":"Sum"}}}"""));
        Task<NodeOutcome> run = new CanvasRun(
            _context.Context, new WorkflowHeader("w1"), TaskValue.Null, new(_context.Context, "w1", 3)).RunAsync(canvas, left: null);

        Answer("0.h.1", 9);
        Assert.Equal(["0.h.0", "0.h.1"], _calls.Keys);
        Answer("0.h.0", 4);
        Assert.Equal(["0.h.0", "0.h.1", "0.b"], _calls.Keys);
        Answer("0.b", 13);

        Assert.Equal(13, (await run).Result!.ToElement().GetInt32());
        Assert.Equal("[4,9]", _context.Given<TaskCall>().Single(c => c.Task == "Sum").Args.ToElement().GetRawText());
    }

    private void Answer(string path, int result) => _calls[path].SetResult(TaskOutcome.Succeeded(TaskValue.Of(TaskJson.ToElement(result))));
}
