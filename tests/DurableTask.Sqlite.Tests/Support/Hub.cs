using DurableTask.AzureStorage;
using DurableTask.Core;

namespace Chard.DurableTask.Sqlite.Tests;

/// <summary>A provider with a worker and a client on it, ours or Microsoft's.</summary>
internal sealed class Hub : IAsyncDisposable
{
    private Hub(IOrchestrationService service, TaskHubWorker worker, Journal journal)
    {
        Journal = journal;
        Service = service;
        Worker = worker;
        Client = new TaskHubClient((IOrchestrationServiceClient)service);
    }

    public static TimeSpan Patience => TimeSpan.FromSeconds(90);

    public IOrchestrationService Service { get; }

    public SqliteOrchestrationService Engine => (SqliteOrchestrationService)Service;

    public TaskHubWorker Worker { get; }

    public Journal Journal { get; }

    public TaskHubClient Client { get; }

    public static Task<Hub> StartAsync(SqliteStorageOptions options, Code code, Action<TaskHubWorker>? configure = null)
    {
        var journal = new Journal();
        return StartAsync(new SqliteOrchestrationService(options, journal), code, journal, configure);
    }

    /// <summary>A hub of Azure Storage's own provider.</summary>
    public static Task<Hub> StartAzureAsync(string connection, string name, Code code) => StartAsync(
        new AzureStorageOrchestrationService(new AzureStorageOrchestrationServiceSettings
        {
            StorageAccountClientProvider = new StorageAccountClientProvider(connection),
            TaskHubName = name,
            PartitionCount = 1,
            MaxQueuePollingInterval = TimeSpan.FromMilliseconds(100),
            UseSeparateQueueForEntityWorkItems = true,
            ThrowExceptionOnInvalidDedupeStatus = true,
            UseAppLease = false,
            EventBehaviourForContinueAsNew = BehaviorOnContinueAsNew.Carryover,
        }),
        code,
        new Journal());

    public Task<OrchestrationInstance> StartAsync(string name, string id, string input = "") =>
        Client.CreateOrchestrationInstanceAsync(name, string.Empty, id, input);

    public async Task<OrchestrationState> EndAsync(string id)
    {
        if (Service is SqliteOrchestrationService ours)
        {
            return await ours.WaitForOrchestrationAsync(id, null, Patience, CancellationToken.None)
                ?? throw new TimeoutException($"{id} has not ended: {(await StateAsync(id))?.OrchestrationStatus}. {Journal}");
        }

        // Azure Storage's own wait looks every two seconds.
        OrchestrationState? state = null;
        await UntilAsync(async () => (state = await StateAsync(id))?.OrchestrationStatus.IsEnded() == true, $"{id} has ended");
        return state!;
    }

    public async Task<OrchestrationState> RunAsync(string name, string id, string input = "")
    {
        await StartAsync(name, id, input);
        return await EndAsync(id);
    }

    public async Task<OrchestrationState?> StateAsync(string id) =>
        await ((IOrchestrationServiceClient)Service).GetOrchestrationStateAsync(id, null);

    public Task RaiseAsync(string id, string name, string value) =>
        Client.RaiseEventAsync(new OrchestrationInstance { InstanceId = id }, name, value);

    public async Task UntilAsync(string id, OrchestrationStatus status) =>
        await UntilAsync(async () => (await StateAsync(id))?.OrchestrationStatus == status, $"{id} is {status}");

    public Task UntilAsync(Func<Task<bool>> condition, string what) =>
        Eventually.TrueAsync(what, condition, Patience, () => $"{Journal}");

    public async ValueTask DisposeAsync()
    {
        await Worker.StopAsync(isForced: true);
        (Service as IDisposable)?.Dispose();
    }

    private static async Task<Hub> StartAsync(
        IOrchestrationService service, Code code, Journal journal, Action<TaskHubWorker>? configure = null)
    {
        try
        {
            await service.CreateIfNotExistsAsync();
            var worker = new TaskHubWorker(service, journal) { ErrorPropagationMode = ErrorPropagationMode.UseFailureDetails };
            if (service is SqliteOrchestrationService ours)
            {
                worker.AddOrchestrationDispatcherMiddleware((context, next) =>
                {
                    ours.AlignTime(context.GetProperty<OrchestrationRuntimeState>());
                    return next();
                });
            }

            configure?.Invoke(worker);
            code.AddTo(worker);
            await worker.StartAsync();
            return new Hub(service, worker, journal);
        }
        catch
        {
            (service as IDisposable)?.Dispose();
            throw;
        }
    }
}
