using DurableTask.Core;

namespace Chard.DurableTask.Sqlite.Tests;

/// <summary>A service with a worker and a client on it.</summary>
internal sealed class EngineUnderTest : IAsyncDisposable
{
    private EngineUnderTest(SqliteOrchestrationService service, TaskHubWorker worker)
    {
        Service = service;
        Worker = worker;
        Client = new TaskHubClient(service);
    }

    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    public SqliteOrchestrationService Service { get; }

    public TaskHubWorker Worker { get; }

    public TaskHubClient Client { get; }

    public static async Task<EngineUnderTest> StartAsync(SqliteStorageOptions options, Action<TaskHubWorker> register)
    {
        var service = new SqliteOrchestrationService(options);
        var worker = new TaskHubWorker(service) { ErrorPropagationMode = ErrorPropagationMode.UseFailureDetails };
        worker.AddOrchestrationDispatcherMiddleware((context, next) =>
        {
            service.AlignTime(context.GetProperty<OrchestrationRuntimeState>());
            return next();
        });
        register(worker);
        await worker.StartAsync();
        return new EngineUnderTest(service, worker);
    }

    public async Task<OrchestrationState> EndAsync(string id) =>
        await Service.WaitForOrchestrationAsync(id, null, Patience, CancellationToken.None)
        ?? throw new TimeoutException($"{id} has not ended: {(await Service.GetOrchestrationStateAsync(id, null))?.OrchestrationStatus}");

    public async ValueTask DisposeAsync()
    {
        await Worker.StopAsync(isForced: true);
        Service.Dispose();
    }
}
