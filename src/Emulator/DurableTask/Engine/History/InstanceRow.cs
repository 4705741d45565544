using Microsoft.DurableTask;
using Microsoft.DurableTask.Client;

namespace Chard.Emulator.DurableTask;

/// <summary>The call that started a child: where its answer goes.</summary>
/// <param name="Key">The parent's row.</param>
/// <param name="Execution">The parent's execution; an answer to another one is dropped.</param>
/// <param name="TaskId">The call.</param>
/// <param name="InstanceId">The parent's id.</param>
/// <param name="Name">The parent's orchestrator.</param>
internal sealed record ParentCall(long Key, long Execution, int TaskId, string InstanceId, string Name);

/// <summary>A row of the instances table: one orchestration, or one entity.</summary>
internal sealed record InstanceRow
{
    /// <summary>What entities have in place of an execution.</summary>
    public const long EntityExecution = -1;

    public required long Key { get; init; }

    public required string Id { get; init; }

    public required string Name { get; init; }

    public string Version { get; init; } = string.Empty;

    public OrchestrationRuntimeStatus Status { get; init; } = OrchestrationRuntimeStatus.Pending;

    /// <summary>Counted up by each ContinueAsNew.</summary>
    public long Execution { get; init; }

    public long CreatedTicks { get; init; }

    public long UpdatedTicks { get; init; }

    /// <summary>When a start that was put off is due; null for at once.</summary>
    public long? DueTicks { get; init; }

    public ParentCall? Parent { get; init; }

    public IReadOnlyDictionary<string, string>? Tags { get; init; }

    /// <summary>UTF-8. Known of finished instances and where it was asked for.</summary>
    public byte[]? Input { get; init; }

    /// <summary>UTF-8: JSON, or the plain message of a failure; an entity's state.</summary>
    public byte[]? Output { get; init; }

    public byte[]? CustomStatus { get; init; }

    public TaskFailureDetails? Failure { get; init; }

    /// <summary>Told by the execution, not the id: while entities are off an orchestration's id may look like an entity's.</summary>
    public bool IsEntity => Execution == EntityExecution;

    public bool IsFinished => IsFinal(Status);

    public static bool IsFinal(OrchestrationRuntimeStatus status) =>
        status is OrchestrationRuntimeStatus.Completed or OrchestrationRuntimeStatus.Failed or OrchestrationRuntimeStatus.Terminated;
}
