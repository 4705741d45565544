using System.Text.Json;
using Azure.Data.Tables;
using Chard.Domain.Ledger;
using Chard.Domain.Tasks;
using Chard.Domain.Workflows;
using Chard.Functions.Tests.Storage;
using Chard.Functions.Tests.Support;
using Chard.Platform;
using Chard.Running;
using Chard.Status;
using Chard.Testing;
using Microsoft.DurableTask.Client;

namespace Chard.Functions.Tests.Workflows;

/// <summary>
/// What a process does with states that it wrote last: no read, one request with the ledger's rows, and never a wrong one.
/// </summary>
[Collection(AzuriteStorageTests.Name)]
public sealed class WorkflowJoinTests : IAsyncLifetime
{
    private readonly StoragePlan _storage;
    private readonly TableServiceClient _tables;
    private readonly Host _here;
    private readonly Host _there;
    private readonly string _id = "wf-" + Guid.NewGuid().ToString("N")[..12];

    public WorkflowJoinTests(AzuriteStorage azurite)
    {
        ArgumentNullException.ThrowIfNull(azurite);
        _storage = azurite.Account.App;
        var options = new TableClientOptions();
        options.Retry.Delay = TimeSpan.FromMilliseconds(10);
        options.Retry.MaxDelay = TimeSpan.FromMilliseconds(20);
        _tables = new TableServiceClient(azurite.ConnectionString, options);
        (_here, _there) = (new(_tables), new(_tables));
    }

    private static CancellationToken None => CancellationToken.None;

    public static TheoryData<int?> LostAnswers => new() { 503, 500, null };

    public async Task InitializeAsync()
    {
        await _tables.CreateTableIfNotExistsAsync(AzuriteStorage.Names.WorkflowTable);
        await _here.StartAsync("beacon-" + _id); // lights the beacon, once a minute
        await _here.StartAsync(_id);
        _storage.Clear();
    }

    public Task DisposeAsync()
    {
        _storage.Heal();
        _here.Dispose();
        _there.Dispose();
        return Task.CompletedTask;
    }

    [Fact]
    public async Task Workflow_OfOneTask_IsThreeRequests()
    {
        await _here.StartAsync("one-" + _id);
        LedgerLease lease = (await ClaimAsync(_here, "one-" + _id))!;
        JointEnd end = await EndAsync(_here, lease);

        Assert.Equal(JointEnd.Together, end);
        Assert.Equal((3, 0), (_storage.Count(), _storage.Count(c => c.Method == "GET")));
        Assert.Equal(WorkflowStatus.Completed, (await _here.Store.GetAsync("one-" + _id, None))?.Status);
        Assert.Equal("7", (await _here.Store.GetResultAsync("one-" + _id, None))?.Json);
        Assert.Equal(LedgerStatus.Succeeded, (await RowAsync("one-" + _id))?.Status);
        Assert.Null(await _here.Store.GetStartAsync("one-" + _id, None));
    }

    [Fact]
    public async Task Workflows_ManyAtOnce_ShareTheirRequests()
    {
        const int Count = 200;
        string[] ids = [.. Enumerable.Range(0, Count).Select(i => $"{i}-{_id}")];

        await Task.WhenAll(ids.Select(_here.StartAsync));
        LedgerLease?[] leases = await Task.WhenAll(ids.Select(id => ClaimAsync(_here, id)));
        JointEnd[] ends = await Task.WhenAll(leases.Select(lease => EndAsync(_here, lease!)));

        Assert.All(ends, end => Assert.Equal(JointEnd.Together, end));
        Assert.InRange(_storage.Count(), 3, Count); // under one for each
        Assert.Equal(0, _storage.Count(c => c.Method == "GET"));
    }

