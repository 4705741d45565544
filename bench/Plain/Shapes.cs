using Microsoft.Azure.Functions.Worker;
using Microsoft.DurableTask;

namespace Chard.Bench.Plain;

/// <summary>A chain, a group and a fan-out by sub-orchestrations, of activities that return a small value.</summary>
public static class Shapes
{
    /// <summary>Width of a sub-orchestration in a wide fan-out.</summary>
    private const int Part = 200;

    /// <summary>Three activities one after another.</summary>
    [Function(nameof(Chain))]
    public static async Task<int> Chain([OrchestrationTrigger] TaskOrchestrationContext context, int value)
    {
        for (int step = 0; step < 3; step++)
        {
            value = await context.CallActivityAsync<int>(nameof(NoOp), value);
        }

        return value;
    }

    /// <summary>Activities side by side in one instance.</summary>
    [Function(nameof(Group))]
    public static async Task<int> Group([OrchestrationTrigger] TaskOrchestrationContext context, int width)
    {
        var tasks = new Task<int>[width];
        for (int i = 0; i < width; i++)
        {
            tasks[i] = context.CallActivityAsync<int>(nameof(NoOp), i);
        }

        return (await Task.WhenAll(tasks)).Length;
    }

    /// <summary>Activities side by side, by sub-orchestrations of 200.</summary>
    [Function(nameof(Fan))]
    public static async Task<int> Fan([OrchestrationTrigger] TaskOrchestrationContext context, int width)
    {
        var parts = new List<Task<int>>();
        for (int left = width; left > 0; left -= Part)
        {
            parts.Add(context.CallSubOrchestratorAsync<int>(nameof(Group), Math.Min(Part, left)));
        }

        return (await Task.WhenAll(parts)).Sum();
    }

    /// <summary>Gives back what it gets.</summary>
    [Function(nameof(NoOp))]
    public static int NoOp([ActivityTrigger] int value) => value;
}
