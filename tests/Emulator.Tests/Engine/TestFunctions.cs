using System.Collections.Concurrent;
using Chard.Emulator.DurableTask;
using Microsoft.DurableTask;
using Microsoft.DurableTask.Entities;

namespace Chard.Emulator.Tests.Engine;

/// <summary>Code for an engine, given as lambdas.</summary>
internal sealed class TestFunctions : IDurableFunctions
{
    private readonly ConcurrentDictionary<TaskName, OrchestratorFunction> orchestrators = new();
    private readonly ConcurrentDictionary<TaskName, ActivityFunction> activities = new();
    private readonly ConcurrentDictionary<TaskName, EntityFunction> entities = new();

    /// <summary>How often each activity ran.</summary>
    public ConcurrentDictionary<string, int> Runs { get; } = new();

    public TestFunctions Orchestrator<T>(string name, Func<TaskOrchestrationContext, Task<T>> code)
    {
        orchestrators[name] = async context => await code(context);
        return this;
    }

    public TestFunctions Activity<TIn, TOut>(string name, Func<TIn, TOut> code) =>
        Activity<TIn, TOut>(name, input => Task.FromResult(code(input)));

    public TestFunctions Activity<TIn, TOut>(string name, Func<TIn, Task<TOut>> code)
    {
        activities[name] = async invocation =>
        {
            Runs.AddOrUpdate(name, 1, static (_, count) => count + 1);
            return await code((TIn)invocation.GetInput(typeof(TIn))!);
        };
        return this;
    }

    public void ActivityWithToken<TOut>(string name, Func<CancellationToken, Task<TOut>> code) =>
        activities[name] = async invocation =>
        {
            Runs.AddOrUpdate(name, 1, static (_, count) => count + 1);
            return await code(invocation.CancellationToken);
        };

    public TestFunctions Entity(string name, Func<TaskEntityOperation, ValueTask<object?>> code)
    {
        entities[name] = operation => code(operation);
        return this;
    }

    public OrchestratorFunction? FindOrchestrator(TaskName name) => orchestrators.GetValueOrDefault(name);

    public ActivityFunction? FindActivity(TaskName name) => activities.GetValueOrDefault(name);

    public EntityFunction? FindEntity(TaskName name) => entities.GetValueOrDefault(name);
}
