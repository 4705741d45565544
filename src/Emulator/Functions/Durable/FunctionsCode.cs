using Chard.Emulator.DurableTask;
using Chard.Emulator.Functions.Discovery;
using Chard.Emulator.Functions.Hosting;
using Chard.Emulator.Functions.Invocation;
using Microsoft.Azure.Functions.Worker;
using Microsoft.DurableTask;
using Microsoft.DurableTask.Entities;
using Microsoft.Extensions.Logging;

namespace Chard.Emulator.Functions.Durable;

/// <summary>The app's durable functions as the engine sees them. Each call goes through the app's middleware.</summary>
internal sealed class FunctionsCode(
    FunctionCatalog catalog,
    FunctionInvoker invoker,
    HostActivity activity,
    IServiceProvider services,
    ILoggerFactory loggers) : IDurableFunctions
{
    private readonly ILogger logger = loggers.CreateLogger("Host.Durable");

    public OrchestratorFunction? FindOrchestrator(TaskName name) =>
        catalog.Find(TriggerKind.Orchestration, name.Name) is { } function ? context => OrchestrateAsync(function, context) : null;

    public ActivityFunction? FindActivity(TaskName name) =>
        catalog.Find(TriggerKind.Activity, name.Name) is { } function ? invocation => ActAsync(function, invocation) : null;

    public EntityFunction? FindEntity(TaskName name) =>
        catalog.Find(TriggerKind.Entity, name.Name) is { } function ? operation => OperateAsync(function, operation) : null;

    private static BindingDataOf Data(string instanceId) => new(instanceId);

    private async Task<object?> OrchestrateAsync(FunctionDescriptor function, TaskOrchestrationContext orchestration)
    {
        // Nothing here may leave the engine's synchronization context: all runs inline up to the function's own awaits.
        var context = new HostFunctionContext(function, services, orchestration, Data(orchestration.InstanceId), activity.Stopped);
        try
        {
            return await invoker.InvokeAsync(context);
        }
        catch (Exception error)
        {
            logger.LogError("Orchestration {Function} {Instance} failed: {Type}: {Message}", function.Name, orchestration.InstanceId, error.GetType(), error.Message);
            throw;
        }
        finally
        {
            Dispose(context);
        }
    }

    private async Task<object?> ActAsync(FunctionDescriptor function, ActivityInvocation invocation)
    {
        await using var context = new HostFunctionContext(function, services, invocation, Data(invocation.InstanceId), invocation.CancellationToken);
        try
        {
            return await invoker.InvokeAsync(context);
        }
        catch (Exception error)
        {
            // The engine tells the orchestrator, which may well retry; the stack is told here or nowhere.
            logger.LogWarning(error, "Activity {Function} of {Instance} failed", function.Name, invocation.InstanceId);
            throw;
        }
        finally
        {
            activity.CountCompleted();
        }
    }

    private async ValueTask<object?> OperateAsync(FunctionDescriptor function, TaskEntityOperation operation)
    {
        var dispatcher = new TaskEntityDispatcher(operation, services);
        await using var context = new HostFunctionContext(function, services, dispatcher, Data(operation.Context.Id.ToString()), activity.Stopped);
        dispatcher.Services = context;
        await invoker.InvokeAsync(context);
        return dispatcher.Result;
    }

    private void Dispose(HostFunctionContext context)
    {
        var disposal = context.DisposeAsync();
        if (disposal.IsCompletedSuccessfully)
        {
            return;
        }

        // Awaiting would leave the orchestrator's thread, so the disposal ends on its own.
        _ = disposal.AsTask().ContinueWith(
            task => logger.LogError(task.Exception, "Disposing the services of {Function} failed", context.Function.Name),
            CancellationToken.None,
            TaskContinuationOptions.OnlyOnFaulted,
            TaskScheduler.Default);
    }
}
