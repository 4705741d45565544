namespace Microsoft.DurableTask;

/// <summary>An activity or a sub-orchestration failed. Thrown where the orchestrator awaits the call.</summary>
public sealed class TaskFailedException : Exception
{
    /// <summary>A failure known by its details.</summary>
    public TaskFailedException(string taskName, int taskId, TaskFailureDetails failureDetails)
        : this(taskName, taskId, failureDetails, null)
    {
    }

    /// <summary>A failure known by its exception.</summary>
    public TaskFailedException(string taskName, int taskId, Exception innerException)
        : this(taskName, taskId, TaskFailureDetails.FromException(innerException), innerException)
    {
    }

    internal TaskFailedException(string taskName, int taskId, TaskFailureDetails? failureDetails, Exception? innerException)
        : base($"Task '{taskName}' (#{taskId}) failed with an unhandled exception: {failureDetails?.ErrorMessage}", innerException)
    {
        TaskName = taskName;
        TaskId = taskId;
        FailureDetails = failureDetails!;
    }

    /// <summary>The name of the task.</summary>
    public string TaskName { get; }

    /// <summary>The task's number in its orchestration, counted from 0 over all durable calls.</summary>
    public int TaskId { get; }

    /// <summary>What failed. Null, against its annotation, when a sub-orchestration was terminated.</summary>
    public TaskFailureDetails FailureDetails { get; }

    /// <summary>Whether the failure is of type <typeparamref name="T"/>.</summary>
    [Obsolete("Use the FailureDetails property and its IsCausedBy<T>() method")]
    public bool IsCausedByException<T>()
        where T : Exception => FailureDetails.IsCausedBy<T>();
}
