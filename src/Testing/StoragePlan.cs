using System.Collections.Concurrent;

namespace Chard.Testing;

/// <summary>
/// One client's way to an account: records its calls, and makes those fail that a test picks. The client's retries stand before it, so
/// that each try is a call of its own.
/// </summary>
public sealed class StoragePlan
{
    private readonly ConcurrentQueue<StorageCall> calls = new();
    private readonly Lock gate = new();
    private readonly List<Rule> rules = [];
    private long number;
    private int messages;
    private int underWay;

    internal StoragePlan(string connectionString) => ConnectionString = connectionString;

    /// <summary>Leads to the account by way of this plan.</summary>
    public string ConnectionString { get; }

    /// <summary>The calls since the start or the last <see cref="Clear"/>, in the order they began.</summary>
    public IReadOnlyList<StorageCall> Calls => [.. calls];

    /// <summary>How many of the calls meet the condition; without one, all.</summary>
    public int Count(Func<StorageCall, bool>? match = null) => match is null ? calls.Count : calls.Count(match);

    /// <summary>Forgets the calls. Numbers go on.</summary>
    public void Clear() => calls.Clear();

    /// <summary>Plays a fault on the next calls that meet the condition. Rules are asked in the order they were made.</summary>
    /// <param name="match">Which calls.</param>
    /// <param name="fault">What happens to them.</param>
    /// <param name="times">How many of them.</param>
    /// <param name="skip">How many go through before.</param>
    public void Fail(Func<StorageCall, bool> match, StorageFault fault, int times = 1, int skip = 0)
    {
        ArgumentNullException.ThrowIfNull(match);
        ArgumentNullException.ThrowIfNull(fault);
        ArgumentOutOfRangeException.ThrowIfLessThan(times, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(skip, 0);
        lock (gate)
        {
            rules.Add(new Rule(match, fault) { Left = times, Skip = skip });
        }
    }

    /// <summary>Takes back all faults that have not been played.</summary>
    public void Heal()
    {
        lock (gate)
        {
            rules.Clear();
        }
    }

    /// <summary>Calls that have reached the service and are not answered yet.</summary>
    internal int UnderWay => Volatile.Read(ref underWay);

    /// <summary>Answered calls that may have made a message visible.</summary>
    internal int Messages => Volatile.Read(ref messages);

    /// <summary>The client's process counts as dead: nothing that it still tries arrives, or is recorded.</summary>
    internal bool IsCut { get; set; }

    internal long NextNumber() => Interlocked.Increment(ref number);

    /// <summary>Records a call and finds what is to happen to it.</summary>
    internal StorageFault? Begin(StorageCall call)
    {
        if (IsCut)
        {
            return StorageFault.NoAnswer;
        }

        calls.Enqueue(call);
        lock (gate)
        {
            foreach (var rule in rules)
            {
                if (!rule.Match(call))
                {
                    continue;
                }

                if (rule.Skip > 0)
                {
                    rule.Skip--;
                    continue;
                }

                if (--rule.Left == 0)
                {
                    rules.Remove(rule);
                }

                return rule.Fault;
            }
        }

        return null;
    }

    internal void Enter() => Interlocked.Increment(ref underWay);

    internal void Leave() => Interlocked.Decrement(ref underWay);

    internal void Answered(StorageCall call, int status)
    {
        call.Status = status;
        if (call is { Service: StorageService.Queue, Method: "POST" or "PUT" })
        {
            Interlocked.Increment(ref messages);
        }
    }

    private sealed class Rule(Func<StorageCall, bool> match, StorageFault fault)
    {
        public Func<StorageCall, bool> Match { get; } = match;

        public StorageFault Fault { get; } = fault;

        public int Left { get; set; }

        public int Skip { get; set; }
    }
}
