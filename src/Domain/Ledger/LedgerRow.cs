using System.Text.Json.Serialization;
using Chard.Domain.Failures;
using Chard.Domain.Identity;
using Chard.Domain.Json;
using Chard.Domain.Tasks;

namespace Chard.Domain.Ledger;

/// <summary>The row of one task: the record that it ran, and its user-visible state.</summary>
public sealed record LedgerRow
{
    /// <summary>What the path of a pack's row begins with where its tasks have rows too; no task's does.</summary>
    public const string PackPrefix = "pack~";

    /// <summary>Code in the row of a pack that has left tasks to a later round.</summary>
    public const string TasksLeft = "tasks-left";

    /// <summary>Code in the row of a pack some of whose tasks have failed.</summary>
    public const string TasksFailed = "tasks-failed";

    /// <summary>Where it is.</summary>
    public required LedgerKey Key { get; init; }

    /// <summary>Name of the task.</summary>
    public required string Task { get; init; }

    /// <summary>The call that wrote it last.</summary>
    public required CallTurn Turn { get; init; }

    /// <summary>Labels of its own place, beside those of the workflow; null for none.</summary>
    public IReadOnlyList<string>? Stamps { get; init; }

    /// <summary>How the call stands.</summary>
    public required LedgerStatus Status { get; init; }

    /// <summary>The run that wrote it: a text no other run has, so that a writer knows its own row after a reply was lost.</summary>
    public required string Runner { get; init; }

    /// <summary>Until when the run is taken to be alive, UTC; only of a running one.</summary>
    public DateTimeOffset LeaseUntil { get; init; }

    /// <summary>When the call began, UTC.</summary>
    public required DateTimeOffset StartedAt { get; init; }

    /// <summary>When it ended, UTC.</summary>
    public DateTimeOffset? FinishedAt { get; init; }

    /// <summary>The result of one that succeeded.</summary>
    public TaskValue? Result { get; init; }

    /// <summary>Why it failed, or what it waits for.</summary>
    public TaskFailure? Failure { get; init; }

    /// <summary>How far it says it is.</summary>
    public TaskProgress? Progress { get; init; }
}

/// <summary>How a call of a task stands.</summary>
[JsonConverter(typeof(CamelCaseEnumConverter<LedgerStatus>))]
public enum LedgerStatus
{
    /// <summary>A run has claimed it and holds a lease.</summary>
    Running,

    /// <summary>It gave its result, which stands for ever.</summary>
    Succeeded,

    /// <summary>It failed; a later attempt may follow.</summary>
    Failed,

    /// <summary>It was asked to come back later.</summary>
    RateLimited,
}

/// <summary>A row as it was read, with what its next write has to name.</summary>
/// <param name="Row">The row.</param>
/// <param name="Version">Its ETag.</param>
public readonly record struct StoredRow(LedgerRow Row, string Version);
