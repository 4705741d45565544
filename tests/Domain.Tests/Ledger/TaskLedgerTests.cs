using Chard.Domain.Failures;
using Chard.Domain.Ledger;
using Chard.Domain.Tasks;
using Chard.Tests.InMemory;
using FsCheck;
using FsCheck.Xunit;
using Microsoft.Extensions.Time.Testing;

namespace Chard.Domain.Tests.Ledger;

public sealed class TaskLedgerTests
{
    private static readonly LedgerKey Key = new("wf", null, "0");

    private readonly InMemoryLedgerStore _store = new();
    private readonly FakeTimeProvider _time = new();
    private readonly TaskLedger _ledger;

    public TaskLedgerTests() => _ledger = new(_store, new LedgerSettings { DuplicateWait = TimeSpan.Zero }, _time);

    [Fact]
    public async Task ClaimAsync_NormalPath_WritesTwiceAndReadsNever()
    {
        LedgerLease lease = await RunAsync("a");
        Assert.True(await lease.SucceedAsync(TaskValue.Of(TaskJson.ToElement(7)), default));

        Assert.Equal(["add", "update"], _store.Operations);
        Assert.Equal((LedgerStatus.Succeeded, 7), (_store[Key]!.Status, _store[Key]!.Result!.ToElement().GetInt32()));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task TogetherWithSomethingElse_ClaimAndEnd_AreOneWriteEach(bool repliesAreLost)
    {
        _store.LosesReply = () => repliesAreLost;
        var (begin, end) = (new JointWrite(), new JointWrite());

        LedgerLease lease = (await _ledger.TryClaimAsync(Call(), "a", begin, default))!;
        Assert.Equal(JointEnd.Together, await lease.TryEndAsync(TaskValue.Null, null, [], new(1), end, default));

        string[] writes = ["add together", "end together"];
        Assert.Equal(repliesAreLost ? [writes[0], "get", writes[1], "get"] : writes, _store.Operations);
        Assert.Equal((1, 1, repliesAreLost ? 1 : 0), (begin.Writes, end.Writes, end.Finds));
        Assert.Equal((LedgerStatus.Succeeded, new TaskProgress(1)), (_store[Key]!.Status, _store[Key]!.Progress));
    }

    [Fact]
    public async Task TogetherWithSomethingElse_ThatDoesNotHold_WritesNeitherAndTheLeaseIsKept()
    {
        var stale = new JointWrite { Holds = false };
        Assert.Null(await _ledger.TryClaimAsync(Call(), "a", stale, default));
        Assert.False(await _ledger.TryRecordAsync([_ledger.Ended(Call(), "a", default, TaskValue.Null, null)], stale, default));
        Assert.Null(_store[Key]);

        LedgerLease lease = await RunAsync("a");
        Assert.Equal(JointEnd.Neither, await lease.TryEndAsync(TaskValue.Null, null, [], null, stale, default));

        Assert.Equal((0, 0, LedgerStatus.Running), (stale.Writes, stale.Finds, _store[Key]!.Status));
        Assert.True(await lease.SucceedAsync(TaskValue.Null, default));
    }

    [Fact]
    public async Task TogetherWithSomethingElse_LeaseTakenOver_IsLost()
    {
        LedgerLease lease = await RunAsync("a");
        _time.Advance(TimeSpan.FromSeconds(31));
        await _ledger.ClaimAsync(Call(), "b", default);
        var joint = new JointWrite();

        Assert.Equal(JointEnd.Lost, await lease.TryEndAsync(TaskValue.Null, null, [], null, joint, default));
        Assert.Null(await _ledger.TryClaimAsync(Call(), "c", joint, default));

        Assert.Equal((0, 0, "b"), (joint.Writes, joint.Finds, _store[Key]!.Runner));
    }

    [Fact]
    public async Task ClaimAsync_FinishedCall_IsAnsweredFromTheRecord()
    {
        LedgerLease lease = await RunAsync("a");
        await lease.FailAsync(new(FailureKind.Permanent, "declined", "no money"), default);

        ClaimResult second = await _ledger.ClaimAsync(Call(), "b", default);

        Assert.Null(second.Lease);
        Assert.Equal("declined", second.Recorded!.Failure!.Code);
    }

    [Fact]
    public async Task ClaimAsync_RunningCall_IsBusyForTheRestOfTheLease()
    {
        await RunAsync("a");
        _time.Advance(TimeSpan.FromSeconds(10));

        Assert.Equal(TimeSpan.FromSeconds(20), (await _ledger.ClaimAsync(Call(), "b", default)).BusyFor);
    }

    [Fact]
    public async Task ClaimAsync_RunningCallThatEndsWhileItWaits_IsAnswered()
    {
        var patient = new TaskLedger(_store, new LedgerSettings(), _time);
        LedgerLease lease = await RunAsync("a");

        Task<ClaimResult> second = patient.ClaimAsync(Call(), "b", default);
        await lease.SucceedAsync(TaskValue.Null, default);
        _time.Advance(TimeSpan.FromSeconds(1));

        Assert.Equal(LedgerStatus.Succeeded, (await second).Recorded!.Status);
    }

    [Fact]
    public async Task ClaimAsync_LeaseRanOut_TakesOverInDoubtAndFencesTheFirst()
    {
        LedgerLease first = await RunAsync("a");
        _time.Advance(TimeSpan.FromSeconds(31));

        ClaimResult second = await _ledger.ClaimAsync(Call(), "b", default);

        Assert.Equal("a", second.InDoubt!.Runner);
        Assert.False(await first.SucceedAsync(TaskValue.Of(TaskJson.ToElement("late")), default));
        Assert.False(await first.RenewAsync(null, default));
        Assert.True(await second.Lease!.SucceedAsync(TaskValue.Of(TaskJson.ToElement("second")), default));
        Assert.Equal("second", _store[Key]!.Result!.ToElement().GetString());
    }

    [Fact]
    public async Task RenewAsync_InTime_KeepsTheLease()
    {
        LedgerLease first = await RunAsync("a");
        for (int i = 0; i < 10; i++)
        {
            _time.Advance(TimeSpan.FromSeconds(20));
            Assert.True(await first.RenewAsync(new TaskProgress(i), default));
        }

        Assert.NotNull((await _ledger.ClaimAsync(Call(), "b", default)).BusyFor);
        Assert.Equal(9, _store[Key]!.Progress!.Done);
    }

    [Fact]
    public async Task RenewAsync_AfterTheEnd_ChangesNothing()
    {
        LedgerLease lease = await RunAsync("a");
        await lease.SucceedAsync(TaskValue.Null, default);

        Assert.True(await lease.RenewAsync(null, default));
        Assert.Equal(LedgerStatus.Succeeded, _store[Key]!.Status);
    }

    [Fact]
    public async Task ReleaseAsync_HostStops_LetsTheNextDeliveryRunAtOnce()
    {
        LedgerLease first = await RunAsync("a");
        await first.ReleaseAsync(default);

        Assert.NotNull((await _ledger.ClaimAsync(Call(), "b", default)).Lease);
    }

    [Fact]
    public async Task ClaimAsync_RetryAfterFailure_Runs()
    {
        LedgerLease first = await RunAsync("a");
        await first.FailAsync(new(FailureKind.Transient, "io", "broken"), default);

        ClaimResult second = await _ledger.ClaimAsync(Call(attempt: 2), "b", default);
        await second.Lease!.SucceedAsync(TaskValue.Null, default);

        Assert.Null(second.InDoubt);
        Assert.Null((await _ledger.ClaimAsync(Call(), "late", default)).Lease);
    }

    [Fact]
    public async Task ClaimAsync_LateDeliveryOfAnEarlierTry_IsSuperseded()
    {
        LedgerLease first = await RunAsync("a");
        await first.FailAsync(new(FailureKind.Transient, "io", "broken"), default);
        await _ledger.ClaimAsync(Call(attempt: 2), "b", default);

        ClaimResult late = await _ledger.ClaimAsync(Call(), "c", default);

        Assert.Equal((null, null, null), (late.Lease, late.Recorded, late.BusyFor));
    }

    [Fact]
    public async Task ClaimAsync_ReplyOfEveryWriteLost_RunsOnceAllTheSame()
    {
        bool lose = true;
        _store.LosesReply = () => lose = !lose;

        LedgerLease lease = await RunAsync("a");
        _store.LosesReply = () => true;
        Assert.True(await lease.SucceedAsync(TaskValue.Of(TaskJson.ToElement(1)), default));

        Assert.NotNull((await _ledger.ClaimAsync(Call(), "b", default)).Recorded);
    }

    [Fact]
    public async Task ClaimAsync_ReplyOfATakeoverLost_StillTellsTheDoubt()
    {
        await RunAsync("a");
        _time.Advance(TimeSpan.FromSeconds(31));
        _store.LosesReply = () => true;

        Assert.Equal("a", (await _ledger.ClaimAsync(Call(), "b", default)).InDoubt!.Runner);
    }

    /// <summary>
    /// Any order of deliveries, deaths, losses and clock steps: never two live runs of one call, and one recorded success for ever.
    /// </summary>
    [Property(MaxTest = 300)]
    public async Task Claims_AnyOrderOfEvents_OneRunAtATimeAndOneSuccess(NonEmptyArray<byte> steps)
    {
        var store = new InMemoryLedgerStore();
        var time = new FakeTimeProvider();
        var ledger = new TaskLedger(store, new LedgerSettings { DuplicateWait = TimeSpan.Zero }, time);
        var live = new List<(LedgerLease Lease, DateTimeOffset Until, int Attempt)>();
        int attempt = 1;
        string? success = null;
        int runs = 0;
        foreach (byte step in steps.Get)
        {
            store.LosesReply = () => (step & 64) != 0;
            switch (step % 6)
            {
                case 0 or 1:
                    ClaimResult claim = await ledger.ClaimAsync(Call(attempt - (attempt > 1 ? step >> 7 : 0)), "run" + ++runs, default);
                    if (claim.Lease is { } lease)
                    {
                        Assert.Null(success);
                        Assert.DoesNotContain(live, l => l.Until > time.GetUtcNow());
                        live.Add((lease, time.GetUtcNow().AddSeconds(30), attempt));
                    }

                    break;

                case 2 when live.Count > 0:
                    (LedgerLease renewing, _, int of) = live[step % live.Count];
                    if (await renewing.RenewAsync(null, default) && success is null)
                    {
                        live[step % live.Count] = (renewing, time.GetUtcNow().AddSeconds(30), of);
                    }

                    break;

                case 3 when live.Count > 0:
                    (LedgerLease ending, _, _) = live[step % live.Count];
                    live.RemoveAt(step % live.Count);
                    if (await ending.SucceedAsync(TaskValue.Of(TaskJson.ToElement(ending.Row.Runner)), default))
                    {
                        Assert.Null(success);
                        success = ending.Row.Runner;
                    }

                    break;

                case 4 when live.Count > 0:
                    (LedgerLease failing, _, int failed) = live[step % live.Count];
                    live.RemoveAt(step % live.Count);
                    if (await failing.FailAsync(new(FailureKind.Transient, "io", "x"), default))
                    {
                        attempt = Math.Max(attempt, failed + 1);
                    }

                    break;

                default:
                    time.Advance(TimeSpan.FromSeconds(step % 40));
                    break;
            }
        }

        if (success is not null)
        {
            Assert.Equal(success, (await ledger.ClaimAsync(Call(attempt + 1), "last", default)).Recorded!.Result!.ToElement().GetString());
        }
    }

    private static TaskCall Call(int attempt = 1) =>
        new() { WorkflowId = "wf", Path = "0", Task = "Echo", Args = TaskValue.Null, Attempt = attempt };

    private async Task<LedgerLease> RunAsync(string runner) => (await _ledger.ClaimAsync(Call(), runner, default)).Lease!;
}
