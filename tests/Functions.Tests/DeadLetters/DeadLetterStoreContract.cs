using System.Text.Json;
using Chard.DeadLetters;
using Chard.Domain.DeadLetters;
using Chard.Domain.Failures;
using Chard.Domain.Payloads;
using Microsoft.Extensions.Time.Testing;

namespace Chard.Functions.Tests.DeadLetters;

/// <summary>What every store of dead letters promises.</summary>
public abstract class DeadLetterStoreContract
{
    // Tests of one run share a table: names of their own keep them apart.
    private readonly string _mark = Guid.NewGuid().ToString("N")[..12];

    protected FakeTimeProvider Time { get; } = new(TestTime.Begin);

    protected abstract IDeadLetterStore Store { get; }

    private static CancellationToken None => CancellationToken.None;

    [Fact]
    public async Task Add_Twice_KeepsWhatAnOperatorDid()
    {
        DeadLetter letter = Letter("w", "0");
        Assert.True(await Store.AddAsync(letter, None));
        Assert.True(await Store.TryResolveAsync(Resolved(letter, DeadLetterAction.Retry), deliver: true, None));
        Assert.False(await Store.AddAsync(letter, None));

        Assert.Equal(DeadLetterState.Retried, (await Store.GetAsync(letter.Id, None))?.State);
    }

    [Fact]
    public async Task CountParked_CountsWhatAWorkflowWaitsFor()
    {
        // Tests of one run share a table, one after another.
        int before = await Store.CountParkedAsync(None);
        DeadLetter first = Letter("w", "0") with { Parked = true };
        await Store.AddAsync(first, None);
        await Store.AddAsync(first, None);
        await Store.AddAsync(Letter("w", "1") with { Parked = true }, None);
        await Store.AddAsync(Letter("w", "2") with { Parked = false }, None);
        Assert.Equal(before + 2, await Store.CountParkedAsync(None));

        Assert.True(await Store.TryResolveAsync(Resolved(first, DeadLetterAction.Retry), deliver: true, None));

        Assert.Equal(before + 1, await Store.CountParkedAsync(None));
    }

    [Fact]
    public async Task Get_EveryMember_ComesBack()
    {
        DeadLetter letter = Letter("w", "2.0.17") with
        {
            Generation = 2,
            InstanceId = "w.2",
            Chain = [new("A.Outer", "outer"), new("A.Inner", "inner ü")],
            Args = null,
            ArgsReference = new PayloadReference("w/args", new string('a', 64), 100_000),
            IdempotencyKey = "charge-1",
            Stamps = ["batch=7", "x"],
            Kind = FailureKind.Transient,
        };
        DeadLetter resolved = letter with
        {
            State = DeadLetterState.Skipped,
            ResolvedAt = Time.GetUtcNow(),
            Resolution = new(DeadLetterAction.Skip, Result: JsonElement.Parse("""{"ok":true}"""), By: "ann"),
            RetriedAs = "retry-1",
        };
        await Store.AddAsync(letter, None);
        await Store.TryResolveAsync(resolved, deliver: false, None);

        Assert.Equal(JsonSerializer.Serialize(resolved), JsonSerializer.Serialize(await Store.GetAsync(letter.Id, None)));
        Assert.Null(await Store.GetAsync("nobody.0.0", None));
    }

    [Fact]
    public async Task TryResolve_ManyAtOnce_OneWins()
    {
        DeadLetter letter = Letter("w", "race");
        await Store.AddAsync(letter, None);
        bool[] won = await Task.WhenAll(Enumerable.Range(0, 8).Select(i => Task.Run(() => Store.TryResolveAsync(
            Resolved(letter, i % 2 == 0 ? DeadLetterAction.Retry : DeadLetterAction.Discard) with { RetriedAs = $"r{i}" }, deliver: false,
            None))));

        int winner = Array.IndexOf(won, true);
        Assert.Equal(winner % 2 == 0 ? DeadLetterState.Retried : DeadLetterState.Discarded, (await Store.GetAsync(letter.Id, None))?.State);
        Assert.All(won.Where((_, i) => i % 2 != winner % 2), Assert.False);
    }

    [Fact]
    public async Task TryResolve_Unknown_False() =>
        Assert.False(await Store.TryResolveAsync(Resolved(Letter("w", "none"), DeadLetterAction.Retry), deliver: true, None));