    [Fact]
    public async Task Change_OfWhatAnotherHostChanged_IsDecidedOnWhatHolds()
    {
        await _there.Store.ChangeAsync(_id, state => WorkflowTransitions.Cancel(state, TestTime.Begin), None);

        WorkflowChange? change = await _here.Store.ChangeAsync(
            _id, state => WorkflowTransitions.IsFinal(state.Status) ? null : state with { Status = WorkflowStatus.Running }, None);

        Assert.Equal((true, WorkflowStatus.Cancelled), (change!.Refused, change.State.Status));
        Assert.Equal(WorkflowStatus.Cancelled, (await _here.Store.GetAsync(_id, None))?.Status);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Change_ThatWhatIsRememberedForbids_IsDecidedOnWhatHolds(bool refuses)
    {
        await _there.Store.UpdateAsync(new(_id, WorkflowStatus.Running), None);

        // Queued, as it is remembered here, cannot be paused, or need not be resumed.
        WorkflowChange? change = await _here.Store.ChangeAsync(
            _id,
            state => state.Status != WorkflowStatus.Queued ? WorkflowTransitions.Pause(state, TestTime.Begin) : refuses ? null : state,
            None);

        Assert.Equal((false, WorkflowStatus.Paused), (change!.Refused, change.State.Status));
    }

    [Fact]
    public async Task Change_OfOneThatAnotherHostDeletedAndStartedAnew_IsOfTheNewOne()
    {
        WorkflowState old = (await _there.Store.GetAsync(_id, None))!;
        await _there.Store.RemoveAsync(old, None);
        await _there.Store.TryAddAsync(old with { Workflow = "Other" }, Host.Start("other"), None);

        WorkflowState state = await _here.Store.UpdateAsync(new(_id, WorkflowStatus.Running), None);

        Assert.Equal(("Other", WorkflowStatus.Running), (state.Workflow, state.Status));
        Assert.Equal("other", await _here.Store.GetRequestHashAsync(_id, None));
    }

    [Fact]
    public void Join_OfWhatIsNotRemembered_IsLeftToStorage() =>
        Assert.Null(_there.Store.TryJoin(new WorkflowUpdate(_id, WorkflowStatus.Running)));

    [Fact]
    public async Task Claim_StateChangedElsewhere_WritesNeitherAndThenApart()
    {
        await _there.Store.UpdateAsync(new(_id, WorkflowStatus.Running, new(1, 0, 0)), None);

        Assert.Null(await ClaimAsync(_here, _id));

        Assert.Null(await RowAsync(_id));
        Assert.NotNull((await _here.Store.GetAsync(_id, None))?.Progress);
        Assert.NotNull((await _here.Ledger.ClaimAsync(Call(_id), "apart", None)).Lease);
        Assert.Null(_here.Store.TryJoin(new WorkflowUpdate(_id, WorkflowStatus.Running)));
    }

    [Fact]
    public async Task Claim_RowIsThere_WritesNeither()
    {
        await _there.Ledger.ClaimAsync(Call(_id), "another", None);

        Assert.Null(await ClaimAsync(_here, _id));

        Assert.Equal(WorkflowStatus.Queued, (await _here.Store.GetAsync(_id, None))?.Status);
        Assert.Equal("another", (await RowAsync(_id))?.Runner);
    }

    [Fact]
    public async Task Claim_OfAShard_IsNotSent()
    {
        WorkflowJoin join = _here.Store.TryJoin(new WorkflowUpdate(_id, WorkflowStatus.Running))!;

        Assert.Null(await _here.Ledger.TryClaimAsync(Call(_id) with { Shard = "g0" }, "first", join, None));

        Assert.Equal(0, _storage.Count(c => c.Method != "GET"));
        Assert.Equal(WorkflowStatus.Queued, (await _here.Store.GetAsync(_id, None))?.Status);
    }

    [Fact]
    public async Task End_LeaseLost_WritesNeither()
    {
        LedgerLease lease = (await ClaimAsync(_here, _id))!;
        StoredRow row = (await _there.Rows.GetAsync(lease.Row.Key, None))!.Value;
        await _there.Rows.TryReplaceAsync(row.Row with { Runner = "thief" }, row.Version, None);

        Assert.Equal(JointEnd.Lost, await EndAsync(_here, lease));

        Assert.Equal(WorkflowStatus.Running, (await _here.Store.GetAsync(_id, None))?.Status);
        Assert.Null(await _here.Store.GetResultAsync(_id, None));
    }

    [Fact]
    public async Task End_StateChangedElsewhere_WritesNeitherAndThenApart()
    {
        LedgerLease lease = (await ClaimAsync(_here, _id))!;
        await _there.Store.ChangeAsync(_id, state => WorkflowTransitions.Pause(state, TestTime.Begin), None);

        Assert.Equal(JointEnd.Neither, await EndAsync(_here, lease));

        Assert.Equal(LedgerStatus.Running, (await RowAsync(_id))?.Status);
        Assert.True(await lease.SucceedAsync(TaskValue.Null, None));
        Assert.Equal(
            WorkflowStatus.Completed,
            (await _here.Store.UpdateAsync(new(_id, WorkflowStatus.Completed, Result: JsonElement.Parse("7")), None)).Status);
    }

    [Fact]
    public async Task End_WithRowsBesideIt_WritesAllOfThem()
    {
        LedgerLease lease = (await ClaimAsync(_here, _id))!;
        LedgerRow[] rows = [.. Enumerable.Range(0, 60).Select(i => _here.Ledger.Ended(
            Call(_id) with { Path = $"0.{i}" }, "first", TestTime.Begin, TaskValue.Null, null))];
        _storage.Clear();

        Assert.Equal(JointEnd.Together, await EndAsync(_here, lease, rows));

        Assert.Equal(1, _storage.Count());
        int below = 0;
        await foreach (LedgerRow _ in _here.Rows.ListBelowAsync(_id, null, "0", None))
        {
            below++;
        }

        Assert.Equal(60, below);
    }

    [Fact]
    public async Task Record_OfAPureTask_IsOneRequestWithTheEnd()
    {
        LedgerRow row = _here.Ledger.Ended(Call(_id), "pure", TestTime.Begin, TaskValue.Null, null);

        Assert.True(await _here.Ledger.TryRecordAsync([row], CompletedOn(_here), None));

        Assert.Equal(1, _storage.Count());
        Assert.Equal(WorkflowStatus.Completed, (await _here.Store.GetAsync(_id, None))?.Status);
        Assert.Equal("pure", (await RowAsync(_id))?.Runner);
    }

    [Theory]
    [MemberData(nameof(LostAnswers))]
    public async Task Writes_WhoseAnswersAreLost_AreKnownAsOnesOwnAndToldOnce(int? status)
    {
        StorageFault lost = (status switch { 503 => StorageFault.Busy, 500 => StorageFault.TimedOut, _ => StorageFault.NoAnswer }) with
        {
            IsApplied = true,
        };
        using WorkflowView view = _here.Watch.Open(_id, null!);
        WorkflowState queued = (await _here.Store.GetAsync(_id, None))!;
        _storage.Fail(c => c.Method == "POST", lost);
        LedgerLease lease = (await ClaimAsync(_here, _id))!;
        WorkflowState? running = await view.NextAsync(queued, TimeSpan.FromMinutes(1), None);

        // The ETag that the lost answer had is known to nobody: apart.
        Assert.Null(_here.Store.TryJoin(new WorkflowUpdate(_id, WorkflowStatus.Completed)));
        await _here.Store.UpdateAsync(new(_id, WorkflowStatus.Running, new(1, 0, 0)), None);
        _storage.Fail(c => c.Method == "POST", lost);
        Assert.Equal(JointEnd.Together, await EndAsync(_here, lease));

        Assert.Equal(WorkflowStatus.Running, running?.Status);
        Assert.Equal(WorkflowStatus.Completed, (await view.NextAsync(running!, TimeSpan.FromMinutes(1), None))?.Status);
        WorkflowState ended = (await _here.Store.GetAsync(_id, None))!;
        Assert.Equal((4, WorkflowStatus.Completed), (ended.Version, ended.Status));
        Assert.Equal(LedgerStatus.Succeeded, (await RowAsync(_id))?.Status);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Write_WhoseAnswerNeverComes_IsWrittenWholeOrNotAtAll(bool isApplied)
    {
        _storage.Fail(c => c.Method == "POST", StorageFault.NoAnswer with { IsApplied = isApplied });
        _storage.Fail(c => c.Method == "POST", StorageFault.Busy, times: 10);
        await Assert.ThrowsAnyAsync<Exception>(() => ClaimAsync(_here, _id));
        _storage.Heal();

        bool isThere = await RowAsync(_id) is not null;
        WorkflowStatus? status = (await _here.Store.GetAsync(_id, None))?.Status;
        Assert.Equal((isApplied, isApplied ? WorkflowStatus.Running : WorkflowStatus.Queued), (isThere, status));
        Assert.Equal(
            WorkflowStatus.Running, (await _here.Store.UpdateAsync(new(_id, WorkflowStatus.Running), None)).Status);
    }

    private static TaskCall Call(string id) => new() { WorkflowId = id, Path = "0", Task = "Echo", Args = TaskValue.Null };

    private static async Task<LedgerLease?> ClaimAsync(Host host, string id) =>
        host.Store.TryJoin(new WorkflowUpdate(id, WorkflowStatus.Running)) is { } join
            ? await host.Ledger.TryClaimAsync(Call(id), "runner-" + id, join, None)
            : null;

    private static Task<JointEnd> EndAsync(Host host, LedgerLease lease, params LedgerRow[] beside) => lease.TryEndAsync(
        TaskValue.Of(JsonElement.Parse("7")), null, beside, null, CompletedOn(host, lease.Row.Key.WorkflowId), None);

    private static WorkflowJoin CompletedOn(Host host, string id) =>
        host.Store.TryJoin(new WorkflowUpdate(id, WorkflowStatus.Completed, Result: JsonElement.Parse("7")))!;

    private WorkflowJoin CompletedOn(Host host) => CompletedOn(host, _id);

    private async Task<LedgerRow?> RowAsync(string id) => (await _there.Rows.GetAsync(new(id, null, "0"), None))?.Row;

    private sealed class NothingToRepair : IWorkflowRepair
    {
        public Task<WorkflowState> CheckAsync(WorkflowState state, DurableTaskClient client, CancellationToken cancellationToken) =>
            Task.FromResult(state);
    }

    /// <summary>A process of the app, as far as states and ledger go.</summary>
    private sealed class Host : IDisposable
    {
        private readonly TableWriter _writer;

        public Host(TableServiceClient tables)
        {
            _writer = new(tables, AzuriteStorage.Names);
            var signals = new WorkflowSignals();
            Store = new TableWorkflowStatusStore(_writer, TimeProvider.System, signals, TestMetrics.New());
            Rows = new TableLedgerStore(_writer);
            Ledger = new(Rows, new LedgerSettings { DuplicateWait = TimeSpan.Zero }, TimeProvider.System);
            Watch = new(Store, null!, new NothingToRepair(), signals, TimeProvider.System);
        }

        public TableWorkflowStatusStore Store { get; }

        public TableLedgerStore Rows { get; }

        public TaskLedger Ledger { get; }

        public WorkflowWatch Watch { get; }

        public static WorkflowStart Start(string hash) => new(hash, "Orchestrator", TestTime.Begin);

        public async Task StartAsync(string id)
        {
            var state = new WorkflowState
            {
                Id = id, Workflow = "W", Status = WorkflowStatus.Queued, CreatedAt = TestTime.Begin, UpdatedAt = TestTime.Begin,
            };
            Assert.True(await Store.TryAddAsync(state, Start("hash"), None));
        }

        public void Dispose()
        {
            Watch.Dispose();
            _writer.Dispose();
        }
    }
}
