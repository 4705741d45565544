using Chard.Canvases;
using Chard.Domain.Canvases;
using Chard.Domain.DeadLetters;
using Chard.Domain.Failures;
using Chard.Domain.Tasks;
using Chard.Domain.Workflows;
using Chard.Status;

namespace Chard.Functions.Tests.Canvases;

/// <summary>What becomes of tasks in packs.</summary>
public sealed partial class RunCanvasDecisionTests
{
    private const string FourTiny =
        """[{"task":"Tiny","args":0},{"task":"Tiny","args":1},{"task":"Tiny","args":2},{"task":"Tiny","args":3}]""";

    [Fact]
    public async Task Pack_IsBusy_IsAskedForAgainAfterATimerWithTheSameRound()
    {
        _packEnds.Enqueue(PackOutcome.Busy(TimeSpan.FromSeconds(7)));
        _packEnds.Enqueue(PackOutcome.Busy(TimeSpan.FromSeconds(3)));
        _packEnds.Enqueue(Packed("[1,2]", 2));

        NodeOutcome outcome = await Ended(Run("""{"map":{"task":"Echo","over":[1,2],"chunk":2}}"""));

        Assert.Equal([Begun.AddSeconds(7), Begun.AddSeconds(10)], _context.Timers);
        Assert.Equal([1, 1, 1], Packs.Select(c => c.Round));
        Assert.All(Packs, c => Assert.Null(c.Again));
        Assert.Equal("[1,2]", outcome.Result!.ToElement().GetRawText());
    }

    [Fact]
    public async Task Pack_FewLanesFail_EachGoesOnByItselfAsItWouldHaveWithoutThePack()
    {
        _packEnds.Enqueue(Packed(
            "[10,null,null,null]", 4,
            Failed(1, FailureKind.Transient, "io"),
            Failed(2, FailureKind.RateLimited, "http-429", seconds: 300),
            Failed(3, FailureKind.Permanent, "declined")));

        Task<NodeOutcome> run = Run($$"""{"group":{{FourTiny}},"failures":{"tolerate":1},"retry":{"firstDelaySeconds":20} }""");

        Assert.Equal(["0.1", "0.2"], Called.Order());
        Assert.Equal((2, 0), Calls.Where(c => c.Path == "0.1").Select(c => (c.Attempt, c.Wait)).Single());
        Assert.Equal((1, 1), Calls.Where(c => c.Path == "0.2").Select(c => (c.Attempt, c.Wait)).Single());

        // The mock's clock jumps to each timer.
        Assert.InRange((_context.Timers[0] - Begun).TotalSeconds, 20, 22);
        Assert.InRange((_context.Timers[1] - _context.Timers[0]).TotalSeconds, 300, 330);
        Assert.Equal(["0.3"], Letters);
        Answer("0.1", 11);
        Answer("0.2", 12);
        Assert.Equal("[10,11,12,null]", (await Ended(run)).Result!.ToElement().GetRawText());
        Assert.Single(Packs);
    }

    [Fact]
    public async Task Pack_ManyLanesFail_AreTriedAgainTogetherAfterTheLongestDelayAndNoOthers()
    {
        string nulls = string.Join(',', Enumerable.Repeat("null", 30));
        _packEnds.Enqueue(Packed(
            $"[1,{nulls},null]", 32,
            [
                .. Enumerable.Range(1, 30).Select(i => Failed(i, FailureKind.Transient, "io")),
                Failed(31, FailureKind.Permanent, "declined"),
            ]));
        _packEnds.Enqueue(Packed($"[1,{nulls.Replace("null", "2", StringComparison.Ordinal)},null]", 32));
        string items = string.Join(',', Enumerable.Range(0, 32));

        NodeOutcome outcome = await Ended(Run(
            $$$"""{"map":{"task":"Echo","over":[{{{items}}}],"chunk":32,"failures":{"tolerate":1}},"retry":{"firstDelaySeconds":20}}"""));

        Assert.Equal([1, 2], Packs.Select(p => p.Round));
        Assert.Equal(Enumerable.Range(1, 30).Select(i => new LaneStart(i, Attempt: 2)), Packs[1].Again!);
        Assert.InRange((_context.Timers[0] - Begun).TotalSeconds, 20, 22);
        Assert.Equal(["0.31"], Letters);
        Assert.Empty(Calls);
        Assert.Equal(31, outcome.Result!.ToElement().EnumerateArray().Count(e => e.ValueKind == System.Text.Json.JsonValueKind.Number));
    }

