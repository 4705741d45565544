using Microsoft.Azure.WebJobs.Extensions.DurableTask;

namespace Chard.DurableTask.Sqlite;

/// <summary>
/// For tests that skip time: register it as the <see cref="ILifeCycleNotificationHelper"/> of the Durable extension, which calls it before
/// the first turn of each execution. The executions after a ContinueAsNew then begin at the clock's time; see <see
/// cref="SqliteOrchestrationService.AlignTime(string)"/>.
/// </summary>
public sealed class SkippingLifeCycle(Func<SqliteOrchestrationService> service) : ILifeCycleNotificationHelper
{
    public Task OrchestratorStartingAsync(string hubName, string functionName, string instanceId, bool isReplay)
    {
        service().AlignTime(instanceId);
        return Task.CompletedTask;
    }

    public Task OrchestratorCompletedAsync(string hubName, string functionName, string instanceId, bool continuedAsNew, bool isReplay) =>
        Task.CompletedTask;

    public Task OrchestratorFailedAsync(string hubName, string functionName, string instanceId, string reason, bool isReplay) =>
        Task.CompletedTask;

    public Task OrchestratorTerminatedAsync(string hubName, string functionName, string instanceId, string reason) => Task.CompletedTask;
}
