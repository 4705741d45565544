using System.Collections.Concurrent;
using DurableTask.Core;
using DurableTask.Core.Entities;
using DurableTask.Core.Entities.OperationFormat;

namespace Chard.DurableTask.Sqlite.Tests;

/// <summary>Orchestrations, activities and entities of a test, as functions of strings.</summary>
internal sealed class Code
{
    private readonly Dictionary<string, Func<Flow, string, Task<string>>> orchestrations = [];
    private readonly Dictionary<string, Func<string, Task<string>>> activities = [];
    private readonly Dictionary<string, Func<string?, string, string?, (string? State, string? Result)>> entities = [];

    private readonly ConcurrentDictionary<string, string?> kept = new();

    /// <summary>How often each activity was begun, by name and input.</summary>
    public ConcurrentDictionary<string, int> Runs { get; } = new();

    /// <summary>How often each activity was begun, by its name.</summary>
    public int Begun(string activity) =>
        Runs.Where(pair => pair.Key.StartsWith(activity + " ", StringComparison.Ordinal)).Sum(pair => pair.Value);

    public Code Orchestration(string name, Func<Flow, string, Task<string>> run)
    {
        orchestrations[name] = run;
        return this;
    }

    public Code Activity(string name, Func<string, Task<string>> run)
    {
        activities[name] = run;
        return this;
    }

    public Code Activity(string name, Func<string, string> run) => Activity(name, input => Task.FromResult(run(input)));

    /// <summary>An operation takes the state, its name and its input, and gives the new state (null: none) and the result.</summary>
    public Code Entity(string name, Func<string?, string, string?, (string? State, string? Result)> run)
    {
        entities[name] = run;
        return this;
    }

    public void AddTo(TaskHubWorker worker)
    {
        worker.AddTaskOrchestrations(
            [.. orchestrations.Select(pair => new Creator<TaskOrchestration>(pair.Key, () => new Orchestrator(pair.Value)))]);
        worker.AddTaskActivities(
            [.. activities.Select(pair => new Creator<TaskActivity>(pair.Key, () => new ActivityOf(this, pair.Key, pair.Value)))]);
        worker.AddEntityDispatcherMiddleware(async (context, next) =>
        {
            // In a session the framework sends the state once, and leaves it to the worker to keep it.
            var request = context.GetProperty<EntityBatchRequest>();
            if (!context.GetProperty<WorkItemMetadata>().IncludeState)
            {
                request.EntityState = kept[request.InstanceId!];
            }

            await next();
            kept[request.InstanceId!] = context.GetProperty<EntityBatchResult>().EntityState;
        });
        worker.AddTaskEntities([.. entities.Select(pair => new Creator<TaskEntity>(pair.Key, () => new EntityOf(pair.Value)))]);
    }

    private sealed class Creator<T> : ObjectCreator<T>
    {
        private readonly Func<T> make;

        public Creator(string name, Func<T> make)
        {
            Name = name;
            Version = string.Empty;
            this.make = make;
        }

        public override T Create() => make();
    }

    private sealed class Orchestrator(Func<Flow, string, Task<string>> run) : TaskOrchestration<string, string, string, string>
    {
        private Flow? flow;

        public override Task<string> RunTask(OrchestrationContext context, string input) => run(flow ??= new Flow(context), input);

        public override void RaiseEvent(OrchestrationContext context, string name, string input) =>
            (flow ??= new Flow(context)).Raise(name, input);

        public override string OnGetStatus() => flow?.Status!;
    }

    private sealed class ActivityOf(Code code, string name, Func<string, Task<string>> run) : AsyncTaskActivity<string, string>
    {
        protected override Task<string> ExecuteAsync(TaskContext context, string input)
        {
            code.Runs.AddOrUpdate($"{name} {context.OrchestrationInstance.InstanceId} {input}", 1, (_, count) => count + 1);
            return run(input);
        }
    }

    private sealed class EntityOf(Func<string?, string, string?, (string? State, string? Result)> run) : TaskEntity
    {
        public override Task<EntityBatchResult> ExecuteOperationBatchAsync(
            EntityBatchRequest operations)
        {
            var state = operations.EntityState;
            var results = new List<OperationResult>();
            foreach (var operation in operations.Operations!)
            {
                (state, var result) = run(state, operation.Operation!, operation.Input);
                results.Add(new() { Result = result });
            }

            return Task.FromResult(new EntityBatchResult { Results = results, Actions = [], EntityState = state });
        }
    }
}