    [Fact]
    public async Task GetUndelivered_UntilDelivered_NamesIt()
    {
        DeadLetter delivered = Letter("w", "d1");
        DeadLetter quiet = Letter("w", "d2");
        await Store.AddAsync(delivered, None);
        await Store.AddAsync(quiet, None);
        await Store.TryResolveAsync(Resolved(delivered, DeadLetterAction.Retry), deliver: true, None);
        await Store.TryResolveAsync(Resolved(quiet, DeadLetterAction.Discard), deliver: false, None);

        Assert.Equal([delivered.Id], await MineAsync());
        await Store.SetDeliveredAsync(delivered.Id, None);
        await Store.SetDeliveredAsync(delivered.Id, None);
        Assert.Empty(await MineAsync());
    }

    [Fact]
    public async Task List_Filters_EachAndTogether()
    {
        DateTimeOffset first = Time.GetUtcNow();
        string task = "T'" + _mark;
        for (int i = 0; i < 12; i++)
        {
            await Store.AddAsync(
                Letter($"w{i % 3}", $"{i}") with { Task = task, Class = i < 4
                    ? "InvalidSku" : "http-503", Workflow = i % 2 == 0 ? "A" : "B" }, None);
            Time.Advance(TimeSpan.FromSeconds(60));
        }

        Assert.Equal(12, await CountAsync(new() { Task = task }));
        Assert.Equal(4, await CountAsync(new() { Task = task, Class = "InvalidSku" }));
        Assert.Equal(2, await CountAsync(new() { Task = task, Class = "InvalidSku", Workflow = "B" }));
        Assert.Equal(4, await CountAsync(new() { Task = task, WorkflowId = $"{_mark}-w1" }));
        Assert.Equal(0, await CountAsync(new() { Task = task, State = DeadLetterState.Discarded }));
        Assert.Equal(12, await CountAsync(new() { Task = task, Parked = true }));
        Assert.Equal(12, await CountAsync(new() { Task = task, Origin = DeadLetterOrigin.Task }));
        Assert.Equal(0, await CountAsync(new() { Task = task, Origin = DeadLetterOrigin.StartMessage }));
        Assert.Equal(3, await CountAsync(new() { Task = task, From = first.AddMinutes(2), Before = first.AddMinutes(5) }));
        Assert.Equal(1, await CountAsync(new() { Task = task, From = first.AddMinutes(11) }));
        Assert.Equal(1, await CountAsync(new() { Task = task, Before = first.AddTicks(1) }));
        Assert.Equal(0, await CountAsync(new() { Task = task, Before = first }));
    }

    [Fact]
    public async Task List_Pages_NewestFirstEachOnce()
    {
        string task = "P" + _mark;
        for (int i = 0; i < 20; i++)
        {
            await Store.AddAsync(Letter($"p{i}", "0") with { Task = task }, None);
            Time.Advance(TimeSpan.FromSeconds(i % 4 == 0 ? 0 : 1));
        }

        var seen = new List<DeadLetter>();
        string? continuation = null;
        do
        {
            DeadLetterPage page = await Store.ListAsync(new() { Task = task }, 6, continuation, None);
            seen.AddRange(page.DeadLetters);
            continuation = page.Continuation;
        }
        while (continuation is not null);

        Assert.Equal(20, seen.Count);
        Assert.Equal(20, seen.Select(l => l.Id).Distinct().Count());
        Assert.Equal(seen.OrderByDescending(l => l.CreatedAt).Select(l => l.CreatedAt), seen.Select(l => l.CreatedAt));
    }

