namespace Microsoft.DurableTask.Entities;

/// <summary>An operation of an entity failed. Thrown where the orchestrator awaits the call; signals fail silently.</summary>
public sealed class EntityOperationFailedException : Exception
{
    /// <summary>Makes the exception from the failure's details.</summary>
    public EntityOperationFailedException(EntityInstanceId entityId, string operationName, TaskFailureDetails failureDetails)
        : base($"Operation '{operationName}' of entity '{entityId}' failed: {failureDetails?.ErrorMessage}")
    {
        EntityId = entityId;
        OperationName = operationName;
        FailureDetails = failureDetails!;
    }

    /// <summary>The entity.</summary>
    public EntityInstanceId EntityId { get; }

    /// <summary>The operation.</summary>
    public string OperationName { get; }

    /// <summary>What failed.</summary>
    public TaskFailureDetails FailureDetails { get; }
}
