using Chard.Functions.Tests.InMemory;
using Chard.Functions.Tests.Storage;
using Chard.Functions.Tests.Support;
using Chard.Platform;
using Chard.Status;

namespace Chard.Functions.Tests.Workflows;

[Collection(AzuriteStorageTests.Name)]
public sealed class TableWorkflowStatusStoreTests : WorkflowStatusStoreContract, IAsyncLifetime
{
    private readonly AzuriteStorage _storage;
    private readonly TableWriter _writer;

    public TableWorkflowStatusStoreTests(AzuriteStorage storage)
    {
        _storage = storage;
        _writer = new(storage.Tables, AzuriteStorage.Names);
        Store = new TableWorkflowStatusStore(_writer, Time, new WorkflowSignals(), TestMetrics.New());
    }

    protected override IWorkflowStatusStore Store { get; }

    public Task InitializeAsync() => _storage.Tables.CreateTableIfNotExistsAsync(AzuriteStorage.Names.WorkflowTable);

    public Task DisposeAsync()
    {
        _writer.Dispose();
        return Task.CompletedTask;
    }
}

public sealed class InMemoryWorkflowStatusStoreTests : WorkflowStatusStoreContract
{
    public InMemoryWorkflowStatusStoreTests() => Store = new InMemoryWorkflowStatusStore(Time);

    protected override IWorkflowStatusStore Store { get; }
}
