using System.Text.Json.Serialization;

namespace Chard.Domain.Limits;

/// <summary>
/// All that is known under one limit: who has a permit, who waits, and the virtual time up to which the rate is spent (GCRA). Every
/// operation may come twice. First come, first served: a permit goes to whoever has waited longest and is not suspended.
/// </summary>
[JsonConverter(typeof(LimiterStateConverter))]
public sealed class LimiterState
{
    /// <summary>How long a waiting call's offer holds if the call does not go at once.</summary>
    public static readonly TimeSpan Validity = TimeSpan.FromSeconds(30);

    /// <summary>
    /// The same where there is a rate alone: those who come later than this, say after an outage, are spaced out again and do not
    /// all go at once.
    /// </summary>
    public static readonly TimeSpan RateValidity = TimeSpan.FromSeconds(5);

    /// <summary>Permits given by one operation at most, so that no message grows without bound.</summary>
    public const int MaxGrants = 100;

    /// <summary>Times this near stay as they are: their owners may not hear of other ones in time.</summary>
    internal static readonly TimeSpan Lead = TimeSpan.FromSeconds(15);

    /// <summary>Times are moved forward if the last one gains this much: telling their owners is not for nothing.</summary>
    private static readonly TimeSpan WorthTelling = TimeSpan.FromSeconds(10);

    internal List<Holding> Holdings { get; } = [];

    internal List<Permit> Queue { get; private set; } = [];

    internal HashSet<string> Sleepers { get; } = new(StringComparer.Ordinal);

    /// <summary>When the next call may begin if calls are spaced evenly (the theoretical arrival time), UTC.</summary>
    internal DateTimeOffset Spent { get; set; }

    /// <summary>When the next call may begin after those that have begun and are forgotten, UTC.</summary>
    internal DateTimeOffset Free { get; set; }

    /// <summary>The rate that the times given so far were made by.</summary>
    internal (double? PerSecond, int Burst) Rate { get; set; } = (null, 1);

    /// <summary>Permits that were given.</summary>
    [JsonIgnore]
    public IReadOnlyList<Holding> Held => Holdings;

    /// <summary>Who waits for a permit, the first to be served first.</summary>
    [JsonIgnore]
    public IReadOnlyList<Permit> Waiting => Queue;

    /// <summary>Suspended instances that wait.</summary>
    [JsonIgnore]
    public IReadOnlySet<string> Asleep => Sleepers;

    /// <summary>Permits that take a place.</summary>
    [JsonIgnore]
    public int Taken => Holdings.Count(h => h.Counts);

    /// <summary>Calls that wait: for a permit, or for their time.</summary>
    public int WaitingAt(DateTimeOffset now) => Queue.Count + Holdings.Count(h => h.At > now);

    /// <summary>True if nothing would be lost by forgetting it all.</summary>
    public bool IsEmpty(DateTimeOffset now) => Holdings.Count == 0 && Queue.Count == 0 && Spent <= now;

    /// <summary>Asks for a permit, again if need be: who has one, or a place in the queue, keeps it.</summary>
    /// <param name="rule">What is allowed now.</param>
    /// <param name="now">The time, UTC.</param>
    /// <param name="permit">Who asks. An earlier try of the same call has ended, so what it had is free.</param>
    public PermitAnswer Acquire(LimitRule rule, DateTimeOffset now, Permit permit)
    {
        ArgumentNullException.ThrowIfNull(rule);
        ArgumentNullException.ThrowIfNull(permit);
        Begin(rule, now);
        Drop(rule, now, h => h.Permit.IsBefore(permit));
        Queue.RemoveAll(p => p.IsBefore(permit));
        int index = Holdings.FindIndex(h => h.Permit == permit);
        if (index >= 0 && Holdings[index] is { } mine && mine.At <= now)
        {
            // Of a rate alone, who is late gets another time. A permit is confirmed, so that nobody who
            // looked before takes it for forsaken.
            Holdings[index] = mine with
            {
                At = mine.Counts ? rule.PerSecond is not null && now > mine.At + Validity ? Appoint(rule, now) : now
                    : now > mine.At + RateValidity ? Appoint(rule, now) : mine.At,
            };
        }
        else if (index < 0 && !Queue.Contains(permit))
        {
            Queue.Add(permit);
        }

        List<PermitNotice> notices = Grant(rule, now);
        index = Holdings.FindIndex(h => h.Permit == permit);
        if (index < 0)
        {
            return new(null, notices);
        }

        Holdings[index] = Holdings[index] with { Told = true };
        notices.RemoveAll(n => n.Instance == permit.Instance && n.Event == permit.EventName);
        return new(OfferOf(Holdings[index], now), notices);
    }

    /// <summary>Gives a permit back, or a place in the queue. What is unknown changes nothing.</summary>
    public IReadOnlyList<PermitNotice> Release(LimitRule rule, DateTimeOffset now, Permit permit)
    {
        ArgumentNullException.ThrowIfNull(rule);
        ArgumentNullException.ThrowIfNull(permit);
        Begin(rule, now);
        Drop(rule, now, h => h.Permit == permit);
        Queue.Remove(permit);
        return Grant(rule, now);
    }

