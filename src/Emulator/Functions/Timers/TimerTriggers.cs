using Chard.Emulator.Functions.Discovery;
using Chard.Emulator.Functions.Hosting;
using Chard.Emulator.Functions.Invocation;
using Chard.Emulator.Functions.Queues;
using Chard.Emulator.Functions.Settings;
using Microsoft.Azure.Functions.Worker;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Logging;

namespace Chard.Emulator.Functions.Timers;

/// <summary>A listener for each timer-triggered function.</summary>
internal sealed class TimerTriggers(
    FunctionCatalog catalog,
    FunctionInvoker invoker,
    OutputSender outputs,
    HostActivity activity,
    HostSettings settings,
    IConfiguration configuration,
    TimeProvider time,
    IServiceProvider services,
    ILoggerFactory loggers)
{
    private readonly List<TimerListener> listeners = [];

    public void Start()
    {
        var zone = configuration["WEBSITE_TIME_ZONE"] is { Length: > 0 } id ? TimeZoneInfo.FindSystemTimeZoneById(id) : time.LocalTimeZone;
        foreach (var function in catalog.Of(TriggerKind.Timer))
        {
            var trigger = (TimerTriggerAttribute)function.Trigger;
            var schedule = TimerSchedule.Parse(NameResolver.Resolve(trigger.Schedule, configuration, [], function.Name)!, zone)!;
            var memory = trigger.UseMonitor ? new TimerMemory(Path.Combine(settings.DataFolder, "timers", $"{function.Name}.json")) : null;
            var listener = new TimerListener(
                function.Name,
                schedule,
                trigger.RunOnStartup,
                memory,
                info => InvokeAsync(function, info),
                () => activity.Begin(),
                time,
                loggers.CreateLogger("Host.Timers"));
            listeners.Add(listener);
            listener.Start();
        }
    }

    /// <summary>Starts no more runs and waits for those under way.</summary>
    public Task StopAsync() => Task.WhenAll(listeners.Select(listener => listener.DisposeAsync().AsTask()));

    private async Task InvokeAsync(FunctionDescriptor function, TimerInfo info)
    {
        using var cancellation = CancellationTokenSource.CreateLinkedTokenSource(activity.Stopped);
        if (settings.HostJson.FunctionTimeout is { } limit)
        {
            cancellation.CancelAfter(limit);
        }

        await using var context = new HostFunctionContext(function, services, info, new Dictionary<string, object?>(), cancellation.Token);
        await invoker.InvokeAsync(context);
        await outputs.SendAsync(context, cancellation.Token);
    }
}
