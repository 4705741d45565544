using System.Text.Json;
using Chard.Canvases;
using Chard.Domain.Canvases;
using Chard.Domain.DeadLetters;
using Chard.Domain.Failures;
using Chard.Domain.Payloads;
using Chard.Domain.Tasks;
using Chard.Domain.Workflows;
using Chard.Status;
using Microsoft.DurableTask;
using Moq;

namespace Chard.Functions.Tests.Canvases;

/// <summary>
/// What the interpreter asks of the orchestration, decision by decision. The mock is strict: what is not answered here must not be asked.
/// </summary>
public sealed partial class RunCanvasDecisionTests
{
    private static readonly DateTime Begun = new(2030, 1, 1, 0, 0, 0, DateTimeKind.Utc);
    private static readonly PayloadReference Large = new("w1/results/large", "00", 1_000_000);
    private static readonly PayloadReference Stored = new("w1/canvas/part", "11", 60_000);
    private static readonly Dictionary<string, TaskPolicy> Policies = new() { ["Echo"] = TaskPolicy.Default with { Attempts = 3 } };

    private readonly Mock<TaskOrchestrationContext> _context = new(MockBehavior.Strict);
    private readonly List<TaskCall> _calls = [];
    private readonly Dictionary<string, TaskCompletionSource<TaskOutcome>> _tasks = [];
    private readonly List<(string InstanceId, WorkflowInput<CanvasPart> Input)> _parts = [];
    private readonly Dictionary<string, TaskCompletionSource<PartOutcome>> _partEnds = [];
    private readonly List<(string Activity, object Input)> _asked = [];
    private readonly Dictionary<string, TaskValue> _answers = [];
    private readonly List<ChunkCall> _chunks = [];
    private readonly Queue<ChunkOutcome> _chunkEnds = [];
    private readonly List<DateTime> _timers = [];
    private readonly List<string> _letters = [];
    private DateTime _now = Begun;

    public RunCanvasDecisionTests()
    {
        var header = new WorkflowHeader("w1", Policies, ["batch=7"], RunCanvas.Name);
        _context.Setup(c => c.InstanceId).Returns("w1");
        _context.Setup(c => c.Name).Returns(new TaskName(RunCanvas.Name));
        _context.Setup(c => c.CurrentUtcDateTime).Returns(() => _now);
        _context.Setup(c => c.GetInput<WorkflowHeader>()).Returns(header);
        _context.Setup(c => c.CreateTimer(It.IsAny<DateTime>(), It.IsAny<CancellationToken>())).Returns(
            (DateTime due, CancellationToken _) => Timer(due));
        _context.Setup(c => c.CreateTimer(It.IsAny<TimeSpan>(), It.IsAny<CancellationToken>())).Returns(
            (TimeSpan delay, CancellationToken _) => Timer(_now + delay));
        _context.Setup(c => c.CallActivityAsync<TaskOutcome>(It.IsAny<TaskName>(), It.IsAny<object?>(), It.IsAny<TaskOptions?>()))
            .Returns((TaskName _, object? call, TaskOptions? _) =>
            {
                _calls.Add((TaskCall)call!);
                return (_tasks[_calls[^1].Path] = new()).Task;
            });
        _context.Setup(c => c.CallActivityAsync<ChunkOutcome>(
            It.Is<TaskName>(n => n.Name == "RunChunk"), It.IsAny<object?>(), It.IsAny<TaskOptions?>()))
            .Returns((TaskName _, object? call, TaskOptions? _) =>
            {
                _chunks.Add((ChunkCall)call!);
                return Task.FromResult(_chunkEnds.Dequeue());
            });
        _context.Setup(c => c.CallActivityAsync<TaskValue>(It.IsAny<TaskName>(), It.IsAny<object?>(), It.IsAny<TaskOptions?>()))
            .Returns((TaskName name, object? input, TaskOptions? _) =>
            {
                _asked.Add((name.Name, input!));
                return Task.FromResult(_answers[name.Name]);
            });
        _context.Setup(
            c => c.CallActivityAsync(It.Is<TaskName>(n => n.Name == "WriteDeadLetter"), It.IsAny<object?>(), It.IsAny<TaskOptions?>()))
            .Callback((TaskName _, object? letter, TaskOptions? _) => _letters.Add(((DeadLetter)letter!).Path!))
            .Returns(Task.CompletedTask);
        _context.Setup(c => c.CallSubOrchestratorAsync<PartOutcome>(
            It.Is<TaskName>(n => n.Name == "RunCanvasPart"), It.IsAny<object?>(), It.IsAny<TaskOptions?>()))
            .Returns((TaskName _, object? input, TaskOptions? options) =>
            {
                string id = ((SubOrchestrationOptions)options!).InstanceId!;
                _parts.Add((id, (WorkflowInput<CanvasPart>)input!));
                return (_partEnds[id] = new()).Task;
            });
    }

