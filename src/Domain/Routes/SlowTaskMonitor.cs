using System.Text.Json.Serialization;
using Chard.Domain.Identity;
using Chard.Domain.Json;
using Chard.Domain.Ledger;

namespace Chard.Domain.Routes;

/// <summary>How a call on the slow route looks from outside while its event has not come.</summary>
[JsonConverter(typeof(CamelCaseEnumConverter<SlowTaskState>))]
public enum SlowTaskState
{
    /// <summary>It has ended and its event is late or lost: the ledger's row has the end.</summary>
    Ended,

    /// <summary>A run holds the lease and renews it, or the message waits for its turn in the queue.</summary>
    Alive,

    /// <summary>Nobody is seen at work: the message is sent again, and the ledger keeps a second delivery from running twice.</summary>
    Missing,
}

/// <summary>When an orchestrator looks after a call on the slow route, and what it makes of what it sees. Pure.</summary>
public static class SlowTaskMonitor
{
    /// <summary>First look after the message was sent: 1 minute.</summary>
    public static readonly TimeSpan First = TimeSpan.FromMinutes(1);

    /// <summary>Longest time between two looks: 15 minutes.</summary>
    public static readonly TimeSpan Longest = TimeSpan.FromMinutes(15);

    /// <summary>What is added to the time limit of a task without a row before it is taken to have ended unheard: 1 minute.</summary>
    public static readonly TimeSpan Grace = TimeSpan.FromMinutes(1);

    /// <summary>How long a task without a row and without a time limit is waited for: a day.</summary>
    public static readonly TimeSpan WithoutSign = TimeSpan.FromDays(1);

    /// <summary>
    /// Time before the <paramref name="look"/>-th look, counted from 0: 1, 2, 4, 8, then every 15 minutes, so an hour costs seven
    /// looks and what was lost is missed no longer than the task had taken, and at most 15 minutes. Without a row there is no sign
    /// of life to look for: only the time limit tells a run that was lost, so the looks are that far apart.
    /// </summary>
    public static TimeSpan Interval(int look, bool withoutLedger, double? timeLimitSeconds)
    {
        if (withoutLedger)
        {
            return timeLimitSeconds is { } seconds ? TimeSpan.FromSeconds(seconds) + Grace : WithoutSign;
        }

        TimeSpan doubled = First * Math.Pow(2, Math.Min(look, 30));
        return doubled < Longest ? doubled : Longest;
    }

    /// <summary>What a row tells of the call <paramref name="turn"/>.</summary>
    /// <param name="row">The row of its position; null if there is none, or none is kept.</param>
    /// <param name="turn">The call.</param>
    /// <param name="now">The time.</param>
    public static SlowTaskState Of(LedgerRow? row, CallTurn turn, DateTimeOffset now) => row switch
    {
        null => SlowTaskState.Missing,
        _ when SlowTaskEnd.Of(row, turn) is not null => SlowTaskState.Ended,

        // Of an earlier turn too: a live run keeps every later one waiting.
        { Status: LedgerStatus.Running } when now < row.LeaseUntil => SlowTaskState.Alive,
        _ => SlowTaskState.Missing,
    };

    /// <summary>
    /// True if a message sent at <paramref name="sentAt"/> may still wait for its turn: the first one in the queue is no younger.
    /// Sending it again would only make a long queue longer. Both times are the queue's own.
    /// </summary>
    public static bool MayWait(DateTimeOffset? firstInserted, DateTimeOffset sentAt) => firstInserted <= sentAt;
}
