namespace Microsoft.DurableTask.Entities;

/// <summary>An entity: state with operations that run one at a time.</summary>
public interface ITaskEntity
{
    /// <summary>Runs one operation. An exception undoes the state and drops what the operation sent.</summary>
    ValueTask<object?> RunAsync(TaskEntityOperation operation);
}
