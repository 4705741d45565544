using System.Globalization;
using Azure;
using Azure.Data.Tables;
using Chard.Domain.Failures;
using Chard.Domain.Identity;
using Chard.Domain.Ledger;
using Chard.Domain.Payloads;
using Chard.Domain.Tasks;
using Chard.Functions.Tests.Storage;
using Chard.Platform;
using Chard.Running;
using Chard.Testing;

namespace Chard.Functions.Tests.Ledger;

/// <summary>The ledger on a real table: what is stored, and what it costs in requests.</summary>
[Collection(AzuriteStorageTests.Name)]
public sealed class TableLedgerStoreTests : IAsyncLifetime
{
    private readonly StoragePlan _storage;
    private readonly TableServiceClient _tables;
    private readonly TableWriter _writer;
    private readonly TableLedgerStore _store;
    private readonly TaskLedger _ledger;
    private readonly string _workflow = "wf-" + Guid.NewGuid().ToString("N")[..12];

    public TableLedgerStoreTests(AzuriteStorage azurite)
    {
        ArgumentNullException.ThrowIfNull(azurite);
        _storage = azurite.Account.App;
        var options = new TableClientOptions();
        options.Retry.Delay = TimeSpan.FromMilliseconds(10);
        options.Retry.MaxDelay = TimeSpan.FromMilliseconds(20);
        _tables = new TableServiceClient(azurite.ConnectionString, options);
        _writer = new TableWriter(_tables, AzuriteStorage.Names);
        _store = new TableLedgerStore(_writer);
        _ledger = new TaskLedger(
            _store, new LedgerSettings { Lease = TimeSpan.FromMinutes(10), DuplicateWait = TimeSpan.Zero }, TimeProvider.System);
    }

    public async Task InitializeAsync()
    {
        await _tables.CreateTableIfNotExistsAsync(AzuriteStorage.Names.WorkflowTable);
        _storage.Clear();
    }

    public Task DisposeAsync()
    {
        _writer.Dispose();
        _storage.Heal();
        return Task.CompletedTask;
    }

    [Fact]
    public async Task Rows_OfEveryKind_ComeBackWhole()
    {
        LedgerRow running = Row("running") with { LeaseUntil = DateTimeOffset.UtcNow.AddSeconds(30), Progress = new(5, 10, "half") };
        LedgerRow[] rows =
        [
            running,
            Row("inline") with
            {
                Status = LedgerStatus.Succeeded, FinishedAt = DateTimeOffset.UtcNow,
                Result = TaskValue.Of(TaskJson.ToElement(new { a = 1 }))
            },
            Row("null") with { Status = LedgerStatus.Succeeded, FinishedAt = DateTimeOffset.UtcNow, Result = TaskValue.Null },
            Row("reference") with { Status = LedgerStatus.Succeeded, FinishedAt = DateTimeOffset.UtcNow, Result = TaskValue.Of(
                new PayloadReference("wf/x", "00ff", 5_000_000_000)) },
            Row("failed") with { Status = LedgerStatus.Failed, Turn = new(2, 7, 3), FinishedAt = DateTimeOffset.UtcNow, Failure = new(
                FailureKind.Permanent, "declined", "no \"money\"") },
            Row("limited") with { Status = LedgerStatus.RateLimited, FinishedAt = DateTimeOffset.UtcNow, Failure = new(
                FailureKind.RateLimited, "http-429", "later", TimeSpan.FromSeconds(2.5)) },
            Row("sharded") with { Key = new(_workflow, "7", "0.1") },
        ];
        foreach (LedgerRow row in rows)
        {
            Assert.NotNull(await _store.TryAddAsync(row, default));
            LedgerRow stored = (await _store.GetAsync(row.Key, default))!.Value.Row;
            Assert.Equal(Comparable(row), Comparable(stored));
        }

        var listed = new List<LedgerRow>();
        await foreach (LedgerRow row in _store.ListAsync(_workflow, default))
        {
            listed.Add(row);
        }

        Assert.Equal(rows.Select(r => r.Key).OrderBy(k => k.Path), listed.Select(r => r.Key).OrderBy(k => k.Path));
    }

    [Fact]
    public async Task ListAsync_WorkflowsWithAlikeIds_AreToldApart()
    {
        foreach (string other in new[] { _workflow + "-1", _workflow + "0", _workflow })
        {
            await _store.TryAddAsync(Row("0") with { Key = new(other, null, "0") }, default);
        }

        var listed = new List<LedgerRow>();
        await foreach (LedgerRow row in _store.ListAsync(_workflow, default))
        {
            listed.Add(row);
        }

        Assert.Equal(_workflow, Assert.Single(listed).Key.WorkflowId);
    }

