using Microsoft.DurableTask;
using Microsoft.DurableTask.Entities;

namespace Chard.Emulator.DurableTask;

/// <summary>The code an engine runs, found by name. Names ignore case.</summary>
public interface IDurableFunctions
{
    /// <summary>The orchestrator of the name; null when there is none.</summary>
    OrchestratorFunction? FindOrchestrator(TaskName name);

    /// <summary>The activity of the name; null when there is none.</summary>
    ActivityFunction? FindActivity(TaskName name);

    /// <summary>The entity of the name; null when there is none.</summary>
    EntityFunction? FindEntity(TaskName name);
}

/// <summary>Runs an orchestrator from its beginning. The engine serializes the result.</summary>
public delegate Task<object?> OrchestratorFunction(TaskOrchestrationContext context);

/// <summary>Runs an activity once. The engine serializes the result.</summary>
public delegate Task<object?> ActivityFunction(ActivityInvocation invocation);

/// <summary>Runs one operation of an entity. The engine serializes the result.</summary>
public delegate ValueTask<object?> EntityFunction(TaskEntityOperation operation);
