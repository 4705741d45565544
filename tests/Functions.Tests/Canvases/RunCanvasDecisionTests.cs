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

namespace Chard.Functions.Tests.Canvases;

/// <summary>
/// What the interpreter asks of the orchestration, decision by decision. The mock is strict: what is not answered here must not be asked.
/// </summary>
public sealed partial class RunCanvasDecisionTests
{
    private static readonly DateTime Begun = new(2030, 1, 1, 0, 0, 0, DateTimeKind.Utc);
    private static readonly PayloadReference Large = new("w1/results/large", "00", 1_000_000);
    private static readonly PayloadReference Stored = new("w1/canvas/part", "11", 60_000);
    private static readonly Dictionary<string, TaskPolicy> Policies = new()
    {
        ["Echo"] = TaskPolicy.Default with { Attempts = 3 },
        ["Tiny"] = TaskPolicy.Default with { Attempts = 3, Pack = 100 },
    };

    private readonly OrchestrationContextBuilder _context = new("w1", RunCanvas.Name, Begun);
    private readonly Dictionary<string, TaskCompletionSource<TaskOutcome>> _tasks = [];
    private readonly Dictionary<string, TaskCompletionSource<PartOutcome>> _partEnds = [];
    private readonly Dictionary<string, TaskValue> _answers = [];
    private readonly Queue<PackOutcome> _packEnds = [];

    public RunCanvasDecisionTests() => _context
        .Input(new WorkflowHeader("w1", Policies, ["batch=7"], RunCanvas.Name))
        .AnyActivity((string _, TaskCall call) => (_tasks[call.Path] = new()).Task)
        .AnyActivity((string name, object _) => Task.FromResult(_answers[name]))
        .Activity("RunPack", (PackCall _) => Task.FromResult(_packEnds.Dequeue()))
        .Activity("WriteDeadLetter")
        .Child("RunCanvasPart", (string id, WorkflowInput<CanvasPart> _) => (_partEnds[id] = new()).Task);

    private IReadOnlyList<TaskCall> Calls => _context.Given<TaskCall>();

    private IEnumerable<string> Called => Calls.Select(c => c.Path);

    private IReadOnlyList<PackCall> Packs => _context.Given<PackCall>();

    private IReadOnlyList<(string InstanceId, WorkflowInput<CanvasPart> Input)> Parts =>
        [.. _context.Children.Select(c => (c.Name, (WorkflowInput<CanvasPart>)c.Input!))];

    private IEnumerable<string?> Letters => _context.Given<DeadLetter>().Select(l => l.Path);

    /// <summary>The activities that were asked to work on values: to read, split, resolve or join them.</summary>
    private IReadOnlyList<(string Activity, object Input)> OnValues =>
        [.. _context.Activities.Where(a => a.Name == "SplitItems" || _answers.ContainsKey(a.Name)).Select(a => (a.Name, a.Input!))];

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
        Assert.Equal(["0.1", "0.0"], Letters);
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

        Assert.Equal("[10,20,30]", Calls.Single(c => c.Path == "0.b").Args.ToElement().GetRawText());
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

        Assert.Equal(timer is { } seconds ? [Begun.AddSeconds(seconds)] : [], _context.Timers);
        Assert.Equal(calls ? 1 : 0, Calls.Count);
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

        _context.Now = Begun.AddSeconds(40);
        Answer("0.0", 0);

        Assert.Equal([Begun.AddSeconds(50)], _context.Timers);
        Answer("0.2", 2);
        Answer("0.3", 3);
        Assert.Equal(["0.0", "0.2", "0.3"], Called);
        Assert.Equal([Begun.AddSeconds(50)], _context.Timers);
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

        Assert.Equal(all.Take(atOnce), Parts.Select(p => p.InstanceId));
        for (int end = 0; end < all.Length; end++)
        {
            Assert.Equal(Math.Min(all.Length, atOnce + end), Parts.Count);
            int count = Parts[end].Input.Args.Nodes!.Value.GetArrayLength();
            EndPart(all[end], $"[{string.Join(',', Enumerable.Range(end * 100, count))}]");
        }

