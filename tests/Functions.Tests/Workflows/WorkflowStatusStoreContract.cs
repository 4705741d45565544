using System.Text.Json;
using Chard.Domain.Identity;
using Chard.Domain.Payloads;
using Chard.Domain.Workflows;
using Chard.Status;
using Microsoft.Extensions.Time.Testing;

namespace Chard.Functions.Tests.Workflows;

/// <summary>What every store of workflow states promises.</summary>
public abstract class WorkflowStatusStoreContract
{
    // Tests of one run share a table: names of their own keep them apart.
    private readonly string _mark = Guid.NewGuid().ToString("N")[..12];

    protected FakeTimeProvider Time { get; } = new(TestTime.Begin);

    protected abstract IWorkflowStatusStore Store { get; }

    private static CancellationToken None => CancellationToken.None;

    [Fact]
    public async Task TryAdd_SecondStartOfAnId_LeavesTheFirst()
    {
        Assert.True(await Store.TryAddAsync(State("a", "First"), Start("one"), None));
        Assert.False(await Store.TryAddAsync(State("a", "Second"), Start("two"), None));

        Assert.Equal("First", (await Store.GetAsync(Id("a"), None))?.Workflow);
        Assert.Equal("one", await Store.GetRequestHashAsync(Id("a"), None));
    }

    [Fact]
    public async Task Remove_AStart_LeavesNothingAndFreesTheId()
    {
        WorkflowState state = State("back", "W") with { Stamps = ["back:" + _mark], Owner = "back-" + _mark };
        await Store.TryAddAsync(state, Start("one"), None);
        await Store.UpdateAsync(new(state.Id, WorkflowStatus.Completed, Result: JsonElement.Parse("1")), None);

        await Store.RemoveAsync(state, None);
        await Store.RemoveAsync(state, None);

        Assert.Null(await Store.GetAsync(state.Id, None));
        Assert.Null(await Store.GetResultAsync(state.Id, None));
        Assert.Empty((await Store.ListAsync(new(Owner: state.Owner), 50, null, None)).Workflows);
        Assert.Empty((await Store.ListAsync(new(Stamp: state.Stamps[0]), 50, null, None)).Workflows);
        Assert.True(await Store.TryAddAsync(state, Start("two"), None));
        Assert.Equal("two", await Store.GetRequestHashAsync(state.Id, None));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(60)]
    public async Task Get_Some_GivesThoseThatAreThere(int count)
    {
        string[] ids = [.. Enumerable.Range(0, count).Select(i => $"some{i}")];
        foreach (string id in ids.Where((_, i) => i % 10 != 7))
        {
            await Store.TryAddAsync(State(id, "W-" + id), Start("h"), None);
        }

        await Store.TryAddAsync(State("some0a", "between"), Start("h"), None);

        IReadOnlyDictionary<string, WorkflowState> found = await Store.GetAsync([.. ids.Select(Id)], None);

        Assert.Equal(ids.Where((_, i) => i % 10 != 7).Select(Id).Order(), found.Keys.Order());
        Assert.All(ids.Where((_, i) => i % 10 != 7), id => Assert.Equal("W-" + id, found[Id(id)].Workflow));
    }

    [Fact]
    public async Task TryAdd_ManyAtOnce_OneWins()
    {
        bool[] won = await Task.WhenAll(Enumerable.Range(0, 16).Select(i => Task.Run(() =>
            Store.TryAddAsync(State("race", $"W{i}"), Start($"hash{i}"), None))));

        Assert.Equal(1, won.Count(w => w));
        Assert.Equal($"hash{Array.IndexOf(won, true)}", await Store.GetRequestHashAsync(Id("race"), None));
    }

