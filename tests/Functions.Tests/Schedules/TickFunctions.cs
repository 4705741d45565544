using System.Collections.Concurrent;
using Chard.Calls;
using Microsoft.Azure.Functions.Worker;
using Microsoft.DurableTask;

namespace Chard.Functions.Tests.Schedules;

/// <summary>What the schedules of tests start.</summary>
public static class TickFunctions
{
    internal static ConcurrentQueue<string> Ran { get; } = new();

    [Function(nameof(Tick))]
    public static Task<string?> Tick([OrchestrationTrigger] TaskOrchestrationContext context) =>
        context.TrackAsync(async () =>
        {
            await context.CallActivityAsync(nameof(NoteTick), context.InstanceId);
            return context.InstanceId;
        });

    [Function(nameof(NoteTick))]
    public static void NoteTick([ActivityTrigger] string id) => Ran.Enqueue(id);
}
