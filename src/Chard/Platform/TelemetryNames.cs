namespace Chard.Platform;

/// <summary>
/// Every name under which the app tells of itself: instruments, tags, their values, spans. Alert rules, workbook, dashboard and
/// <c>GET /api/metrics</c> go by them, so a name that changes here changes there.
/// </summary>
public static class TelemetryNames
{
    /// <summary>Meter and activity source.</summary>
    public const string Source = "Chard";

    /// <summary>Gauge, {message}: what waits, by <see cref="RouteTag"/>.</summary>
    public const string QueueDepth = "chard.queue.depth";

    /// <summary>Histogram, s: from the call of a task to its beginning, by <see cref="TaskTag"/> and <see cref="RouteTag"/>.</summary>
    public const string TaskLatency = "chard.task.latency";

    /// <summary>Histogram, s: how long a try of a task ran, by <see cref="TaskTag"/> and <see cref="RouteTag"/>.</summary>
    public const string TaskDuration = "chard.task.duration";

    /// <summary>Counter, {attempt}: tries that ended, by <see cref="TaskTag"/> and <see cref="OutcomeTag"/>.</summary>
    public const string TaskAttempts = "chard.task.attempts";

    /// <summary>Counter, {letter}: dead letters written, by <see cref="TaskTag"/> and <see cref="FaultTag"/>.</summary>
    public const string DeadLetters = "chard.dead_letters";

    /// <summary>Gauge, {letter}: dead letters that a workflow waits for now.</summary>
    public const string DeadLettersParked = "chard.dead_letters.parked";

    /// <summary>Counter, {workflow}: workflows that ended, by <see cref="WorkflowTag"/> and <see cref="OutcomeTag"/>.</summary>
    public const string Workflows = "chard.workflows";

    /// <summary>Counter, {delivery}: deliveries that the ledger answered without running the task, by <see cref="TaskTag"/>.</summary>
    public const string LedgerDuplicates = "chard.ledger.duplicates";

    /// <summary>Counter, By: payloads written, compressed.</summary>
    public const string PayloadBytes = "chard.payload.bytes";

    /// <summary>Tag: a task's name, one of the catalogue's.</summary>
    public const string TaskTag = "chard.task";

    /// <summary>Tag: <see cref="FastRoute"/>, <see cref="SlowRoute"/>; of a queue also <see cref="StartsRoute"/>.</summary>
    public const string RouteTag = "chard.route";

    /// <summary>Tag: a workflow's name, one of the catalogue's.</summary>
    public const string WorkflowTag = "chard.workflow";

    /// <summary>Tag: how a try or a workflow ended.</summary>
    public const string OutcomeTag = "chard.outcome";

    /// <summary>Tag: what a dead letter died of: a failure's kind, not its message.</summary>
    public const string FaultTag = "chard.fault";

    /// <summary>Tag of a task's span: which try it is.</summary>
    public const string AttemptTag = "chard.attempt";

    /// <summary>Tag of a task's span: the workflow's id.</summary>
    public const string WorkflowIdTag = "chard.workflow.id";

    /// <summary>Tag of a task's span: its path in the workflow.</summary>
    public const string PathTag = "chard.path";

    /// <summary>Tag of a task's span: its latency in seconds, since Application Insights keeps no percentiles of a histogram.</summary>
    public const string LatencyTag = "chard.latency";

    /// <summary>Value of <see cref="RouteTag"/>: activities.</summary>
    public const string FastRoute = "fast";

    /// <summary>Value of <see cref="RouteTag"/>: the queue of slow tasks.</summary>
    public const string SlowRoute = "slow";

    /// <summary>Value of <see cref="RouteTag"/>: the queue of starts.</summary>
    public const string StartsRoute = "starts";

    /// <summary>Value of <see cref="OutcomeTag"/>: it gave a result.</summary>
    public const string Succeeded = "succeeded";

    /// <summary>Value of <see cref="OutcomeTag"/>: it failed, and no further try follows by itself.</summary>
    public const string Failed = "failed";

    /// <summary>Value of <see cref="OutcomeTag"/>: it failed, and is tried again.</summary>
    public const string Retried = "retried";

    /// <summary>Value of <see cref="OutcomeTag"/> and <see cref="FaultTag"/>: the other side said "later".</summary>
    public const string RateLimited = "rate_limited";

    /// <summary>Value of <see cref="OutcomeTag"/>: a try was stopped with its workflow, or a workflow by its user.</summary>
    public const string Cancelled = "cancelled";

    /// <summary>Value of <see cref="OutcomeTag"/>: a workflow has its result.</summary>
    public const string Completed = "completed";

    /// <summary>Value of <see cref="OutcomeTag"/>: a workflow was not done in its time.</summary>
    public const string Expired = "expired";

    /// <summary>Value of <see cref="FaultTag"/>: another try might not have met it, and there was none left.</summary>
    public const string TransientFault = "transient";

    /// <summary>Value of <see cref="FaultTag"/>: any try would meet it.</summary>
    public const string PermanentFault = "permanent";

    /// <summary>
    /// Value of <see cref="TaskTag"/> and <see cref="WorkflowTag"/>: a name that the app's catalogue does not have, or none.
    /// </summary>
    public const string Other = "other";

    /// <summary>Tag of a span that failed: the stable code of the failure, never its message.</summary>
    public const string ErrorTypeTag = "error.type";

    /// <summary>What <see cref="OutcomeTag"/> says of a try.</summary>
    public static IReadOnlyList<string> TryOutcomes { get; } = [Succeeded, Failed, Retried, RateLimited, Cancelled];

    /// <summary>Version of meter and activity source: the library's.</summary>
    public static string? Version { get; } = typeof(TelemetryNames).Assembly.GetName().Version?.ToString(3);
}