    /// <summary>
    /// Takes note of what became of owners, of changed numbers, and of time that has gone by. True if anything came of it.
    /// </summary>
    public bool Tidy(LimitRule rule, DateTimeOffset now, Cleanup found)
    {
        ArgumentNullException.ThrowIfNull(rule);
        ArgumentNullException.ThrowIfNull(found);
        bool changed = Begin(rule, now);
        HashSet<string> gone = new(found.Gone, StringComparer.Ordinal);
        HashSet<PermitAt> over = [.. found.Over];
        HashSet<PermitAt> told = [.. found.Told];
        changed |= Drop(
            rule, now, h => over.Contains(new(h.Permit, h.At)) || (!h.Counts && h.At > now && gone.Contains(h.Permit.Instance)));
        changed |= Queue.RemoveAll(p => gone.Contains(p.Instance)) > 0;
        for (int i = 0; i < Holdings.Count; i++)
        {
            if (!Holdings[i].Told && told.Contains(new(Holdings[i].Permit, Holdings[i].At)))
            {
                Holdings[i] = Holdings[i] with { Told = true };
                changed = true;
            }
        }

        foreach (string instance in found.Asleep)
        {
            changed |= Queue.Any(p => p.Instance == instance) && Sleepers.Add(instance);
        }

        int asleep = Sleepers.Count;
        Sleepers.ExceptWith(found.Awake);
        Sleepers.IntersectWith(Queue.Select(p => p.Instance));
        changed |= Sleepers.Count != asleep;
        changed |= Move(rule, now, anyway: false);
        return Grant(rule, now).Count > 0 || changed;
    }

    /// <summary>What the owner of a permit is told.</summary>
    public static PermitOffer OfferOf(Holding held, DateTimeOffset now)
    {
        ArgumentNullException.ThrowIfNull(held);
        return new(held.At, (held.At > now ? held.At : now) + (held.Counts ? Validity : RateValidity), held.Counts);
    }

    /// <summary>Drops what is over by itself, and moves given times if the rate is another one.</summary>
    private bool Begin(LimitRule rule, DateTimeOffset now)
    {
        Drop(rule, now, h => !h.Counts && now > h.At + RateValidity);
        if (Rate == (rule.PerSecond, rule.Burst))
        {
            return false;
        }

        Rate = (rule.PerSecond, rule.Burst);
        Move(rule, now, anyway: true);
        return true;
    }

    /// <summary>Forgets holdings; what has begun under them counts for the rate all the same.</summary>
    private bool Drop(LimitRule rule, DateTimeOffset now, Predicate<Holding> isOver)
    {
        foreach (Holding begun in Holdings.Where(h => h.At <= now && isOver(h)))
        {
            Free = begun.At + rule.Interval > Free ? begun.At + rule.Interval : Free;
        }

        return Holdings.RemoveAll(isOver) > 0;
    }

    /// <summary>Gives permits to the first in the queue, as many as there is room for.</summary>
    private List<PermitNotice> Grant(LimitRule rule, DateTimeOffset now)
    {
        var notices = new List<PermitNotice>();
        int room = Math.Min(MaxGrants, rule.Concurrency is { } most ? most - Taken : MaxGrants);
        if (room <= 0 || Queue.Count == 0)
        {
            return notices;
        }

        var rest = new List<Permit>(Queue.Count);
        foreach (Permit permit in Queue)
        {
            if (room == 0 || Sleepers.Contains(permit.Instance))
            {
                rest.Add(permit);
                continue;
            }

            room--;
            var held = new Holding(permit, Appoint(rule, now), Counts: rule.Concurrency is not null, Told: false);
            Holdings.Add(held);
            notices.Add(new(permit.Instance, permit.EventName, OfferOf(held, now)));
        }

        Queue = rest;
        return notices;
    }

    /// <summary>The next time at which a call may begin, and spends it.</summary>
    private DateTimeOffset Appoint(LimitRule rule, DateTimeOffset now)
    {
        if (rule.PerSecond is null)
        {
            return now;
        }

        DateTimeOffset earliest = Spent - now > rule.Tolerance ? Spent - rule.Tolerance : now;
        Spent = (earliest > Spent ? earliest : Spent) + rule.Interval;
        return earliest;
    }

    /// <summary>
    /// Moves the times of those who wait for a rate forward over places that were given up, in their order; <paramref name="anyway"/>
    /// backward too. Who moves is to be told.
    /// </summary>
    private bool Move(LimitRule rule, DateTimeOffset now, bool anyway)
    {
        DateTimeOffset soon = now + Lead;
        int[] later = [.. Enumerable.Range(0, Holdings.Count).Where(i => !Holdings[i].Counts && Holdings[i].At >= soon)
            .OrderBy(i => Holdings[i].At)];
        if (later.Length == 0)
        {
            return false;
        }

        // What is past is taken to have used its burst up: so the new times are spaced evenly, whatever came before.
        DateTimeOffset begin = Free > soon ? Free : soon;
        foreach (Holding near in Holdings.Where(h => h.At < soon))
        {
            begin = near.At + rule.Interval > begin ? near.At + rule.Interval : begin;
        }

        if (!anyway && Holdings[later[^1]].At - (begin + (rule.Interval * (later.Length - 1))) < WorthTelling)
        {
            return false;
        }

        for (int i = 0; i < later.Length; i++)
        {
            Holding held = Holdings[later[i]];
            DateTimeOffset at = begin + (rule.Interval * i);
            if (anyway || at < held.At)
            {
                Holdings[later[i]] = held with { At = at, Told = false };
            }
        }

        Spent = begin + (rule.Interval * later.Length) + rule.Tolerance;
        return true;
    }
}