    [Fact]
    public async Task LargestResults_OfManyTasksAtOnce_FitIntoTransactions()
    {
        // All of it quotes, which grow to six bytes each on the way.
        string json = "\"" + new string('x', TaskValue.MaxInlineBytes - 2) + "\"";
        LedgerLease[] leases = await Task.WhenAll(Enumerable.Range(0, 120).Select(i => ClaimAsync($"{i}")));
        bool[] recorded = await Task.WhenAll(leases.Select((lease, i) => lease.SucceedAsync(
            TaskValue.Of(
                System.Text.Json.JsonElement.Parse(i % 2 == 0 ? json : "[" + string.Join(',', Enumerable.Repeat("\"\"", 10_000)) + "]")),
            default)));

        Assert.All(recorded, Assert.True);
    }

    /// <summary>The table of docs/operations.md, row by row: what is prepared, what is counted, and the writes and reads of it.</summary>
    public static TheoryData<string, int, int> Costs => new()
    {
        { nameof(RunAndEndAsync), 2, 0 },
        { nameof(DeliverAgainWhenEndedAsync), 1, 1 },
        { nameof(DeliverAgainWhileRunningAsync), 1, 1 },
        { nameof(RetryAfterFailureAsync), 2, 1 },
        { nameof(RenewAsync), 1, 0 },
        { nameof(TakeOverAndEndAsync), 3, 1 },
        { nameof(EndAfterTheLeaseWasLostAsync), 1, 1 },
        { nameof(RunPureAsync), 1, 0 },
        { nameof(RetryPureAsync), 1, 1 },
    };

    [Theory]
    [MemberData(nameof(Costs))]
    public async Task Requests_OfEachCase_AreAsInTheTable(string what, int writes, int reads)
    {
        await (what switch
        {
            nameof(RunAndEndAsync) => RunAndEndAsync(),
            nameof(DeliverAgainWhenEndedAsync) => DeliverAgainWhenEndedAsync(),
            nameof(DeliverAgainWhileRunningAsync) => DeliverAgainWhileRunningAsync(),
            nameof(RetryAfterFailureAsync) => RetryAfterFailureAsync(),
            nameof(RenewAsync) => RenewAsync(),
            nameof(TakeOverAndEndAsync) => TakeOverAndEndAsync(),
            nameof(EndAfterTheLeaseWasLostAsync) => EndAfterTheLeaseWasLostAsync(),
            nameof(RunPureAsync) => RunPureAsync(),
            _ => RetryPureAsync(),
        });

        Assert.Equal((writes, reads), (_storage.Count(c => c.Method != "GET"), _storage.Count(c => c.Method == "GET")));
    }

    private async Task RunAndEndAsync() => Assert.True(await (await ClaimAsync("0")).SucceedAsync(TaskValue.Null, default));

    private async Task DeliverAgainWhenEndedAsync()
    {
        await RunAndEndAsync();
        _storage.Clear();
        Assert.NotNull((await _ledger.ClaimAsync(Call("0"), "second", default)).Recorded);
    }

    private async Task DeliverAgainWhileRunningAsync()
    {
        await ClaimAsync("0");
        _storage.Clear();
        Assert.NotNull((await _ledger.ClaimAsync(Call("0"), "second", default)).BusyFor);
    }

    private async Task RetryAfterFailureAsync()
    {
        await (await ClaimAsync("0")).FailAsync(new(FailureKind.Transient, "io", "x"), default);
        _storage.Clear();
        Assert.True(await (await _ledger.ClaimAsync(Call("0", 2), "second", default)).Lease!.SucceedAsync(TaskValue.Null, default));
    }

    private async Task RenewAsync()
    {
        LedgerLease lease = await ClaimAsync("0");
        _storage.Clear();
        Assert.True(await lease.RenewAsync(new(1), default));
    }

    private async Task TakeOverAndEndAsync()
    {
        await (await ClaimAsync("0")).ReleaseAsync(default);
        _storage.Clear();
        ClaimResult taken = await _ledger.ClaimAsync(Call("0"), "second", default);
        Assert.NotNull(taken.InDoubt);
        Assert.True(await taken.Lease!.SucceedAsync(TaskValue.Null, default));
    }