    private IEnumerable<string> Called => _calls.Select(c => c.Path);

    [Fact]
    public async Task Group_WithABound_BeginsTheNextWhenOneHasEndedAndNoneBefore()
    {
        Task<NodeOutcome> run = Run(
            """{"group":[{"task":"Echo","args":0},{"task":"Echo","args":1},{"task":"Echo","args":2},"""
                + """{"task":"Echo","args":3}],"maxInFlight":2}""");

        Assert.Equal(["0.0", "0.1"], Called);
        Answer("0.1", 11);
        Assert.Equal(["0.0", "0.1", "0.2"], Called);
        Fail("0.2");
        Assert.Equal(["0.0", "0.1", "0.2", "0.3"], Called);
        Answer("0.3", 33);
        Assert.False(run.IsCompleted);
        Answer("0.0", 0);

        Assert.Equal("0.2", (await Ended(run)).Failure!.Path);
    }

    [Fact]
    public async Task Group_AMemberFails_TheOthersEndBeforeTheGroupDoes()
    {
        Task<NodeOutcome> run = Run("""{"group":[{"task":"Echo","args":0},{"task":"Echo","args":1},{"task":"Echo","args":2}]}""");
        Assert.Equal(["0.0", "0.1", "0.2"], Called);

        Fail("0.1");
        Fail("0.0");
        Assert.False(run.IsCompleted);
        Answer("0.2", 2);

        Assert.Equal(new NodeFailure("fail", "2 of 3 failed; the first: no", "Echo", "0.0"), (await Ended(run)).Failure);
        Assert.Equal(["0.1", "0.0"], _letters);
    }

    [Fact]
    public async Task Chord_HeaderFails_ItsBodyIsNotCalled()
    {
        Task<NodeOutcome> run = Run("""{"chord":{"header":[{"task":"Echo","args":0},{"task":"Echo","args":1}],"body":{"task":"Sum"}}}""");

        Answer("0.h.1", 1);
        Fail("0.h.0");

        Assert.Equal("0.h.0", (await Ended(run)).Failure!.Path);
        Assert.Equal(["0.h.0", "0.h.1"], Called);
    }

    [Fact]
    public async Task Chord_HeaderEndsInAnyOrder_ItsBodyGetsTheResultsInTheHeaders()
    {
        Task<NodeOutcome> run = Run(
            """{"chord":{"header":[{"task":"Echo","args":0},{"task":"Echo","args":1},{"task":"Echo","args":2}],"body":{"task":"Sum"}}}""");

        Answer("0.h.2", 30);
        Answer("0.h.0", 10);
        Assert.DoesNotContain("0.b", Called);
        Answer("0.h.1", 20);

        Assert.Equal("[10,20,30]", _calls.Single(c => c.Path == "0.b").Args.ToElement().GetRawText());
        Answer("0.b", 60);
        Assert.Equal(60, (await Ended(run)).Result!.ToElement().GetInt32());
    }

