using Chard.Emulator.DurableTask;
using Microsoft.DurableTask;

namespace Chard.Bench;

/// <summary>Orchestrations of activities that do nothing but return a small value: what is measured is the engine.</summary>
internal sealed class BenchFunctions : IDurableFunctions
{
    /// <summary>Width of a sub-orchestration in a wide fan-out.</summary>
    public const int Chunk = 200;

    private static readonly Task<object?> Result = Task.FromResult<object?>(1);

    public OrchestratorFunction? FindOrchestrator(TaskName name) => name.Name switch
    {
        "Chain" => ChainAsync,
        "Group" => GroupAsync,
        "Fan" => FanAsync,
        _ => null,
    };

    public ActivityFunction? FindActivity(TaskName name) => static _ => Result;

    public EntityFunction? FindEntity(TaskName name) => null;

    private static async Task<object?> ChainAsync(TaskOrchestrationContext context)
    {
        var value = context.GetInput<int>();
        for (var i = 0; i < 3; i++)
        {
            value = await context.CallActivityAsync<int>("NoOp", value);
        }

        return value;
    }

    private static async Task<object?> GroupAsync(TaskOrchestrationContext context)
    {
        var tasks = new Task<int>[context.GetInput<int>()];
        for (var i = 0; i < tasks.Length; i++)
        {
            tasks[i] = context.CallActivityAsync<int>("NoOp", i);
        }

        return (await Task.WhenAll(tasks)).Sum();
    }

    private static async Task<object?> FanAsync(TaskOrchestrationContext context)
    {
        var tasks = new List<Task<int>>();
        for (var left = context.GetInput<int>(); left > 0; left -= Chunk)
        {
            tasks.Add(context.CallSubOrchestratorAsync<int>("Group", Math.Min(Chunk, left)));
        }

        return (await Task.WhenAll(tasks)).Sum();
    }
}
