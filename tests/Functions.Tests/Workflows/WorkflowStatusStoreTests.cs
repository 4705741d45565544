using Chard.Functions.Tests.InMemory;
using Chard.Functions.Tests.Storage;
using Chard.Functions.Tests.Support;
using Chard.Status;

namespace Chard.Functions.Tests.Workflows;

[Collection(AzuriteStorageTests.Name)]
public sealed class TableWorkflowStatusStoreTests : WorkflowStatusStoreContract, IAsyncLifetime
{
    private readonly AzuriteStorage _storage;

    public TableWorkflowStatusStoreTests(AzuriteStorage storage)
    {
        _storage = storage;
        Store = new TableWorkflowStatusStore(
            storage.Tables, AzuriteStorage.Names, Time, new WorkflowSignals(), TestMetrics.New());
    }

    protected override IWorkflowStatusStore Store { get; }

    public Task InitializeAsync() => _storage.Tables.CreateTableIfNotExistsAsync(AzuriteStorage.Names.WorkflowTable);

    public Task DisposeAsync() => Task.CompletedTask;
}

public sealed class InMemoryWorkflowStatusStoreTests : WorkflowStatusStoreContract
{
    public InMemoryWorkflowStatusStoreTests() => Store = new InMemoryWorkflowStatusStore(Time);

    protected override IWorkflowStatusStore Store { get; }
}
