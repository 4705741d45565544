namespace Microsoft.DurableTask;

/// <summary>Decides after a failure whether to try again at once. Runs in the orchestrator and is replayed.</summary>
public delegate bool RetryHandler(RetryContext retryContext);

/// <summary>Decides after a failure whether to try again; may await durable timers for a delay. Runs in the orchestrator and is replayed.</summary>
public delegate Task<bool> AsyncRetryHandler(RetryContext retryContext);

/// <summary>What a retry handler is told.</summary>
/// <param name="OrchestrationContext">The calling orchestration.</param>
/// <param name="LastAttemptNumber">Failures so far, from 1.</param>
/// <param name="LastFailure">The last failure.</param>
/// <param name="TotalRetryTime">Time on the orchestration's clock since the first call.</param>
/// <param name="CancellationToken">Never fires.</param>
public record RetryContext(
    TaskOrchestrationContext OrchestrationContext,
    int LastAttemptNumber,
    TaskFailureDetails LastFailure,
    TimeSpan TotalRetryTime,
    CancellationToken CancellationToken);
