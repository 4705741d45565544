using Azure;
using Azure.Data.Tables;
using Chard.Platform;
using Chard.Testing;

namespace Chard.Functions.Tests.Storage;

/// <summary>The writer of units on a real table: what shares a request, and that what is refused is refused alone.</summary>
[Collection(AzuriteStorageTests.Name)]
public sealed class TableWriterTests : IAsyncLifetime
{
    private readonly StoragePlan _storage;
    private readonly TableServiceClient _tables;
    private readonly TableWriter _writer;
    private readonly string _partition = "p-" + Guid.NewGuid().ToString("N")[..12];

    public TableWriterTests(AzuriteStorage azurite)
    {
        ArgumentNullException.ThrowIfNull(azurite);
        _storage = azurite.Account.App;
        var options = new TableClientOptions();
        options.Retry.Delay = TimeSpan.FromMilliseconds(10);
        options.Retry.MaxDelay = TimeSpan.FromMilliseconds(20);
        _tables = new TableServiceClient(azurite.ConnectionString, options);
        _writer = new TableWriter(_tables, AzuriteStorage.Names);
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
    public async Task Units_ThatComeAtOnce_ShareRequests()
    {
        UnitOutcome[] outcomes = await AddAtOnceAsync(Enumerable.Range(0, 200).Select(i => new[] { $"{i}a", $"{i}b", $"{i}c" }));

        Assert.All(outcomes, outcome => Assert.Equal(3, outcome.Versions?.Count));
        Assert.InRange(_storage.Count(), 1, 12); // the first alone, then 33 units a request
        Assert.Equal(600, (await RowsAsync()).Count);
    }

    [Fact]
    public async Task Units_OfManyPartitions_AreSentSideBySide()
    {
        var stuck = new TaskCompletionSource();
        _storage.Fail(c => c.Path == "$batch", StorageFault.After(_ => stuck.Task));
        Task<UnitOutcome> late = AddAsync(["a", "b"]);

        UnitOutcome other = await _writer.WriteAsync([Add(new TableEntity(_partition + "-2", "a"))], CancellationToken.None);

        Assert.True(other.IsWritten);
        Assert.False(late.IsCompleted);
        stuck.SetResult();
        Assert.True((await late).IsWritten);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(5)]
    [InlineData(60)]
    public async Task Unit_Refused_HurtsNoOther(int refused)
    {
        string[] taken = [.. Enumerable.Range(0, refused).Select(i => $"{i * 60 / refused}b")];
        await AddAtOnceAsync(taken.Select(row => new[] { row }));
        _storage.Clear();

        UnitOutcome[] outcomes = await AddAtOnceAsync(Enumerable.Range(0, 60).Select(i => new[] { $"{i}a", $"{i}b" }));

        Assert.Equal(
            taken.Order(), outcomes.Index().Where(o => !o.Item.IsWritten).Select(o => $"{o.Index}b").Order());
        Assert.All(outcomes.Where(o => !o.IsWritten), outcome => Assert.Equal(1, outcome.Refused));
        Assert.Equal(refused + ((60 - refused) * 2), (await RowsAsync()).Count);
        Assert.InRange(_storage.Count(c => c.Method != "GET"), 1, 4 + (refused * 3)); // and not one by one
    }

    /// <summary>Whatever comes together: a unit is written whole or not at all, and no row by two.</summary>
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public async Task Units_OfRandomRows_AreEachWrittenWholeOrNotAtAll(int seed)
    {
        var random = new Random(seed);
        string[][] units = [.. Enumerable.Range(0, 120).Select(_ =>
            Enumerable.Range(0, random.Next(1, 5)).Select(_ => $"{random.Next(150)}").Distinct().ToArray())];
        if (seed == 3)
        {
            _storage.Fail(c => c.Path == "$batch", StorageFault.NoAnswer with { IsApplied = true }, times: 2, skip: 1);
        }

        UnitOutcome[] outcomes = await AddAtOnceAsync(units);

        Dictionary<string, int> rows = await RowsAsync();
        Assert.All(units.Index(), unit => Assert.Contains(
            unit.Item.Count(row => rows.TryGetValue(row, out int by) && by == unit.Index), new[] { 0, unit.Item.Length }));
        Assert.All(outcomes.Index().Where(o => o.Item.IsWritten), o => Assert.Equal(o.Index, rows[units[o.Index][0]]));
        Assert.Contains(outcomes, o => !o.IsWritten);

        // Nothing was refused for nothing.
        Assert.All(units, unit => Assert.Contains(unit, rows.ContainsKey));
    }

    [Fact]
    public async Task Unit_TooLarge_FailsAlone()
    {
        string tooLong = new('x', 70_000);
        Task<UnitOutcome>[] writes = [.. Enumerable.Range(0, 20).Select(i => _writer.WriteAsync(
            [Add(new TableEntity(_partition, $"{i}") { ["Text"] = i == 7 ? tooLong : "short" })], CancellationToken.None))];

        foreach ((int i, Task<UnitOutcome> write) in writes.Index())
        {
            if (i == 7)
            {
                await Assert.ThrowsAnyAsync<RequestFailedException>(() => write);
            }
            else
            {
                Assert.True((await write).IsWritten);
            }
        }
    }

    private static TableTransactionAction Add(TableEntity row) => new(TableTransactionActionType.Add, row);

    private Task<UnitOutcome> AddAsync(string[] rows, int mark = 0) => _writer.WriteAsync(
        [.. rows.Select(row => Add(new TableEntity(_partition, row) { ["By"] = mark }))], CancellationToken.None);

    private Task<UnitOutcome[]> AddAtOnceAsync(IEnumerable<string[]> units) =>
        Task.WhenAll(units.Select((rows, i) => AddAsync(rows, i)).ToArray());

    private async Task<Dictionary<string, int>> RowsAsync()
    {
        Dictionary<string, int> rows = [];
        await foreach (TableEntity row in _writer.Table.QueryAsync<TableEntity>($"PartitionKey eq '{_partition}'"))
        {
            rows.Add(row.RowKey, row.GetInt32("By") ?? -1);
        }

        return rows;
    }
}