    [Fact]
    public async Task Get_EveryMember_ComesBack()
    {
        WorkflowState state = State("full", "Full") with
        {
            Owner = "o'neil", Stamps = ["batch=7", "x"], StartAt = Time.GetUtcNow().AddHours(1), ExpiresAt = Time.GetUtcNow().AddHours(2),
        };
        await Store.TryAddAsync(state, Start("h"), None);
        Time.Advance(TimeSpan.FromSeconds(1));
        await Store.UpdateAsync(new(state.Id, WorkflowStatus.Running, new(3, 1, 1)), None);
        Time.Advance(TimeSpan.FromSeconds(1));
        WorkflowState? paused = (await Store.ChangeAsync(state.Id, s => WorkflowTransitions.Pause(s, Time.GetUtcNow()), None))?.State;

        WorkflowState read = (await Store.GetAsync(state.Id, None))!;
        Assert.Equal(["batch=7", "x"], read.Stamps);
        Assert.Equal(paused! with { Stamps = [] }, read with { Stamps = [] });
        Assert.Equal(
            state with
            {
                Status = WorkflowStatus.Paused, PausedFrom = WorkflowStatus.Running, Version = 3, Progress = new(3, 1, 1), Stamps = [],
                StartedAt = Time.GetUtcNow().AddSeconds(-1), UpdatedAt = Time.GetUtcNow(),
            },
            read with { Stamps = [] });
    }

    [Fact]
    public async Task Update_Unknown_ThrowsKeyNotFound() =>
        await Assert.ThrowsAsync<KeyNotFoundException>(() => Store.UpdateAsync(new(Id("nobody"), WorkflowStatus.Running), None));

    [Fact]
    public async Task Update_Completed_KeepsTheResultAndNothingAfterIt()
    {
        await Store.TryAddAsync(State("done", "W"), Start("h"), None);
        Assert.Null(await Store.GetResultAsync(Id("done"), None));

        await Store.UpdateAsync(new(Id("done"), WorkflowStatus.Completed, Result: JsonElement.Parse("""{"rows":3}""")), None);
        await Store.UpdateAsync(new(Id("done"), WorkflowStatus.Completed, Result: JsonElement.Parse("4")), None);
        WorkflowState late = await Store.UpdateAsync(new(Id("done"), WorkflowStatus.Failed, Error: new("late", "late")), None);

        Assert.Equal(WorkflowStatus.Completed, late.Status);
        Assert.Null(late.Error);
        Assert.Equal("""{"rows":3}""", (await Store.GetResultAsync(Id("done"), None))?.Json);
    }

    [Fact]
    public async Task Update_ResultByReference_ComesBack()
    {
        var reference = new PayloadReference("x/result", new string('a', 64), 99_999);
        await Store.TryAddAsync(State("large", "W"), Start("h"), None);
        await Store.UpdateAsync(new(Id("large"), WorkflowStatus.Completed, ResultReference: reference), None);

        Assert.Equal(new(null, reference), await Store.GetResultAsync(Id("large"), None));
    }

    [Fact]
    public async Task Update_LargestInlineResultAndInput_Fit()
    {
        string text = "\"" + new string('x', WorkflowStart.MaxInlineBytes - 2) + "\"";
        WorkflowStart start = Start("h") with { Input = JsonElement.Parse(text) };
        await Store.TryAddAsync(State("limit", "W"), start, None);
        WorkflowStart? claimed = await Store.TryClaimStartAsync(Id("limit"), Time.GetUtcNow(), Time.GetUtcNow(), None);
        await Store.UpdateAsync(new(Id("limit"), WorkflowStatus.Completed, Result: JsonElement.Parse(text)), None);

        Assert.Equal(text, claimed?.Input?.GetRawText());
        Assert.Equal(text, (await Store.GetResultAsync(Id("limit"), None))?.Json);
    }