        Assert.Equal(all, Parts.Select(p => p.InstanceId));
        Assert.Equal([100, 100, 100, 100, 50], Parts.Select(p => p.Input.Args.Nodes!.Value.GetArrayLength()));
        Assert.All(Parts.Index(), p =>
        {
            Assert.Equal(("w1", RunCanvas.Name, (string?)null), (p.Item.Input.Id, p.Item.Input.Workflow, p.Item.Input.Path));
            Assert.Same(Policies, p.Item.Input.Policies);
            Assert.Equal(["batch=7"], p.Item.Input.Stamps!);
            Assert.Equal(("0", p.Index * 100, (int?)width, (int?)2), (p.Item.Input.Args.Path, p.Item.Input.Args.First,
                p.Item.Input.Args.MaxInFlight, p.Item.Input.Args.Options.Retry!.Attempts));
        });
        Assert.Equal(Enumerable.Range(0, 450), (await Ended(run)).Result!.ToElement().Deserialize<int[]>()!);
        Assert.Empty(Calls);
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

        Assert.Equal(["w1.0.0-99"], Parts.Select(p => p.InstanceId));
        EndPart("w1.0.0-99", "\"so far\"");
        Assert.Equal(["w1.0.0-99", "w1.0.100-199"], Parts.Select(p => p.InstanceId));
        Assert.Equal(
            (CanvasPartKind.Steps, 100, "so far"),
            (Parts[1].Input.Args.Kind, Parts[1].Input.Args.First, Parts[1].Input.Args.Prev!.ToElement().GetString()));
        EndPart("w1.0.100-199", "null", 1, new("fail", "no", "Echo", "0.150"));

