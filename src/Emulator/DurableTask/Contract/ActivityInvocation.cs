using Microsoft.DurableTask;

namespace Chard.Emulator.DurableTask;

/// <summary>One delivery of one activity. The same call may be delivered again after a crash.</summary>
public sealed class ActivityInvocation(
    string instanceId,
    int taskId,
    TaskName name,
    string? serializedInput,
    DataConverter converter,
    CancellationToken cancellationToken)
{
    /// <summary>The calling orchestration's instance id.</summary>
    public string InstanceId { get; } = instanceId;

    /// <summary>The call's number in its orchestration, counted from 0.</summary>
    public int TaskId { get; } = taskId;

    /// <summary>The activity's name, as the orchestrator wrote it.</summary>
    public TaskName Name { get; } = name;

    /// <summary>The input's text; null without one.</summary>
    public string? SerializedInput { get; } = serializedInput;

    /// <summary>Fires when the host stops hard: the drain's deadline has passed.</summary>
    public CancellationToken CancellationToken { get; } = cancellationToken;

    /// <summary>The input as the given type; null without one.</summary>
    public object? GetInput(Type type) => converter.Deserialize(SerializedInput, type);
}