    [Fact]
    public async Task Change_ManyAtOnce_CountsEveryOne()
    {
        await Store.TryAddAsync(State("count", "W"), Start("h"), None);
        await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => Task.Run(() => Store.ChangeAsync(
            Id("count"), s => s with { Progress = new((s.Progress?.Total ?? 0) + 1, 0, 0) }, None))));

        Assert.Equal(8, (await Store.GetAsync(Id("count"), None))?.Progress?.Total);
    }

    [Fact]
    public async Task Change_Refused_ChangesNothing()
    {
        await Store.TryAddAsync(State("no", "W"), Start("h"), None);
        WorkflowChange? change = await Store.ChangeAsync(Id("no"), _ => null, None);

        Assert.True(change?.Refused);
        Assert.Equal(1, (await Store.GetAsync(Id("no"), None))?.Version);
        Assert.Null(await Store.ChangeAsync(Id("nobody"), s => s, None));
    }

    [Fact]
    public async Task TryClaimStart_TwoAtOnce_OneGetsIt()
    {
        await Store.TryAddAsync(State("left", "W"), Start("h"), None);
        DateTimeOffset later = Time.GetUtcNow().AddSeconds(10);

        Assert.Null(await Store.TryClaimStartAsync(Id("left"), Time.GetUtcNow().AddSeconds(-1), later, None));
        WorkflowStart?[] claims = await Task.WhenAll(
            Store.TryClaimStartAsync(Id("left"), Time.GetUtcNow(), later, None),
            Store.TryClaimStartAsync(Id("left"), Time.GetUtcNow(), later, None));
        WorkflowStart claim = Assert.Single(claims.OfType<WorkflowStart>());
        Assert.Equal("Orchestrator", claim.Orchestrator);
        Assert.Equal("""{"n":1}""", claim.Input?.GetRawText());

        await Store.UpdateAsync(new(Id("left"), WorkflowStatus.Failed), None);
        Assert.Null(await Store.TryClaimStartAsync(Id("left"), later.AddDays(1), later.AddDays(1), None));
    }

    [Fact]
    public async Task List_Pages_NewestFirstEachOnce()
    {
        string owner = "list-" + _mark;
        for (int i = 0; i < 25; i++)
        {
            await Store.TryAddAsync(State($"l{i}", i % 5 == 0 ? "Fifth" : "Other") with { Owner = owner }, Start("h"), None);
            Time.Advance(TimeSpan.FromSeconds(i % 3 == 0 ? 0 : 1));
        }

        var seen = new List<WorkflowState>();
        string? continuation = null;
        do
        {
            WorkflowPage page = await Store.ListAsync(new(Owner: owner), 7, continuation, None);
            Assert.InRange(page.Workflows.Count, 1, 7);
            seen.AddRange(page.Workflows);
            continuation = page.Continuation;

            // What is written meanwhile moves nothing: a workflow that is newer than all, and a change of one that was seen.
            await Store.TryAddAsync(
                State($"new{seen.Count}", "New") with { Owner = owner, CreatedAt = Time.GetUtcNow().AddDays(1) }, Start("h"), None);
            await Store.UpdateAsync(new(seen[^1].Id, WorkflowStatus.Failed, Error: new("c", "m", "T")), None);
        }
        while (continuation is not null);

        Assert.Equal(25, seen.Select(s => s.Id).Distinct().Count());
        Assert.Equal(25, seen.Count);
        Assert.Equal(seen.OrderByDescending(s => s.CreatedAt).Select(s => s.CreatedAt), seen.Select(s => s.CreatedAt));
        Assert.Equal(5, (await Store.ListAsync(new(Owner: owner, Workflow: "Fifth"), 50, null, None)).Workflows.Count);
    }

    [Fact]
    public async Task List_ByStatus_FollowsChanges()
    {
        string owner = "o'status " + _mark;
        await Store.TryAddAsync(State("s1", "W") with { Owner = owner }, Start("h"), None);
        await Store.TryAddAsync(State("s2", "W") with { Owner = owner }, Start("h"), None);
        await Store.UpdateAsync(new(Id("s2"), WorkflowStatus.Failed, Error: new("c", "m", "T")), None);

        WorkflowState failed = Assert.Single((await Store.ListAsync(new(WorkflowStatus.Failed, Owner: owner), 50, null, None)).Workflows);
        Assert.Equal(Id("s2"), failed.Id);
        Assert.Equal(new("c", "m", "T"), failed.Error);
        Assert.Single((await Store.ListAsync(new(WorkflowStatus.Queued, Owner: owner), 50, null, None)).Workflows);
    }

    [Fact]
    public async Task List_ByErrorAndTime_HasThose()
    {
        string owner = "error-" + _mark;
        DateTimeOffset begin = Time.GetUtcNow();
        for (int i = 0; i < 4; i++)
        {
            await Store.TryAddAsync(State($"e{i}", "W") with { Owner = owner }, Start("h"), None);
            await Store.UpdateAsync(new(Id($"e{i}"), WorkflowStatus.Failed, Error: new(i % 2 == 0 ? "even" : "odd", "m", "T")), None);
            Time.Advance(TimeSpan.FromMinutes(1));
        }

        Assert.Equal([Id("e2"), Id("e0")], await IdsAsync(new(Owner: owner, Error: "even")));
        Assert.Equal([Id("e2")], await IdsAsync(new(Owner: owner, Error: "even", From: begin.AddMinutes(1))));
        Assert.Equal([Id("e1"), Id("e0")], await IdsAsync(new(Owner: owner, Before: begin.AddMinutes(2))));
        Assert.Equal([Id("e1")], await IdsAsync(new(Owner: owner, From: begin.AddMinutes(1), Before: begin.AddMinutes(2))));

        async Task<IEnumerable<string>> IdsAsync(WorkflowFilter filter) =>
            (await Store.ListAsync(filter, 50, null, None)).Workflows.Select(w => w.Id);
    }

    [Fact]
    public async Task ListById_OfABeginning_IsInTheirOrderAndMeetsTheFilter()
    {
        string stamp = "byid:" + _mark;
        foreach (string name in new[] { "p3", "p1", "p2", "q1" })
        {
            await Store.TryAddAsync(State(name, "W") with { Stamps = name == "p2" ? [] : [stamp] }, Start("h"), None);
        }

        Assert.Equal([Id("p1"), Id("p2"), Id("p3")], await IdsAsync("p", new(), 50));
        Assert.Equal([Id("p1"), Id("p3")], await IdsAsync("p", new(Stamp: stamp), 50));
        Assert.Equal([Id("p1"), Id("p2")], await IdsAsync("p", new(Workflow: "W"), 2));
        Assert.Empty(await IdsAsync("p", new(Workflow: "Other"), 50));
        Assert.Empty(await IdsAsync("p", new(Before: Time.GetUtcNow().AddDays(-1)), 50));
        Assert.Equal([Id("q1")], await IdsAsync("q1", new(), 50));

        async Task<IEnumerable<string>> IdsAsync(string beginning, WorkflowFilter filter, int limit) =>
            (await Store.ListByIdAsync(Id(beginning), filter, limit, None)).Select(w => w.Id);
    }

    [Fact]
    public async Task ListActive_HasThoseThatHaveNotEnded()
    {
        await Store.TryAddAsync(State("la1", "W"), Start("h"), None);
        await Store.TryAddAsync(State("la2", "W"), Start("h"), None);
        await Store.UpdateAsync(new(Id("la2"), WorkflowStatus.Completed, Result: JsonElement.Parse("1")), None);

        var ids = new List<string>();
        await foreach (string id in Store.ListActiveAsync(None))
        {
            ids.Add(id);
        }

        Assert.Contains(Id("la1"), ids);
        Assert.DoesNotContain(Id("la2"), ids);
    }

    [Fact]
    public async Task List_ByStamp_PagesThroughThoseThatHaveItAndNoOthers()
    {
        string stamp = "batch:" + _mark;
        string[] others = [stamp + "0", stamp + ":" + (DateTimeOffset.MaxValue.UtcTicks - Time.GetUtcNow().UtcTicks)
            .ToString("d19", System.Globalization.CultureInfo.InvariantCulture), stamp[..^1], stamp.ToUpperInvariant()];
        for (int i = 0; i < 23; i++)
        {
            string[] stamps = i % 4 == 3 ? [others[i % others.Length]] : ["first", stamp, others[i % others.Length]];
            await Store.TryAddAsync(State($"st{i}", i % 2 == 0 ? "Even" : "Odd") with { Stamps = stamps }, Start("h"), None);
            Time.Advance(TimeSpan.FromSeconds(i % 3 == 0 ? 0 : 1));
        }

        var seen = new List<WorkflowState>();
        string? continuation = null;
        do
        {
            WorkflowPage page = await Store.ListAsync(new(Stamp: stamp), 4, continuation, None);
            Assert.InRange(page.Workflows.Count, 1, 4);
            seen.AddRange(page.Workflows);
            continuation = page.Continuation;
            await Store.TryAddAsync(
                State($"new{seen.Count}", "New") with { Stamps = [stamp], CreatedAt = Time.GetUtcNow().AddDays(1) }, Start("h"), None);
        }
        while (continuation is not null);

        Assert.Equal(18, seen.Select(s => s.Id).Distinct().Count());
        Assert.Equal(18, seen.Count);
        Assert.All(seen, s => Assert.Contains(stamp, s.Stamps));
        Assert.Equal(seen.OrderByDescending(s => s.CreatedAt).Select(s => s.CreatedAt), seen.Select(s => s.CreatedAt));
        Assert.Equal(12, (await Store.ListAsync(new(Stamp: stamp, Workflow: "Even"), 50, null, None)).Workflows.Count);
        Assert.Empty((await Store.ListAsync(new(Stamp: "nobody-" + _mark), 50, null, None)).Workflows);
    }

    [Fact]
    public async Task List_ByStampAndStatus_FollowsChanges()
    {
        string stamp = "follow=" + _mark;
        foreach (string name in (string[])["f1", "f2", "f3"])
        {
            await Store.TryAddAsync(State(name, "W") with { Stamps = ["x", stamp] }, Start("h"), None);
        }

        await Store.UpdateAsync(new(Id("f2"), WorkflowStatus.Running, new(3, 1, 0)), None);
        await Store.UpdateAsync(new(Id("f3"), WorkflowStatus.Failed, Error: new("c", "m", "T")), None);

        WorkflowState running = Assert.Single((await Store.ListAsync(new(WorkflowStatus.Running, Stamp: stamp), 50, null, None)).Workflows);
        Assert.Equal((Id("f2"), 2, new WorkflowProgress(3, 1, 0)), (running.Id, running.Version, running.Progress));
        WorkflowFilter unfinished = new(Stamp: stamp, AnyOf: [WorkflowStatus.Queued, WorkflowStatus.Running]);
        Assert.Equal([Id("f1"), Id("f2")], (await Store.ListAsync(unfinished, 50, null, None)).Workflows.Select(w => w.Id).Order());
        Assert.Empty((await Store.ListAsync(unfinished with { Status = WorkflowStatus.Failed }, 50, null, None)).Workflows);
    }

    [Fact]
    public async Task TryAdd_MostAndLongestStamps_Fit()
    {
        string[] stamps = [.. Enumerable.Range(0, Stamps.MaxCount).Select(i => $"{_mark}.{i:d2}".PadRight(Stamps.MaxLength, '='))];
        Assert.True(await Store.TryAddAsync(State("most", "W") with { Stamps = stamps }, Start("h"), None));
        await Store.UpdateAsync(new(Id("most"), WorkflowStatus.Completed, Result: JsonElement.Parse("1")), None);

        foreach (string stamp in stamps)
        {
            Assert.Equal(
                WorkflowStatus.Completed, Assert.Single((await Store.ListAsync(new(Stamp: stamp), 50, null, None)).Workflows).Status);
        }
    }

    [Fact]
    public async Task GetActive_ARound_HasTheUnfinishedAndTheUnsettled()
    {
        foreach (string name in (string[])["a1", "a2", "a3", "a4", "a5"])
        {
            await Store.TryAddAsync(State(name, "W"), Start("h"), None);
        }

        await Store.UpdateAsync(new(Id("a2"), WorkflowStatus.Completed), None);
        await Store.ChangeAsync(Id("a3"), s => WorkflowTransitions.Cancel(s, Time.GetUtcNow()), None);
        await Store.ChangeAsync(Id("a4"), s => WorkflowTransitions.Cancel(s, Time.GetUtcNow()), None);
        await Store.SettleAsync(Id("a4"), None);
        await Store.SettleAsync(Id("a4"), None);

        var ids = new List<string>();
        string? cursor = null;
        do
        {
            ActiveWorkflows some = await Store.GetActiveAsync(cursor, 2, None);
            ids.AddRange(some.Ids);
            cursor = some.Cursor;
        }
        while (cursor is not null);

        Assert.Equal([Id("a1"), Id("a3"), Id("a5")], ids.Where(i => i.StartsWith(_mark, StringComparison.Ordinal)).Order());
    }

    private string Id(string name) => $"{_mark}-{name}";

    private WorkflowState State(string name, string workflow) => new()
    {
        Id = Id(name), Workflow = workflow, Status = WorkflowStatus.Queued, CreatedAt = Time.GetUtcNow(), UpdatedAt = Time.GetUtcNow(),
    };

    private WorkflowStart Start(string hash) => new(hash, "Orchestrator", Time.GetUtcNow(), JsonElement.Parse("""{"n":1}"""));
}
