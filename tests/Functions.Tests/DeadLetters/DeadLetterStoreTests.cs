using Chard.DeadLetters;
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
}

public sealed class InMemoryDeadLetterStoreTests : DeadLetterStoreContract
{
    public InMemoryDeadLetterStoreTests() => Store = new InMemoryDeadLetterStore(Time);

    protected override IDeadLetterStore Store { get; }
}
