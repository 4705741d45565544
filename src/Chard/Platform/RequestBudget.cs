namespace Chard.Platform;

/// <summary>Bounds the requests that one run of a sweep, or one call, sends: what asks for more than is left comes again.</summary>
/// <param name="requests">How many there are.</param>
public sealed class RequestBudget(int requests)
{
    private int _left = requests;

    /// <summary>How many are left; never less than zero.</summary>
    public int Left => Math.Max(0, Volatile.Read(ref _left));

    /// <summary>True if none is left.</summary>
    public bool IsSpent => Left == 0;

    /// <summary>Counts requests that were sent, whether they were left or not.</summary>
    public void Spend(int requests = 1) => Interlocked.Add(ref _left, -requests);

    /// <summary>Takes one if one is left.</summary>
    public bool TrySpend() => Interlocked.Decrement(ref _left) >= 0;
}

/// <summary>What a bounded deletion came to.</summary>
/// <param name="Count">How much was deleted.</param>
/// <param name="IsDone">True if nothing is left of it.</param>
public readonly record struct Deleted(int Count, bool IsDone);