    [Fact]
    public async Task List_ByStamp_PagesFiltersAndFollowsResolutions()
    {
        DateTimeOffset first = Time.GetUtcNow();
        string stamp = "batch=" + _mark;
        for (int i = 0; i < 17; i++)
        {
            string[] stamps = i % 4 == 3 ? [stamp + "0", stamp[..^1]] : ["x", stamp];
            await Store.AddAsync(Letter($"s{i % 5}", $"{i}") with { Stamps = stamps, Class = i < 8 ? "InvalidSku" : "http-503" }, None);
            Time.Advance(TimeSpan.FromSeconds(60));
        }

        var seen = new List<DeadLetter>();
        string? continuation = null;
        do
        {
            DeadLetterPage page = await Store.ListAsync(new() { Stamp = stamp }, 4, continuation, None);
            seen.AddRange(page.DeadLetters);
            continuation = page.Continuation;
        }
        while (continuation is not null);

        Assert.Equal(13, seen.Count);
        Assert.Equal(13, seen.Select(l => l.Id).Distinct().Count());
        Assert.Equal(seen.OrderByDescending(l => l.CreatedAt).Select(l => l.CreatedAt), seen.Select(l => l.CreatedAt));
        Assert.All(seen, l => Assert.Equal("""{"value":1}""", l.Args!.Value.GetRawText()));
        Assert.Equal(6, await CountAsync(new() { Stamp = stamp, Class = "InvalidSku" }));
        Assert.Equal(2, await CountAsync(new() { Stamp = stamp, Class = "InvalidSku", WorkflowId = $"{_mark}-s0" }));
        Assert.Equal(3, await CountAsync(new() { Stamp = stamp, From = first.AddMinutes(2), Before = first.AddMinutes(6) }));

        await Store.TryResolveAsync(Resolved(seen[0], DeadLetterAction.Discard), deliver: false, None);
        await Store.DiscardOfWorkflowAsync($"{_mark}-s1", None);
        int ofOne = seen.Count(l => l.WorkflowId == $"{_mark}-s1" && l.Id != seen[0].Id);
        Assert.Equal(12 - ofOne, await CountAsync(new() { Stamp = stamp, State = DeadLetterState.Open }));
        Assert.Equal(1 + ofOne, await CountAsync(new() { Stamp = stamp, State = DeadLetterState.Discarded }));
    }

    [Fact]
    public async Task Add_StampsThatAreNone_AreKeptAndDoNoHarm()
    {
        DeadLetter letter = Letter("odd", "0") with { Stamps = ["a/b", "ok-" + _mark, "ok-" + _mark, new string('x', 200)] };
        Assert.True(await Store.AddAsync(letter, None));

        Assert.Equal(letter.Stamps, (await Store.GetAsync(letter.Id, None))?.Stamps);
        Assert.Equal(1, await CountAsync(new() { Stamp = "ok-" + _mark }));
    }

    [Fact]
    public async Task DiscardOfWorkflow_OnlyItsOpenOnes()
    {
        DeadLetter retried = Letter("gone", "0");
        await Store.AddAsync(retried, None);
        await Store.AddAsync(Letter("gone", "1"), None);
        await Store.AddAsync(Letter("gone", "2"), None);
        await Store.AddAsync(Letter("gone-too", "0"), None);
        await Store.TryResolveAsync(Resolved(retried, DeadLetterAction.Retry), deliver: false, None);

        Assert.Equal(2, await Store.DiscardOfWorkflowAsync($"{_mark}-gone", None));
        Assert.Equal(0, await Store.DiscardOfWorkflowAsync($"{_mark}-gone", None));
        Assert.Equal(DeadLetterState.Retried, (await Store.GetAsync(retried.Id, None))?.State);
        Assert.Equal(DeadLetterState.Open, (await Store.GetAsync(Letter("gone-too", "0").Id, None))?.State);
    }

    /// <summary>How many the list has, which are as many as there are at a glance.</summary>
    private async Task<int> CountAsync(DeadLetterFilter filter)
    {
        IReadOnlyList<DeadLetter> listed = (await Store.ListAsync(filter, 50, null, None)).DeadLetters;
        (IReadOnlyList<DeadLetterGlance> glances, bool isMore) = await Store.GlanceAsync(filter, None);
        Assert.Equal(
            listed.Select(l => new DeadLetterGlance(l.Id, l.Task, l.Class, l.Parked, l.CreatedAt)).OrderBy(g => g.Id),
            glances.OrderBy(g => g.Id));
        Assert.False(isMore);
        return listed.Count;
    }

    private async Task<IEnumerable<string>> MineAsync() =>
        (await Store.GetUndeliveredAsync(1000, None)).Where(i => i.StartsWith(_mark, StringComparison.Ordinal));

    protected DeadLetter Resolved(DeadLetter letter, DeadLetterAction action) => letter with
    {
        State = DeadLetterTransitions.After(DeadLetterState.Open, parked: true, action)!.Value,
        ResolvedAt = Time.GetUtcNow(),
        Resolution = new(action),
    };

    protected DeadLetter Letter(string workflow, string path) => new()
    {
        Id = DeadLetterId.OfTask($"{_mark}-{workflow}", path, 0),
        WorkflowId = $"{_mark}-{workflow}",
        Workflow = "W",
        InstanceId = $"{_mark}-{workflow}",
        Task = "Echo",
        Path = path,
        Class = "c",
        Message = "m",
        Attempts = 6,
        Args = JsonElement.Parse("""{"value":1}"""),
        Parked = true,
        CreatedAt = Time.GetUtcNow(),
    };
}
