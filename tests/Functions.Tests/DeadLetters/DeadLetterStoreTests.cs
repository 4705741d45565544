using Azure;
using Azure.Data.Tables;
using Chard.DeadLetters;
using Chard.Domain.DeadLetters;
using Chard.Functions.Tests.InMemory;
using Chard.Functions.Tests.Storage;

namespace Chard.Functions.Tests.DeadLetters;

[Collection(AzuriteStorageTests.Name)]
public sealed class TableDeadLetterStoreTests : DeadLetterStoreContract, IAsyncLifetime
{
    private readonly AzuriteStorage _storage;

    public TableDeadLetterStoreTests(AzuriteStorage storage)
    {
        _storage = storage;
        Store = new TableDeadLetterStore(storage.Tables, AzuriteStorage.Names, Time);
    }

    protected override IDeadLetterStore Store { get; }

    public Task InitializeAsync() => _storage.Tables.CreateTableIfNotExistsAsync(AzuriteStorage.Names.DeadLetterTable);

    public Task DisposeAsync() => Task.CompletedTask;

    /// <summary>As one is that an earlier build wrote: a workflow waits for it all the same.</summary>
    [Fact]
    public async Task Resolve_ParkedWithoutTheRowThatCountsIt_IsResolved()
    {
        DeadLetter letter = Letter("w", "0") with { Parked = true };
        await Store.AddAsync(letter, default);
        TableEntity counted = DeadLetterRows.Waiting(letter);
        await _storage.Tables.GetTableClient(AzuriteStorage.Names.DeadLetterTable)
            .DeleteEntityAsync(counted.PartitionKey, counted.RowKey, ETag.All);

        Assert.True(await Store.TryResolveAsync(Resolved(letter, DeadLetterAction.Retry), deliver: true, default));
        Assert.False(await Store.TryResolveAsync(Resolved(letter, DeadLetterAction.Retry), deliver: true, default));

        Assert.Equal(DeadLetterState.Retried, (await Store.GetAsync(letter.Id, default))?.State);
        Assert.Contains(letter.Id, await Store.GetUndeliveredAsync(1000, default));
    }
}

public sealed class InMemoryDeadLetterStoreTests : DeadLetterStoreContract
{
    public InMemoryDeadLetterStoreTests() => Store = new InMemoryDeadLetterStore(Time);

    protected override IDeadLetterStore Store { get; }
}