    private async Task EndAfterTheLeaseWasLostAsync()
    {
        var brief = new TaskLedger(_store, new LedgerSettings { Lease = TimeSpan.Zero }, TimeProvider.System);
        LedgerLease lost = (await brief.ClaimAsync(Call("0"), "first", default)).Lease!;
        Assert.NotNull((await _ledger.ClaimAsync(Call("0"), "second", default)).InDoubt);
        _storage.Clear();
        Assert.False(await lost.SucceedAsync(TaskValue.Null, default));
    }

    private async Task RunPureAsync() =>
        Assert.Equal(LedgerStatus.Failed, (await RecordAsync(Call("0"), new(FailureKind.Transient, "io", "x"), known: null)).Status);

    private async Task RetryPureAsync()
    {
        await RunPureAsync();
        _storage.Clear();
        StoredRow? known = await _ledger.FindAsync(Call("0", 2), default);
        Assert.Equal(LedgerStatus.Succeeded, (await RecordAsync(Call("0", 2), null, known)).Status);
    }

    private Task<LedgerRow> RecordAsync(TaskCall call, TaskFailure? failure, StoredRow? known) =>
        _ledger.RecordAsync(
            call, "pure", TimeProvider.System.GetUtcNow(), failure is null ? TaskValue.Null : null, failure, known, default);

    [Fact]
    public async Task Record_WhatAnotherRunHasRecorded_Stands()
    {
        await _ledger.RecordAsync(
            Call("0"), "first", TimeProvider.System.GetUtcNow(), TaskValue.Of(System.Text.Json.JsonElement.Parse("1")), null, null,
            default);

        LedgerRow row = await _ledger.RecordAsync(
            Call("0"), "second", TimeProvider.System.GetUtcNow(), TaskValue.Of(System.Text.Json.JsonElement.Parse("2")), null, null,
            default);

        Assert.Equal(("first", "1"), (row.Runner, row.Result!.ToElement().GetRawText()));
    }

    [Fact]
    public async Task RecordAsync_RowsBesideTheLease_AreWrittenTogetherWithItOrNotAtAll()
    {
        LedgerLease lease = await ClaimAsync("0.0-99");
        LedgerRow[] rows = [.. Enumerable.Range(0, ILedgerStore.MaxBeside).Select(
            i => _ledger.Ended(Call($"0.{i}"), "first", TimeProvider.System.GetUtcNow(), TaskValue.Null, null))];

        Assert.True(await lease.RecordAsync(rows, new(99, 100), default));
        Assert.Equal(99, await CountAsync("0"));

        // Another run takes the lease; what the first still records is not written.
        StoredRow stored = (await _store.GetAsync(lease.Row.Key, default))!.Value;
        Assert.NotNull(await _store.TryReplaceAsync(stored.Row with { Runner = "thief" }, stored.Version, default));
        Assert.False(await lease.RecordAsync(
            [_ledger.Ended(Call("0.99"), "first", TimeProvider.System.GetUtcNow(), TaskValue.Null, null)], new(100, 100), default));
        Assert.Null(await _store.GetAsync(new(_workflow, null, "0.99"), default));
        Assert.Equal(new TaskProgress(99, 100), (await _store.GetAsync(lease.Row.Key, default))!.Value.Row.Progress);
    }

    [Fact]
    public async Task ListBelow_APath_GivesItsRowsAlone()
    {
        foreach (string path in new[] { "0", "0.1", "0.10", "0.1.2", "01", "0-1", "1.1" })
        {
            await ClaimAsync(path);
        }

        // The row of a chunk lies below its map too.
        await ClaimAsync("0.0-9");
        Assert.Equal(4, await CountAsync("0"));
        Assert.Equal(1, await CountAsync("0.1"));
    }

    private async Task<int> CountAsync(string path)
    {
        int count = 0;
        await foreach (LedgerRow row in _store.ListBelowAsync(_workflow, null, path, default))
        {
            count += row.Key.Path == "0.0-99" ? 0 : 1;
        }

        return count;
    }

    [Fact]
    public void Costs_InTheDocument_AreTheOnesCounted()
    {
        string root = AppContext.BaseDirectory;
        while (!File.Exists(Path.Combine(root, "Functions.sln")))
        {
            root = Path.GetDirectoryName(root)!;
        }

        (string, int, int)[] documented = [.. File.ReadLines(Path.Combine(root, "docs", "operations.md"))
            .Select(line => line.Split('|', StringSplitOptions.TrimEntries))
            .Where(cells => cells.Length == 6 && cells[4].EndsWith("Async`", StringComparison.Ordinal))
            .Select(cells => (cells[4]
                .Trim('`'), int.Parse(cells[2], CultureInfo.InvariantCulture), int.Parse(cells[3], CultureInfo.InvariantCulture)))];

        Assert.Equal(Costs.Select(c => ((string)c[0], (int)c[1], (int)c[2])), documented);
    }