    [Theory]
    [InlineData("""{"task":"Echo","args":1}""", null, true)]
    [InlineData("""{"task":"Echo","args":1,"expiresIn":90}""", null, true)]
    [InlineData("""{"task":"Echo","args":1,"countdown":0}""", null, true)]
    [InlineData("""{"task":"Echo","args":1,"countdown":60}""", 60, true)]
    [InlineData("""{"task":"Echo","args":1,"countdown":60,"expiresIn":90}""", 60, true)]
    [InlineData("""{"task":"Echo","args":1,"countdown":90,"expiresIn":90}""", null, false)]
    [InlineData("""{"chain":[{"task":"Echo","args":1,"countdown":30}],"timeLimit":60}""", 30, true)]
    [InlineData("""{"chain":[{"task":"Echo","args":1,"countdown":60}],"timeLimit":60}""", null, false)]
    public void Node_CountdownAndExpiry_AskForTheirTimerOrNone(string canvas, int? timer, bool calls)
    {
        Task<NodeOutcome> run = Run(canvas);

        Assert.Equal(timer is { } seconds ? [Begun.AddSeconds(seconds)] : [], _timers);
        Assert.Equal(calls ? 1 : 0, _calls.Count);
        Assert.Equal(!calls, run.IsCompleted);
    }

    [Fact]
    public async Task Group_MembersThatWaitedForOthers_CountFromWhenTheGroupWasReached()
    {
        Task<NodeOutcome> run = Run("""
            {"group":[{"task":"Echo","args":0},{"task":"Echo","args":1,"expiresIn":30},{"task":"Echo","args":2,"countdown":50},
                      {"task":"Echo","args":3,"countdown":20}],
             "maxInFlight":1,"failures":"collect"}
            """);

        _now = Begun.AddSeconds(40);
        Answer("0.0", 0);

        Assert.Equal([Begun.AddSeconds(50)], _timers);
        Answer("0.2", 2);
        Answer("0.3", 3);
        Assert.Equal(["0.0", "0.2", "0.3"], Called);
        Assert.Equal([Begun.AddSeconds(50)], _timers);
        Assert.Equal("expired", (await Ended(run)).Result!.ToElement()[1].GetProperty("error").GetProperty("code").GetString());
    }

    [Theory]
    [InlineData("", 5, 100)]
    [InlineData(""","maxInFlight":250""", 2, 100)]
    [InlineData(""","maxInFlight":100""", 1, 100)]
    [InlineData(""","maxInFlight":30""", 1, 30)]
    public async Task WideGroup_AsksForItsParts_NoMoreAtOnceThanTheBoundAllows(string bound, int atOnce, int width)
    {
        string members = string.Join(',', Enumerable.Range(0, 450).Select(i => $$"""{"task":"Echo","args":{{i}}}"""));
        string[] all = ["w1.0.0-99", "w1.0.100-199", "w1.0.200-299", "w1.0.300-399", "w1.0.400-449"];

        Task<NodeOutcome> run = Run($$"""{"group":[{{members}}],"retry":{"attempts":2}{{bound}}}""");

        Assert.Equal(all.Take(atOnce), _parts.Select(p => p.InstanceId));
        for (int end = 0; end < all.Length; end++)
        {
            Assert.Equal(Math.Min(all.Length, atOnce + end), _parts.Count);
            int count = _parts[end].Input.Args.Nodes!.Value.GetArrayLength();
            EndPart(all[end], $"[{string.Join(',', Enumerable.Range(end * 100, count))}]");
        }

        Assert.Equal(all, _parts.Select(p => p.InstanceId));
        Assert.Equal([100, 100, 100, 100, 50], _parts.Select(p => p.Input.Args.Nodes!.Value.GetArrayLength()));
        Assert.All(_parts.Index(), p =>
        {
            Assert.Equal(("w1", RunCanvas.Name, (string?)null), (p.Item.Input.Id, p.Item.Input.Workflow, p.Item.Input.Path));
            Assert.Same(Policies, p.Item.Input.Policies);
            Assert.Equal(["batch=7"], p.Item.Input.Stamps!);
            Assert.Equal(("0", p.Index * 100, (int?)width, (int?)2), (p.Item.Input.Args.Path, p.Item.Input.Args.First,
                p.Item.Input.Args.MaxInFlight, p.Item.Input.Args.Options.Retry!.Attempts));
        });
        Assert.Equal(Enumerable.Range(0, 450), (await Ended(run)).Result!.ToElement().Deserialize<int[]>()!);
        Assert.Empty(_calls);
    }

