namespace Microsoft.DurableTask.Entities;

/// <summary>What an entity's operation may send. Nothing leaves when the operation fails.</summary>
public abstract class TaskEntityContext
{
    /// <summary>The entity's id.</summary>
    public abstract EntityInstanceId Id { get; }

    /// <summary>Signals another entity without waiting.</summary>
    public abstract void SignalEntity(EntityInstanceId id, string operationName, object? input = null, SignalEntityOptions? options = null);

    /// <inheritdoc cref="SignalEntity(EntityInstanceId, string, object?, SignalEntityOptions?)"/>
    public virtual void SignalEntity(EntityInstanceId id, string operationName, SignalEntityOptions options) => SignalEntity(id, operationName, null, options);

    /// <summary>Starts an orchestration without waiting and gives its instance id.</summary>
    public abstract string ScheduleNewOrchestration(TaskName name, object? input = null, StartOrchestrationOptions? options = null);

    /// <inheritdoc cref="ScheduleNewOrchestration(TaskName, object?, StartOrchestrationOptions?)"/>
    public virtual string ScheduleNewOrchestration(TaskName name, StartOrchestrationOptions options) => ScheduleNewOrchestration(name, null, options);
}