    [Fact]
    public async Task Pack_ItsTimeIsOver_TheRestIsPackedAnewInSmallerPacks()
    {
        _packEnds.Enqueue(Packed("[0,1,2]", 3));
        _packEnds.Enqueue(Packed("[3,4,5]", 3));
        _packEnds.Enqueue(Packed("[6,7]", 2));
        string members = string.Join(',', Enumerable.Range(0, 8).Select(i => $$"""{"task":"Tiny","args":{{i}}}"""));

        NodeOutcome outcome = await Ended(Run($$"""{"group":[{{members}}]}"""));

        Assert.Equal([(0, 8), (3, 3), (6, 2)], Packs.Select(p => (p.First, p.Take)));
        Assert.Equal([1, 1, 1], Packs.Select(p => p.Round));
        Assert.Equal("[0,1,2,3,4,5,6,7]", outcome.Result!.ToElement().GetRawText());
    }

    [Fact]
    public void Pack_MayHaveNoMoreAtWorkThanTheGroup()
    {
        var ends = new List<TaskCompletionSource<PackOutcome>>();
        _context.Activity("RunPack", (PackCall _) =>
        {
            ends.Add(new());
            return ends[^1].Task;
        });
        string members = string.Join(',', Enumerable.Range(0, 300).Select(i => $$"""{"task":"Tiny","args":{{i}}}"""));

        _ = Run($$"""{"group":[{{members}}],"maxInFlight":70}""");

        Assert.Equal([(75, 64), (75, 6)], Packs.Select(p => (p.Take, p.Width)));
        ends[1].SetResult(Packed("[" + string.Join(',', Enumerable.Range(0, 75)) + "]", 75));
        Assert.Equal([64, 6, 6], Packs.Select(p => p.Width));
    }

    [Fact]
    public async Task Chain_OfPackableSteps_IsOneActivityAndGoesOnBehindTheStepThatFailed()
    {
        _packEnds.Enqueue(new() { Begun = 1, Rest = [new(new(0, 1, Json("\"first\""), 1), new(FailureKind.Transient, "io", "broken"))] });
        _packEnds.Enqueue(new() { Begun = 1, Results = Json("\"end\"") });

        Task<NodeOutcome> run = Run($$"""{"chain":{{FourTiny}},"retry":{"firstDelaySeconds":20} }""");

        Assert.Equal((PackKind.Steps, 0, 4), (Packs[0].Kind, Packs[0].First, Packs[0].Take));
        Assert.Equal([("0.1", 2)], Calls.Select(c => (c.Path, c.Attempt)));
        Answer("0.1", 11);
        Assert.Equal((PackKind.Steps, 2, 2, 11), (
            Packs[1].Kind, Packs[1].First, Packs[1].Take, Packs[1].Prev!.ToElement().GetInt32()));
        Assert.Equal("end", (await Ended(run)).Result!.ToElement().GetString());
    }

    [Fact]
    public async Task Chain_OfPackableStepsThatItsPackHasNotBegun_GoesOnByItself()
    {
        _packEnds.Enqueue(new() { Begun = 0 });

        Task<NodeOutcome> run = Run("""{"chain":[{"task":"Tiny","args":0},{"task":"Tiny","args":1}]}""");

        Assert.Equal(["0.0"], Called);
        Answer("0.0", 10);
        Answer("0.1", 11);
        Assert.Equal(11, (await Ended(run)).Result!.ToElement().GetInt32());
    }

    [Fact]
    public void Pack_LanesThatGoOnByThemselves_DoNotWaitForTheRoundsOfTheOthers()
    {
        var ends = new List<TaskCompletionSource<PackOutcome>>();
        _context.Activity("RunPack", (PackCall _) =>
        {
            ends.Add(new());
            return ends[^1].Task;
        });
        _ = Run($$"""{"group":{{FourTiny}}}""");

        ends[0].SetResult(Packed("[10,null,null,13]", 4, new LaneRest(new(1)), new LaneRest(new(2), IsAlone: true)));

        Assert.Equal([1, 2], Packs.Select(p => p.Round));
        Assert.Equal(["0.2"], Called);
    }

    [Fact]
    public void Tasks_OfTheSlowRouteUnderALimitOrThatWait_AreNeverPacked()
    {
        _context.Activity("SendSlowTask", (Chard.Domain.Routes.SlowTaskMessage _) => new TaskCompletionSource<DateTimeOffset>().Task);

        _ = Run("""{"group":[{"task":"Tiny","route":"slow"},{"task":"Tiny","pack":1},{"task":"Tiny","pack":1},"""
            + """{"task":"Tiny","countdown":5},{"task":"Tiny","timeLimit":5}]}""");

        Assert.Empty(Packs);
        Assert.Equal(["0.1", "0.2", "0.3", "0.4"], Called);
    }

