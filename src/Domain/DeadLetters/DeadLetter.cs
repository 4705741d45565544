using System.Text.Json;
using System.Text.Json.Serialization;
using Chard.Domain.Failures;
using Chard.Domain.Json;
using Chard.Domain.Payloads;

namespace Chard.Domain.DeadLetters;

/// <summary>A piece of work that failed for good and stays on the table until somebody has looked at it.</summary>
public sealed record DeadLetter
{
    /// <summary>Its id, <see cref="DeadLetterId"/>: the same failure written twice is one dead letter.</summary>
    public required string Id { get; init; }

    /// <summary>Where it comes from, which decides what an operator can do with it.</summary>
    public DeadLetterOrigin Origin { get; init; }

    /// <summary>The workflow whose task failed; null for a message that never became one.</summary>
    public string? WorkflowId { get; init; }

    /// <summary>Name of that workflow, as in the catalogue; null if there is none.</summary>
    public string? Workflow { get; init; }

    /// <summary>
    /// Instance that waits for the resolution: the workflow itself or a sub-orchestration of it; null if it is not parked.
    /// </summary>
    public string? InstanceId { get; init; }

    /// <summary>Name of the task; null for a message that never became a workflow.</summary>
    public string? Task { get; init; }

    /// <summary>The task's position in the workflow, such as <c>2.0.17</c>; null for a message.</summary>
    public string? Path { get; init; }

    /// <summary>How often an operator has retried this very position before, from 0: what tells its failures apart.</summary>
    public int Generation { get; init; }

    /// <summary>Stable code of the failure, such as <c>InvalidSku</c> or <c>http-503</c>: what failed alike has it in common.</summary>
    public required string Class { get; init; }

    /// <summary>What the failure asked for when the tries were over.</summary>
    public FailureKind Kind { get; init; } = FailureKind.Permanent;

    /// <summary>What went wrong, for people; cut at <see cref="MaxMessageLength"/> characters by the store.</summary>
    public required string Message { get; init; }

    /// <summary>The failure and what caused it, outermost first; at most <see cref="MaxChain"/> are kept.</summary>
    public IReadOnlyList<DeadLetterCause> Chain { get; init; } = [];

    /// <summary>How often it was tried.</summary>
    public int Attempts { get; init; }

    /// <summary>The arguments (of a message: its text) if they are small; else <see cref="ArgsReference"/> has them.</summary>
    [JsonConverter(typeof(ExactNumbers))]
    public JsonElement? Args { get; init; }

    /// <summary>Where larger arguments lie; null if they are inline.</summary>
    public PayloadReference? ArgsReference { get; init; }

    /// <summary>
    /// The key that every try handed on, so that a retry from outside of the workflow can hand on the same; null for a message.
    /// </summary>
    public string? IdempotencyKey { get; init; }

    /// <summary>True if the workflow waits there.</summary>
    public bool Parked { get; init; }

    /// <summary>What became of it.</summary>
    public DeadLetterState State { get; init; }

    /// <summary>Labels inherited from the workflow and its nodes.</summary>
    public IReadOnlyList<string> Stamps { get; init; } = [];

    /// <summary>When it failed for good, UTC.</summary>
    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>When it was resolved, UTC; null while it is open.</summary>
    public DateTimeOffset? ResolvedAt { get; init; }

    /// <summary>How it was resolved; null while it is open.</summary>
    public DeadLetterResolution? Resolution { get; init; }

    /// <summary>The workflow that runs the task anew, for a retry of one whose workflow had not waited; else null.</summary>
    public string? RetriedAs { get; init; }

    /// <summary>Longest message kept, in characters.</summary>
    public const int MaxMessageLength = 4096;

    /// <summary>Most causes kept.</summary>
    public const int MaxChain = 8;
}

/// <summary>One link of a failure's chain.</summary>
/// <param name="Type">Type of the failure, <see cref="FailureType"/>.</param>
/// <param name="Message">Its message.</param>
public sealed record DeadLetterCause(string Type, string Message);
