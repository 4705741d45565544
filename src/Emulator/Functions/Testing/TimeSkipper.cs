using Chard.Emulator.Functions.Durable;
using Chard.Emulator.Functions.Hosting;
using Chard.Emulator.Functions.Queues;
using Microsoft.Extensions.DependencyInjection;

namespace Chard.Emulator.Testing;

/// <summary>Moves a <see cref="SkippingTimeProvider"/> forward whenever a host has nothing to do until a timer is due.</summary>
internal sealed class TimeSkipper : IAsyncDisposable
{
    // An HTTP request older than this is taken to be waiting for something.
    private static readonly TimeSpan RequestAge = TimeSpan.FromMilliseconds(200);

    // Whoever was just told of a result gets this much real time to act on it.
    private static readonly TimeSpan Settle = TimeSpan.FromMilliseconds(2);

    // Timers are armed in whole milliseconds, rounded up: what is due at a time wakes a little after it.
    private static readonly TimeSpan Rounding = TimeSpan.FromMilliseconds(5);

    // An activity that waits for the very time that is to pass must not hold up an advance for ever.
    private static readonly TimeSpan AdvancePatience = TimeSpan.FromMilliseconds(500);

    private readonly SkippingTimeProvider time;
    private readonly DurableRuntime durable;
    private readonly HostActivity activity;
    private readonly QueueTriggers queues;
    private readonly CancellationTokenSource stopping = new();
    private Task loop = Task.CompletedTask;
    private long lookedAt = -1;

    private TimeSkipper(SkippingTimeProvider time, IServiceProvider services)
    {
        this.time = time;
        durable = services.GetRequiredService<DurableRuntime>();
        activity = services.GetRequiredService<HostActivity>();
        queues = services.GetRequiredService<QueueTriggers>();
    }

    public static TimeSkipper Start(SkippingTimeProvider time, IServiceProvider services)
    {
        var skipper = new TimeSkipper(time, services);
        time.Advancer = skipper.AdvanceAsync;
        skipper.loop = Task.Run(skipper.LoopAsync);
        return skipper;
    }

    public async ValueTask DisposeAsync()
    {
        time.Advancer = null;
        await stopping.CancelAsync();
        await loop;
        stopping.Dispose();
    }

    private async Task LoopAsync()
    {
        try
        {
            while (true)
            {
                await Task.Delay(Settle, TimeProvider.System, stopping.Token);
                if (time.IsSkipping && Target() is not null && await IsQuietAsync(stopping.Token) && time.IsSkipping && Target() is { } target)
                {
                    time.JumpToNext(target + Rounding);
                }
            }
        }
        catch (OperationCanceledException) when (stopping.IsCancellationRequested)
        {
            // The host stops.
        }
    }

    private async Task AdvanceAsync(TimeSpan amount, CancellationToken cancellation)
    {
        using var hold = time.Hold();
        var until = time.GetUtcNow() + amount;
        do
        {
            await QuietAsync(cancellation);
        }
        while (time.JumpToNext(until));
        time.JumpTo(until);
        await QuietAsync(cancellation);
    }

    private async Task QuietAsync(CancellationToken cancellation)
    {
        var began = TimeProvider.System.GetTimestamp();
        while (!await IsQuietAsync(cancellation) && TimeProvider.System.GetElapsedTime(began) < AdvancePatience)
        {
            await Task.Delay(TimeSpan.FromMilliseconds(1), TimeProvider.System, cancellation);
        }
    }

    /// <summary>The first time somebody waits for: the engine, or an HTTP request.</summary>
    private DateTimeOffset? Target()
    {
        var engine = durable.Engine.NextTimerDue;
        var request = time.NextRequestDue;
        return engine is null || request < engine ? request ?? engine : engine;
    }

    private async Task<bool> IsQuietAsync(CancellationToken cancellation)
    {
        if (!durable.Engine.IsIdle || activity.IsBusy(RequestAge))
        {
            return false;
        }

        // What has just run may have sent a message that no listener has seen yet.
        var completed = activity.Completed;
        if (completed != lookedAt)
        {
            foreach (var listener in queues.Listeners)
            {
                if (await listener.LookNowAsync().WaitAsync(cancellation))
                {
                    return false;
                }
            }

            lookedAt = completed;
        }

        return durable.Engine.IsIdle && !activity.IsBusy(RequestAge) && activity.Completed == completed;
    }
}
