namespace Chard.Domain.Limits;

/// <summary>What a look at the owners of permits found. Safe to apply twice, and late.</summary>
/// <param name="Over">Permits that nobody works under any more, as they were when that was found: one that was
/// confirmed since stays.</param>
/// <param name="Gone">Instances that have ended or are gone: they wait for nothing.</param>
/// <param name="Asleep">Instances that are suspended: they are passed over until they go on.</param>
/// <param name="Awake">Instances that go on.</param>
/// <param name="Told">Permits whose owners have been told.</param>
public sealed record Cleanup(
    IReadOnlyList<PermitAt> Over,
    IReadOnlyList<string> Gone,
    IReadOnlyList<string> Asleep,
    IReadOnlyList<string> Awake,
    IReadOnlyList<PermitAt> Told)
{
    /// <summary>True if there is nothing to apply.</summary>
    public bool IsEmpty => Over.Count + Gone.Count + Asleep.Count + Awake.Count + Told.Count == 0;
}

/// <summary>A permit as of a moment.</summary>
/// <param name="Permit">Whose it is.</param>
/// <param name="At">Its time then, UTC.</param>
public sealed record PermitAt(Permit Permit, DateTimeOffset At);