    [Fact]
    public async Task WideGroup_APartHasFailures_TheOthersEndBeforeItIsJudged()
    {
        string members = string.Join(',', Enumerable.Repeat("""{"task":"Echo","args":1}""", 201));
        Task<NodeOutcome> run = Run($$$"""{"group":[{{{members}}}],"failures":{"tolerate":2}}""");

        EndPart("w1.0.200-200", "[null]", 1, new("late", "the last", "Echo", "0.200"));
        EndPart("w1.0.0-99", "[]", 2, new("early", "the first", "Echo", "0.7"));
        Assert.False(run.IsCompleted);
        EndPart("w1.0.100-199", "[]");

        Assert.Equal(new NodeFailure("early", "3 of 201 failed; the first: the first", "Echo", "0.7"), (await Ended(run)).Failure);
    }

    [Fact]
    public async Task LongChain_AsksForOnePartAfterAnotherAndStopsAtAFailure()
    {
        string steps = string.Join(',', Enumerable.Repeat("""{"task":"Echo"}""", 250));
        Task<NodeOutcome> run = Run($$"""{"chain":[{{steps}}]}""");

        Assert.Equal(["w1.0.0-99"], _parts.Select(p => p.InstanceId));
        EndPart("w1.0.0-99", "\"so far\"");
        Assert.Equal(["w1.0.0-99", "w1.0.100-199"], _parts.Select(p => p.InstanceId));
        Assert.Equal(
            (CanvasPartKind.Steps, 100, "so far"),
            (_parts[1].Input.Args.Kind, _parts[1].Input.Args.First, _parts[1].Input.Args.Prev!.ToElement().GetString()));
        EndPart("w1.0.100-199", "null", 1, new("fail", "no", "Echo", "0.150"));

        Assert.Equal("0.150", (await Ended(run)).Failure!.Path);
        Assert.Equal(2, _parts.Count);
    }

    [Fact]
    public async Task Map_AChunkIsBusy_IsAskedForAgainAfterATimerWithTheSameRound()
    {
        _chunkEnds.Enqueue(ChunkOutcome.Busy(TimeSpan.FromSeconds(7)));
        _chunkEnds.Enqueue(ChunkOutcome.Busy(TimeSpan.FromSeconds(3)));
        _chunkEnds.Enqueue(new(Json("[1,2]"), []));

        NodeOutcome outcome = await Ended(Run("""{"map":{"task":"Echo","over":[1,2],"chunk":2}}"""));

        Assert.Equal([Begun.AddSeconds(7), Begun.AddSeconds(10)], _timers);
        Assert.Equal([1, 1, 1], _chunks.Select(c => c.Round));
        Assert.All(_chunks, c => Assert.Null(c.Again));
        Assert.Equal("[1,2]", outcome.Result!.ToElement().GetRawText());
    }