        Assert.Equal("0.150", (await Ended(run)).Failure!.Path);
        Assert.Equal(2, Parts.Count);
    }

    [Fact]
    public async Task StoredPart_IsReadByReadCanvasAndNothingElse()
    {
        _answers["ReadCanvas"] = Json("""[{"task":"Echo","args":1},{"task":"Echo","args":2}]""");

        Task<PartOutcome> run = NewRun().RunPartAsync(new()
        {
            Kind = CanvasPartKind.Members, Options = NodeOptions.None, StoredNodes = Stored, First = 100, Path = "0", Input = TaskValue.Null
        });

        Assert.Equal([("ReadCanvas", (object)TaskValue.Of(Stored))], OnValues);
        Assert.Equal(["0.100", "0.101"], Called);
        Answer("0.100", 1);
        Answer("0.101", 2);
        Assert.Equal("[1,2]", (await Ended(run)).Results.ToElement().GetRawText());
        Assert.Single(OnValues);
    }

    [Fact]
    public void StoredParts_OfAnOutline_AreHandedOnUnread()
    {
        string part = JsonSerializer.Serialize(Stored, TaskJson.Options);

        _ = Run($$$"""{"group":[],"parts":[{"first":0,"count":3,"ref":{{{part}}}},{"first":3,"count":2,"ref":{{{part}}}}]}""");

        Assert.Equal(["w1.0.0-2", "w1.0.3-4"], Parts.Select(p => p.InstanceId));
        Assert.All(Parts, p => Assert.Equal((Stored, (JsonElement?)null), (p.Input.Args.StoredNodes, p.Input.Args.Nodes)));
        Assert.Empty(OnValues);
    }

    [Fact]
    public async Task Document_Stored_IsReadOnceAndItsResultReported()
    {
        _answers["ReadCanvas"] = Json("""{"task":"Echo","args":1}""");
        _context.Activity("BeginWorkflow", (string _) => Task.FromResult(new WorkflowBeginning(true))).Activity("UpdateWorkflowStatus");

        Task<object?> run = RunCanvas.RunAsync(_context.Context, new("w1", new(TaskValue.Of(Stored), TaskValue.Null), Policies));
        _tasks["0"].SetResult(TaskOutcome.Succeeded(TaskValue.Of(Large)));

        Assert.Equal(Large, await Ended(run));
        Assert.Equal([("ReadCanvas", (object)TaskValue.Of(Stored))], OnValues);
        WorkflowUpdate reported = Assert.Single(_context.Given<WorkflowUpdate>());
        Assert.Equal((WorkflowStatus.Completed, Large), (reported.Status, reported.ResultReference));
    }

    [Fact]
    public async Task LargeResult_IsPassedOnByReferenceAndNotLoaded()
    {
        Task<NodeOutcome> run = Run("""{"chain":[{"task":"Echo","args":1},{"task":"Echo"},{"task":"Echo","args":"$prev"}]}""");

        _tasks["0.0"].SetResult(TaskOutcome.Succeeded(TaskValue.Of(Large)));
        Assert.Equal(Large, Calls[1].Args.Reference);
        _tasks["0.1"].SetResult(TaskOutcome.Succeeded(TaskValue.Of(Large)));
        Assert.Equal(Large, Calls[2].Args.Reference);
        _tasks["0.2"].SetResult(TaskOutcome.Succeeded(TaskValue.Of(Large)));

        Assert.Equal(Large, (await Ended(run)).Result!.Reference);
        Assert.Empty(OnValues);
    }

    [Fact]
    public void ReferenceIntoALargeResult_IsFollowedByAnActivity()
    {
        _answers["ResolveReferences"] = TaskValue.Of(Stored);
        _ = Run("""{"chain":[{"task":"Echo","args":1},{"task":"Echo","args":{"row":"$prev/rows/0"}}]}""");

        _tasks["0.0"].SetResult(TaskOutcome.Succeeded(TaskValue.Of(Large)));

        var work = (ReferencesToResolve)Assert.Single(OnValues).Input;
        Assert.Equal((Large, "0.1", (TaskValue?)null), (work.Prev!.Reference, work.Path, work.Input));
        Assert.Equal(Stored, Calls[1].Args.Reference);
    }

    [Fact]
    public async Task ResultsOfAGroup_OneIsLarge_AreJoinedByAnActivity()
    {
        _answers["AssembleResults"] = TaskValue.Of(Stored);
        Task<NodeOutcome> run = Run("""{"group":[{"task":"Echo","args":0},{"task":"Echo","args":1}]}""");

        _tasks["0.0"].SetResult(TaskOutcome.Succeeded(TaskValue.Of(Large)));
        Answer("0.1", 11);

        Assert.Equal(Stored, (await Ended(run)).Result!.Reference);
        (string activity, object input) = Assert.Single(OnValues);
        var work = (ResultsToAssemble)input;
        Assert.Equal(
            ("AssembleResults", false, Large, 11),
            (activity, work.AreArrays, work.Parts[0].Reference, work.Parts[1].ToElement().GetInt32()));
    }

    [Fact]
    public async Task MapOverALargeArray_IsSplitByAnActivityAndItsChunksHandedOnUnread()
    {
        _context.Activity("SplitItems", (ItemsToSplit _) => Task.FromResult(new ItemChunks(4, 2, [TaskValue.Of(Stored), Json("[3,4]")])));
        _packEnds.Enqueue(Packed("[1,2]", 2));
        _packEnds.Enqueue(Packed("[3,4]", 2));

        NodeOutcome outcome = await Ended(Run("""{"map":{"task":"Echo","over":"$input"}}""", TaskValue.Of(Large)));

        Assert.Equal(Large, ((ItemsToSplit)Assert.Single(OnValues).Input).Over);
        Assert.Equal([(0, Stored), (2, null)], Packs.Select(c => (c.First, c.Items!.Reference)));
        Assert.Equal("[1,2,3,4]", outcome.Result!.ToElement().GetRawText());
    }

    private Task<NodeOutcome> Run(string canvas, TaskValue? input = null) =>
        NewRun(input).RunAsync(CanvasReader.Read(JsonElement.Parse(canvas)), null);

    private CanvasRun NewRun(TaskValue? input = null) =>
        new(
            _context.Context, new WorkflowHeader("w1", Policies, ["batch=7"], RunCanvas.Name), input ?? TaskValue.Null,
            new(_context.Context, "w1", 0));

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
}
