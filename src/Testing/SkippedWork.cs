using System.Collections.Concurrent;
using Chard.DurableTask.Sqlite;
using Chard.LocalHost;
using Chard.LocalHost.Functions;
using Microsoft.Azure.Functions.Worker;
using Microsoft.Azure.Functions.Worker.Invocation;
using Microsoft.Azure.WebJobs.Host.Listeners;
using Microsoft.Extensions.DependencyInjection;

namespace Chard.Testing;

/// <summary>
/// What a host does beside the engine while time is skipped: requests, messages and timers keep the clock from jumping as long as they
/// work.
/// </summary>
internal sealed class SkippedWork(SkippingClock clock, TimeSpan timerPace) : IDisposable
{
    private readonly SkippingClock clock = clock;
    private readonly ConcurrentDictionary<string, ConcurrentQueue<IDisposable>> requests = new(StringComparer.OrdinalIgnoreCase);
    private readonly List<IDisposable> attached = [];

    /// <summary>The host begins an invocation. What the engine knows of is its own to count.</summary>
    public IDisposable? Begin(FunctionInfo function)
    {
        switch (function.Kind)
        {
            case TriggerKind.Http:
                var hold = clock.HoldBriefly();
                requests.GetOrAdd(function.Name, _ => []).Enqueue(hold);
                return hold;
            case TriggerKind.Queue or TriggerKind.Timer:
                return clock.Hold();
            default:
                return null;
        }
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
            attached.Add(new SkippedTimer(clock, timer, timerPace, () => host.RunTimerAsync(timer.Name)));
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

    /// <summary>
    /// A request is held from within its function instead: a delay on this clock belongs to the hold of the flow that it is made in, and is
    /// jumped to when nobody does anything else.
    /// </summary>
    private sealed class Executor(SkippedWork work, IFunctionExecutor inner) : IFunctionExecutor
    {
        public async ValueTask ExecuteAsync(FunctionContext context)
        {
            if (!work.requests.TryGetValue(context.FunctionDefinition.Name, out var holds) || !holds.TryDequeue(out var first))
            {
                await inner.ExecuteAsync(context);
                return;
            }

            using var own = work.clock.HoldBriefly();
            first.Dispose();
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