    [Fact]
    public async Task Map_ItemsFail_TheyAloneAreTriedAgainAfterTheLongestDelayInANewRound()
    {
        TaskValue args = Json("7");
        _chunkEnds.Enqueue(new(Json("[null,null,12,null,null]"),
        [
            new(0, FailureKind.Transient, "io", "broken", null, args),
            new(1, FailureKind.RateLimited, "http-429", "slow down", 300, args),
            new(3, FailureKind.Transient, "io", "broken", null, args),
            new(4, FailureKind.Permanent, "declined", "no", null, args),
        ]));
        _chunkEnds.Enqueue(new(Json("[10,11,12,null,null]"), [new(3, FailureKind.Transient, "io", "broken", null, args)]));
        _chunkEnds.Enqueue(new(Json("[10,11,12,13,null]"), []));

        NodeOutcome outcome = await Ended(Run("""{"map":{"task":"Echo","over":[0,1,2,3,"""
            + """4],"chunk":5,"failures":{"tolerate":1}},"retry":{"firstDelaySeconds":20,"backoff":2}}"""));

        Assert.Equal([1, 2, 3], _chunks.Select(c => c.Round));
        Assert.Null(_chunks[0].Again);
        Assert.Equal([new ChunkItem(0, 2, 0), new ChunkItem(1, 1, 1), new ChunkItem(3, 2, 0)], _chunks[1].Again!);
        Assert.Equal([new ChunkItem(3, 3, 0)], _chunks[2].Again!);
        Assert.Equal(
            ["[null,null,12,null,null]", "[10,11,12,null,null]"], _chunks.Skip(1).Select(c => c.Results!.ToElement().GetRawText()));
        Assert.InRange((_timers[0] - Begun).TotalSeconds, 300, 330);
        Assert.InRange((_timers[1] - _timers[0]).TotalSeconds, 40, 44);
        Assert.Equal(["0.4"], _letters);
        Assert.Equal("[10,11,12,13,null]", outcome.Result!.ToElement().GetRawText());
    }

    [Fact]
    public async Task Map_AnItemFailsTooOften_IsGivenUpAndNotTriedAgain()
    {
        TaskValue args = Json("7");
        for (int attempt = 1; attempt <= 3; attempt++)
        {
            _chunkEnds.Enqueue(new(Json("[null]"), [new(0, FailureKind.Transient, "io", "broken", null, args)]));
        }

        NodeOutcome outcome = await Ended(Run("""{"map":{"task":"Echo","over":[1],"chunk":1}}"""));

        // Three tries are what the policy in the workflow's input says.
        Assert.Equal(3, _chunks.Count);
        Assert.Equal(2, _timers.Count);
        Assert.Equal(["0.0"], _letters);
        Assert.Equal(("io", "0.0"), (outcome.Failure!.Code, outcome.Failure.Path));
    }

    [Fact]
    public async Task Map_ChunksWithABound_AreNoMoreAtOnce()
    {
        var ends = new List<TaskCompletionSource<ChunkOutcome>>();
        _context.Setup(c => c.CallActivityAsync<ChunkOutcome>(
            It.Is<TaskName>(n => n.Name == "RunChunk"), It.IsAny<object?>(), It.IsAny<TaskOptions?>()))
            .Returns((TaskName _, object? call, TaskOptions? _) =>
            {
                _chunks.Add((ChunkCall)call!);
                ends.Add(new());
                return ends[^1].Task;
            });

        Task<NodeOutcome> run = Run("""{"map":{"task":"Echo","over":[0,1,2,3,4,5,6],"chunk":2,"maxInFlight":2}}""");

        Assert.Equal([0, 2], _chunks.Select(c => c.First));
        ends[1].SetResult(new(Json("[2,3]"), []));
        Assert.Equal([0, 2, 4], _chunks.Select(c => c.First));
        ends[2].SetResult(new(Json("[4,5]"), []));
        ends[3].SetResult(new(Json("[6]"), []));
        Assert.False(run.IsCompleted);
        ends[0].SetResult(new(Json("[0,1]"), []));
        Assert.Equal("[0,1,2,3,4,5,6]", (await Ended(run)).Result!.ToElement().GetRawText());
    }