    [Fact]
    public async Task WholeCanvas_ThatOnePackMayRun_BeginsAndEndsInOneActivity()
    {
        _packEnds.Enqueue(new() { Begun = 1, Results = Json("7"), Beginning = new(true), IsEnd = true });

        object? result = await Ended(RunCanvas.RunAsync(
            _context.Context, new("w1", new(Json($$"""{"chain":{{FourTiny}}}"""), TaskValue.Null), Policies)));

        Assert.Equal("7", result!.ToString());
        Assert.Equal(["RunPack"], _context.Activities.Select(a => a.Name));
        Assert.True(Packs[0].IsWhole);
    }

    [Fact]
    public async Task WholeCanvas_ThatFailsInItsPack_GoesOnAndTellsItsEnd()
    {
        _packEnds.Enqueue(new()
        {
            Begun = 1,
            Beginning = new(true),
            Rest = [new(new(0), new(FailureKind.Permanent, "declined", "no", Chain: [new("X", "y")]))],
        });
        _context.Activity("UpdateWorkflowStatus");

        await Assert.ThrowsAsync<TaskExhaustedException>(() => Ended(RunCanvas.RunAsync(
            _context.Context, new("w1", new(Json("""{"task":"Echo","args":1}"""), TaskValue.Null), Policies))));

        Assert.Empty(Calls);
        Assert.Equal([new DeadLetterCause("X", "y")], Assert.Single(_context.Given<DeadLetter>()).Chain);
        Assert.Equal(WorkflowStatus.Failed, Assert.Single(_context.Given<WorkflowUpdate>()).Status);
    }

    [Fact]
    public async Task WholeCanvas_ThatHasEndedBefore_DoesNothing()
    {
        _packEnds.Enqueue(new() { Beginning = new WorkflowBeginning(false) });

        Assert.Null(await Ended(RunCanvas.RunAsync(
            _context.Context, new("w1", new(Json("""{"task":"Echo","args":1}"""), TaskValue.Null), Policies))));

        Assert.Equal(["RunPack"], _context.Activities.Select(a => a.Name));
    }

    [Fact]
    public void Progress_IsToldFromTheThirdSecondOnAndThenEachTwentieth()
    {
        _context.Activity("UpdateWorkflowStatus");
        using var progress = new CanvasProgress(_context.Context, "w1", total: 40);

        progress.Add(1, 0);
        Assert.Empty(_context.Timers);
        progress.Add(1, 0);
        Assert.Equal([Begun.AddSeconds(2)], _context.Timers); // the mock's clock jumps to it
        progress.Add(0, 1);
        progress.Add(1, 0);

        Assert.Equal(
            [new WorkflowProgress(40, 2, 0), new WorkflowProgress(40, 3, 1)], _context.Given<WorkflowUpdate>().Select(u => u.Progress));

        // Of the last one the end tells.
        progress.Add(36, 0);
        Assert.Equal(2, _context.Given<WorkflowUpdate>().Count);
    }

    [Fact]
    public void Progress_OfParts_CountsEachTaskOnceHoweverTheirEventsCome()
    {
        TaskCompletionSource<PartProgress> next = null!;
        _context.Activity("UpdateWorkflowStatus").Event(_ => (next = new()).Task);
        using var progress = new CanvasProgress(_context.Context, "w1", total: 40);
        progress.Begin("a");
        progress.Begin("b");

        Tell("a", 5);
        Tell("a", 5); // twice
        Tell("a", 3); // an older one
        Assert.Equal(5, progress.Now.Succeeded);

        progress.End("a", new(0, 10, 1));
        Tell("a", 7); // late
        Tell("b", 4);
        Tell("c", 9); // of nobody
        Assert.Equal(new WorkflowProgress(40, 14, 1), progress.Now);

        void Tell(string part, int succeeded) => next.SetResult(new(part, new(0, succeeded, 0)));
    }

    private static PackOutcome Packed(string results, int begun, params LaneRest[] rest) =>
        new() { Results = Json(results), Begun = begun, Rest = rest };

    private static LaneRest Failed(int index, FailureKind kind, string code, double? seconds = null) =>
        new(new(index), new(kind, code, "broken", seconds));
}