    [Fact]
    public async Task Group_OfOneWorkflow_SharesRequests()
    {
        LedgerLease[] leases = await Task.WhenAll(Enumerable.Range(0, 100).Select(i => ClaimAsync($"{i}")));
        int claims = _storage.Count();
        _storage.Clear();
        await Task.WhenAll(leases.Select(lease => lease.SucceedAsync(TaskValue.Null, default)));

        // The first goes out alone at once unless the others were quicker to come; what comes meanwhile goes out together.
        Assert.InRange(claims, 1, 10);
        Assert.InRange(_storage.Count(), 1, 10);
    }

    [Fact]
    public async Task Group_WithRowsThatAreThere_WritesTheOthersAndTellsEachItsOwn()
    {
        foreach (int taken in new[] { 3, 50 })
        {
            await _store.TryAddAsync(Row($"{taken}"), default);
        }

        string?[] versions = await Task.WhenAll(Enumerable.Range(0, 80).Select(i => _store.TryAddAsync(Row($"{i}"), default)));

        Assert.Equal([3, 50], versions.Index().Where(v => v.Item is null).Select(v => v.Index));
    }

    [Fact]
    public async Task Group_DeliveredTwiceAtOnce_RunsEachTaskOnce()
    {
        ClaimResult[] claims = await Task.WhenAll(Enumerable.Range(0, 60).SelectMany(
            i => new[] { $"a{i}", $"b{i}" }.Select(runner => _ledger.ClaimAsync(Call($"{i}"), runner, default))));

        Assert.Equal(60, claims.Count(c => c.Lease is not null));
        Assert.Equal(60, claims.Count(c => c.BusyFor is not null));
    }

    [Fact]
    public async Task Writes_OfOneRowAtOnce_AreNeverInOneTransaction()
    {
        string?[] versions = await Task.WhenAll(Enumerable.Range(0, 10).Select(_ => _store.TryAddAsync(Row("same"), default)));

        Assert.Single(versions, v => v is not null);
    }

    [Theory]
    [InlineData(503)]
    [InlineData(500)]
    [InlineData(0)]
    public async Task Write_AppliedAndItsReplyLost_IsKnownAsOnesOwn(int status)
    {
        StorageFault lost = (status switch { 503 => StorageFault.Busy, 500 => StorageFault.TimedOut, _ => StorageFault.NoAnswer }) with
        {
            IsApplied = true
        };
        _storage.Fail(c => c.Method == "POST", lost);
        LedgerLease lease = await ClaimAsync("0");
        _storage.Fail(c => c.Method is "PATCH" or "MERGE" or "PUT" or "POST", lost);

        Assert.True(await lease.SucceedAsync(TaskValue.Of(TaskJson.ToElement(1)), default));
        Assert.Equal(LedgerStatus.Succeeded, (await _store.GetAsync(new(_workflow, null, "0"), default))!.Value.Row.Status);
    }

    [Fact]
    public async Task Write_ServiceAway_FailsAndTheNextOneGoesThrough()
    {
        _storage.Fail(c => c.Method == "POST", StorageFault.Busy, times: 10);
        await Assert.ThrowsAsync<RequestFailedException>(() => _store.TryAddAsync(Row("0"), default));
        _storage.Heal();

        Assert.NotNull(await _store.TryAddAsync(Row("0"), default));
    }

    private static object Comparable(LedgerRow row) =>
        row with { LeaseUntil = row.Status == LedgerStatus.Running ? row.LeaseUntil : default, Result = null } is var bare
            ? (bare, row.Result?.Json?.GetRawText(), row.Result?.Reference)
            : default;

    private LedgerRow Row(string path) => new()
    {
        Key = new(_workflow, null, path),
        Task = "Echo",
        Turn = CallTurn.First,
        Status = LedgerStatus.Running,
        Runner = "runner",
        LeaseUntil = DateTimeOffset.UnixEpoch.AddYears(60),
        StartedAt = DateTimeOffset.UnixEpoch.AddYears(56),
    };

    private TaskCall Call(string path, int attempt = 1) =>
        new() { WorkflowId = _workflow, Path = path, Task = "Echo", Args = TaskValue.Null, Attempt = attempt };

    private async Task<LedgerLease> ClaimAsync(string path) => (await _ledger.ClaimAsync(Call(path), "runner-" + path, default)).Lease!;
}