    [Fact]
    public async Task StoredPart_IsReadByReadCanvasAndNothingElse()
    {
        _answers["ReadCanvas"] = Json("""[{"task":"Echo","args":1},{"task":"Echo","args":2}]""");

        Task<PartOutcome> run = NewRun().RunPartAsync(new()
        {
            Kind = CanvasPartKind.Members, Options = NodeOptions.None, StoredNodes = Stored, First = 100, Path = "0", Input = TaskValue.Null
        });

        Assert.Equal([("ReadCanvas", (object)TaskValue.Of(Stored))], _asked);
        Assert.Equal(["0.100", "0.101"], Called);
        Answer("0.100", 1);
        Answer("0.101", 2);
        Assert.Equal("[1,2]", (await Ended(run)).Results.ToElement().GetRawText());
        Assert.Single(_asked);
    }

    [Fact]
    public void StoredParts_OfAnOutline_AreHandedOnUnread()
    {
        string part = JsonSerializer.Serialize(Stored, TaskJson.Options);

        _ = Run($$$"""{"group":[],"parts":[{"first":0,"count":3,"ref":{{{part}}}},{"first":3,"count":2,"ref":{{{part}}}}]}""");

        Assert.Equal(["w1.0.0-2", "w1.0.3-4"], _parts.Select(p => p.InstanceId));
        Assert.All(_parts, p => Assert.Equal((Stored, (JsonElement?)null), (p.Input.Args.StoredNodes, p.Input.Args.Nodes)));
        Assert.Empty(_asked);
    }

    [Fact]
    public async Task Document_Stored_IsReadOnceAndItsResultReported()
    {
        var reported = new List<WorkflowUpdate>();
        _answers["ReadCanvas"] = Json("""{"task":"Echo","args":1}""");
        _context.Setup(c => c.CallActivityAsync<WorkflowBeginning>(
            It.Is<TaskName>(n => n.Name == "BeginWorkflow"), "w1", It.IsAny<TaskOptions?>())).ReturnsAsync(new WorkflowBeginning(true));
        _context.Setup(
            c => c.CallActivityAsync(It.Is<TaskName>(n => n.Name == "UpdateWorkflowStatus"), It.IsAny<object?>(), It.IsAny<TaskOptions?>()))
            .Callback((TaskName _, object? update, TaskOptions? _) => reported.Add((WorkflowUpdate)update!)).Returns(Task.CompletedTask);

        Task<object?> run = RunCanvas.RunAsync(_context.Object, new("w1", new(TaskValue.Of(Stored), TaskValue.Null), Policies));
        _tasks["0"].SetResult(TaskOutcome.Succeeded(TaskValue.Of(Large)));

        Assert.Equal(Large, await Ended(run));
        Assert.Equal([("ReadCanvas", (object)TaskValue.Of(Stored))], _asked);
        Assert.Equal((WorkflowStatus.Completed, Large), (Assert.Single(reported).Status, reported[0].ResultReference));
    }

    [Fact]
    public async Task LargeResult_IsPassedOnByReferenceAndNotLoaded()
    {
        Task<NodeOutcome> run = Run("""{"chain":[{"task":"Echo","args":1},{"task":"Echo"},{"task":"Echo","args":"$prev"}]}""");

        _tasks["0.0"].SetResult(TaskOutcome.Succeeded(TaskValue.Of(Large)));
        Assert.Equal(Large, _calls[1].Args.Reference);
        _tasks["0.1"].SetResult(TaskOutcome.Succeeded(TaskValue.Of(Large)));
        Assert.Equal(Large, _calls[2].Args.Reference);
        _tasks["0.2"].SetResult(TaskOutcome.Succeeded(TaskValue.Of(Large)));

        Assert.Equal(Large, (await Ended(run)).Result!.Reference);
        Assert.Empty(_asked);
    }

