using System.Collections.Concurrent;
using Chard.DurableTask.Sqlite;
using Chard.LocalHost;
using Chard.LocalHost.Functions;
using Microsoft.Azure.Functions.Worker;
using Microsoft.Azure.Functions.Worker.Invocation;
using Microsoft.Azure.WebJobs.Host.Listeners;
using Microsoft.Extensions.DependencyInjection;

namespace Chard.TestHost;

/// <summary>
/// What a host does beside the engine while time is skipped: requests, messages and timers keep the clock from jumping as long as they
/// work.
/// </summary>
internal sealed class SkippedWork(SkippingClock clock) : IDisposable
{
    private readonly SkippingClock clock = clock;
    private readonly ConcurrentDictionary<string, ConcurrentQueue<(IDisposable Hold, bool IsRequest)>> begun =
        new(StringComparer.OrdinalIgnoreCase);

    private readonly List<IDisposable> attached = [];

    /// <summary>The host begins an invocation. What the engine knows of is its own to count.</summary>
    public IDisposable? Begin(FunctionInfo function)
    {
        if (function.Kind is TriggerKind.Orchestration or TriggerKind.Activity or TriggerKind.Entity)
        {
            return null;
        }

        var isRequest = function.Kind == TriggerKind.Http;
        var hold = Hold(isRequest);
        begun.GetOrAdd(function.Name, _ => []).Enqueue((hold, isRequest));
        return hold;
    }

    public void ConfigureApp(IServiceCollection services)
    {
        var inner = services.Last(service => service.ServiceType == typeof(IFunctionExecutor));
        services.AddSingleton<IFunctionExecutor>(provider => new Executor(
            this,
            (IFunctionExecutor)(inner.ImplementationInstance
                ?? inner.ImplementationFactory?.Invoke(provider)
                ?? ActivatorUtilities.CreateInstance(provider, inner.ImplementationType!))));
    }

    /// <summary>Timers run on the skipped clock, so those of the host do not.</summary>
    public static void ConfigureHost(IServiceCollection services) => services.AddSingleton<IListenerDecorator, NoTimers>();

    public void Attach(FunctionsHost host, StorageAccount? account)
    {
        var enabled = host.Functions.Where(function => !function.IsDisabled).ToLookup(function => function.Kind);
        foreach (var timer in enabled[TriggerKind.Timer])
        {
            attached.Add(new SkippedTimer(clock, timer, () => host.RunTimerAsync(timer.Name)));
        }

        if (account is not null)
        {
            attached.Add(clock.Attach(new SkippedStorage(clock, account, enabled[TriggerKind.Queue].Select(function => function.Queue!))));
        }
    }

    public void Dispose()
    {
        attached.ForEach(item => item.Dispose());
        attached.Clear();
    }

    /// <summary>A request may wait for a workflow, which must go on then.</summary>
    private IDisposable Hold(bool isRequest) => isRequest ? clock.HoldBriefly() : clock.Hold();

    /// <summary>
    /// The function's own code holds the clock in place of the host: a delay on this clock belongs to the hold of the flow it is made in,
    /// and one that does nothing but wait for such a delay is skipped over.
    /// </summary>
    private sealed class Executor(SkippedWork work, IFunctionExecutor inner) : IFunctionExecutor
    {
        public async ValueTask ExecuteAsync(FunctionContext context)
        {
            if (!work.begun.TryGetValue(context.FunctionDefinition.Name, out var begun) || !begun.TryDequeue(out var first))
            {
                await inner.ExecuteAsync(context);
                return;
            }

            using var own = work.Hold(first.IsRequest);
            first.Hold.Dispose();
            await inner.ExecuteAsync(context);
        }
    }

    private sealed class NoTimers : IListenerDecorator
    {
        public IListener Decorate(ListenerDecoratorContext context) =>
            context.ListenerType.Name == "TimerListener" ? new Nothing(context.Listener) : context.Listener;

        private sealed class Nothing(IListener inner) : IListener
        {
            public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

            public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

            public void Cancel()
            {
            }

            public void Dispose() => inner.Dispose();
        }
    }
}
