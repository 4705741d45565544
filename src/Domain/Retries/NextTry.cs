using Chard.Domain.Failures;
using Chard.Domain.Identity;
using Chard.Domain.Tasks;

namespace Chard.Domain.Retries;

/// <summary>
/// What follows a try that gave no result: the one decision for every call, as an activity, on the slow route or among the items of
/// a map. Pure, so that an orchestrator may ask it on every replay.
/// </summary>
/// <param name="Turn">Which call is made next; the one before if none is.</param>
/// <param name="Decision">Whether it is made, and after what time.</param>
public readonly record struct NextTry(CallTurn Turn, RetryDecision Decision)
{
    /// <summary>Shortest wait for another delivery of the same call: 100 ms.</summary>
    public static readonly TimeSpan ShortestBusyWait = TimeSpan.FromMilliseconds(100);

    /// <summary>Decides after the call <paramref name="turn"/> came to <paramref name="failure"/>.</summary>
    /// <param name="policy">The task's policy.</param>
    /// <param name="failure">
    /// The failure. A rate limit spends a wait and no attempt; one of code <see cref="RetryLater.BusyCode"/> spends nothing: the very
    /// same call is made again, and gets what the other delivery of it records.
    /// </param>
    /// <param name="turn">The call that failed.</param>
    /// <param name="begun">The first call of its generation: what was spent before it does not count.</param>
    /// <param name="elapsed">Time since the first try of the generation.</param>
    /// <param name="untilDeadline">Time left in which a try may begin; null without a deadline.</param>
    /// <param name="workflowId">With <paramref name="path"/> the place of the call, which its jitter is made from.</param>
    /// <param name="path">Position in the workflow.</param>
    public static NextTry After(
        TaskPolicy policy,
        TaskFailure failure,
        CallTurn turn,
        CallTurn begun,
        TimeSpan elapsed,
        TimeSpan? untilDeadline,
        string workflowId,
        string path)
    {
        ArgumentNullException.ThrowIfNull(failure);
        bool isLimit = failure.Kind == FailureKind.RateLimited;
        if (isLimit && failure.Code == RetryLater.BusyCode)
        {
            TimeSpan rest = Honoured(failure.RetryAfter) ?? TimeSpan.Zero;
            return new(turn, RetryDecision.After(rest > ShortestBusyWait ? rest : ShortestBusyWait));
        }

        CallTurn next = isLimit ? turn with { Wait = turn.Wait + 1 } : turn with { Attempt = turn.Attempt + 1 };
        RetryDecision decision = isLimit
            ? RetrySchedule.AfterRateLimit(
                policy, next.Wait - begun.Wait, Honoured(failure.RetryAfter), elapsed, Jitter.Share(workflowId, path, -next.Wait))
            : RetrySchedule.AfterFailure(
                policy, failure.Kind, next.Attempt - begun.Attempt, elapsed, Jitter.Share(workflowId, path, turn.Attempt));
        if (decision.Retries && decision.Delay >= untilDeadline)
        {
            decision = RetryDecision.Never(GiveUpReason.Deadline);
        }

        return new(decision.Retries ? next : turn, decision);
    }

    private static TimeSpan? Honoured(TimeSpan? asked) => asked > RetryAfter.Longest ? RetryAfter.Longest : asked;
}