    [Fact]
    public void ReferenceIntoALargeResult_IsFollowedByAnActivity()
    {
        _answers["ResolveReferences"] = TaskValue.Of(Stored);
        _ = Run("""{"chain":[{"task":"Echo","args":1},{"task":"Echo","args":{"row":"$prev/rows/0"}}]}""");

        _tasks["0.0"].SetResult(TaskOutcome.Succeeded(TaskValue.Of(Large)));

        var work = (ReferencesToResolve)Assert.Single(_asked).Input;
        Assert.Equal((Large, "0.1", (TaskValue?)null), (work.Prev!.Reference, work.Path, work.Input));
        Assert.Equal(Stored, _calls[1].Args.Reference);
    }

    [Fact]
    public async Task ResultsOfAGroup_OneIsLarge_AreJoinedByAnActivity()
    {
        _answers["AssembleResults"] = TaskValue.Of(Stored);
        Task<NodeOutcome> run = Run("""{"group":[{"task":"Echo","args":0},{"task":"Echo","args":1}]}""");

        _tasks["0.0"].SetResult(TaskOutcome.Succeeded(TaskValue.Of(Large)));
        Answer("0.1", 11);

        Assert.Equal(Stored, (await Ended(run)).Result!.Reference);
        (string activity, object input) = Assert.Single(_asked);
        var work = (ResultsToAssemble)input;
        Assert.Equal(
            ("AssembleResults", false, Large, 11),
            (activity, work.AreArrays, work.Parts[0].Reference, work.Parts[1].ToElement().GetInt32()));
    }

    [Fact]
    public async Task MapOverALargeArray_IsSplitByAnActivityAndItsChunksHandedOnUnread()
    {
        _context.Setup(c => c.CallActivityAsync<ItemChunks>(
            It.Is<TaskName>(n => n.Name == "SplitItems"), It.IsAny<object?>(), It.IsAny<TaskOptions?>()))
            .Returns((TaskName name, object? input, TaskOptions? _) =>
            {
                _asked.Add((name.Name, input!));
                return Task.FromResult(new ItemChunks(4, 2, [TaskValue.Of(Stored), Json("[3,4]")]));
            });
        _chunkEnds.Enqueue(new(Json("[1,2]"), []));
        _chunkEnds.Enqueue(new(Json("[3,4]"), []));

        NodeOutcome outcome = await Ended(Run("""{"map":{"task":"Echo","over":"$input"}}""", TaskValue.Of(Large)));

        Assert.Equal(Large, ((ItemsToSplit)Assert.Single(_asked).Input).Over);
        Assert.Equal([(0, Stored), (2, null)], _chunks.Select(c => (c.First, c.Items.Reference)));
        Assert.Equal("[1,2,3,4]", outcome.Result!.ToElement().GetRawText());
    }

    private Task<NodeOutcome> Run(string canvas, TaskValue? input = null) =>
        NewRun(input).RunAsync(CanvasReader.Read(JsonElement.Parse(canvas)));

    private CanvasRun NewRun(TaskValue? input = null) =>
        new(_context.Object, new WorkflowHeader("w1", Policies, ["batch=7"], RunCanvas.Name), input ?? TaskValue.Null);

    /// <summary>All that was asked is answered, so it has ended; one that still waits is an error and no hang.</summary>
    private static Task<T> Ended<T>(Task<T> run)
    {
        Assert.True(run.IsCompleted, "It waits for something that it was not to ask for.");
        return run;
    }

    private static TaskValue Json(string json) => TaskValue.Of(JsonElement.Parse(json));

    private void Answer(string path, int result) => _tasks[path].SetResult(TaskOutcome.Succeeded(TaskValue.Of(TaskJson.ToElement(result))));

    private void Fail(string path) => _tasks[path].SetException(
        new TaskFailedException("Echo", 0, new TaskFailureDetails(typeof(PermanentTaskException).FullName!, "fail: no", null, null, null)));

    private void EndPart(string instanceId, string results, int failed = 0, NodeFailure? first = null) =>
        _partEnds[instanceId].SetResult(new(Json(results), failed, first));

    private Task Timer(DateTime due)
    {
        _timers.Add(due);
        _now = due;
        return Task.CompletedTask;
    }
}
