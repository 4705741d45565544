using Azure.Core;
using Azure.Data.Tables;
using Azure.Storage.Blobs;
using Chard.Domain.Failures;
using Chard.Domain.Ledger;
using Chard.Domain.Tasks;
using Chard.Functions.Tests.InMemory;
using Chard.Functions.Tests.Storage;
using Chard.Functions.Tests.Support;
using Chard.Platform;
using Chard.Running;
using Chard.Testing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;

namespace Chard.Functions.Tests.Tasks;

/// <summary>A task with a large result on real tables and blobs, with storage failing at every call in turn.</summary>
[Collection(AzuriteStorageTests.Name)]
public sealed class TaskStorageFaultTests(AzuriteStorage azurite) : IAsyncLifetime
{
    private static readonly string Large = new('x', 40_000);

    public async Task InitializeAsync()
    {
        await azurite.Tables.CreateTableIfNotExistsAsync(AzuriteStorage.Names.WorkflowTable);
        await new BlobServiceClient(azurite.ConnectionString)
            .GetBlobContainerClient(AzuriteStorage.Names.PayloadContainer).CreateIfNotExistsAsync();
    }

    public Task DisposeAsync() => Task.CompletedTask;

    [Theory]
    [InlineData("503 once")]
    [InlineData("503 for long")]
    [InlineData("500, but done")]
    [InlineData("no answer")]
    [InlineData("no answer, but done")]
    [InlineData("no answer for long, but done")]
    [InlineData("412")]
    public async Task Run_FaultAtEveryCallInTurn_ChargesOnceAndGivesTheResult(string what)
    {
        (StorageFault fault, int times) = what switch
        {
            "503 once" => (StorageFault.Busy, 1),
            "503 for long" => (StorageFault.Busy, 5),
            "500, but done" => (StorageFault.TimedOut with { IsApplied = true }, 1),
            "no answer" => (StorageFault.NoAnswer, 1),
            "no answer, but done" => (StorageFault.NoAnswer with { IsApplied = true }, 1),
            "no answer for long, but done" => (StorageFault.NoAnswer with { IsApplied = true }, 5),
            _ => (StorageFault.ConditionNotMet, 1),
        };
        int calls = await RunAsync(null, 0, 0);
        Assert.InRange(calls, 3, 10);
        for (int call = 0; call < calls; call++)
        {
            await RunAsync(fault, times, call);
        }
    }

    /// <summary>Calls the task as an orchestrator does, until it has a result. Gives the number of storage calls.</summary>
    private async Task<int> RunAsync(StorageFault? fault, int times, int skip)
    {
        StoragePlan storage = azurite.Account.App;
        storage.Clear();
        using var writer = new TableWriter(
            new TableServiceClient(azurite.ConnectionString, Impatient(new TableClientOptions())), AzuriteStorage.Names);
        var rows = new TableLedgerStore(writer);
        var payloads = new BlobPayloadStore(
            new BlobServiceClient(azurite.ConnectionString, Impatient(new BlobClientOptions())), AzuriteStorage.Names, TestMetrics.New());
        var receiver = new Receiver();
        var settings = new LedgerSettings { Lease = TimeSpan.FromSeconds(1), DuplicateWait = TimeSpan.Zero };
        var runner = new TaskRunner(
            TaskCatalogue.Create([typeof(Charge)], ["Charge"], new Dictionary<string, IReadOnlyList<KeyValuePair<string, string?>>>()),
            new TaskLedger(rows, settings, TimeProvider.System), settings, new TaskValueStore(payloads), payloads,
            new FailureClassifier([new AzureFailureRule()]),
            new RunningWorkflows(
                new InMemoryWorkflowStatusStore(TimeProvider.System), TimeProvider.System, NullLogger<RunningWorkflows>.Instance),
            new ServiceCollection().AddSingleton(receiver).BuildServiceProvider(),
            TestMetrics.New(), TimeProvider.System, NullLogger<TaskRunner>.Instance);
        var call = new TaskCall
        {
            WorkflowId = "wf-" + Guid.NewGuid().ToString("N"), Path = "0", Task = "Charge", Args = TaskValue.Of(TaskJson.ToElement(Large))
        };
        if (fault is not null)
        {
            storage.Fail(_ => true, fault, times, skip);
        }

        TaskValue result = await CallUntilDoneAsync(runner, call);

        Assert.Equal($"\"charged {Large}\"", System.Text.Encoding.UTF8.GetString(
            (await new TaskValueStore(payloads).CheckOutAsync(result, default)).Span));
        Assert.Single(receiver.Charged);
        Assert.Equal(LedgerStatus.Succeeded, (await rows.GetAsync(new(call.WorkflowId, null, "0"), default))!.Value.Row.Status);
        storage.Heal();
        return storage.Count() - 2;
    }

    private static async Task<TaskValue> CallUntilDoneAsync(TaskRunner runner, TaskCall call)
    {
        return (await Eventually.SeenAsync("the call has its result", TryAsync, outcome => outcome?.Result is not null))!.Result!;

        async Task<TaskOutcome?> TryAsync()
        {
            try
            {
                TaskOutcome outcome = await runner.RunAsync<Charge>(call, default);
                Assert.True(outcome.Result is not null || outcome.Again!.IsBusy);
                return outcome;
            }
            catch (TransientTaskException) when (call.Attempt < 6)
            {
                call = call with { Attempt = call.Attempt + 1 };
                return null;
            }
        }
    }

    private static TOptions Impatient<TOptions>(TOptions options)
        where TOptions : ClientOptions
    {
        options.Retry.Delay = TimeSpan.FromMilliseconds(5);
        options.Retry.MaxDelay = TimeSpan.FromMilliseconds(10);
        return options;
    }
}
