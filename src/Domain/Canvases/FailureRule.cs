namespace Chard.Domain.Canvases;

/// <summary>What failed members mean for their group.</summary>
/// <param name="Collect">True: failures stand among the results, as <c>{"error":{…}}</c>, and the group succeeds.</param>
/// <param name="Tolerated">
/// How many may fail before the group does; their places hold null. Without meaning if <paramref name="Collect"/>.
/// </param>
public readonly record struct FailureRule(bool Collect, int Tolerated)
{
    /// <summary>All members end, then the group fails if one did: the default, as in Celery.</summary>
    public static FailureRule Fail { get; } = new(false, 0);

    /// <summary>Failures stand among the results.</summary>
    public static FailureRule CollectAll { get; } = new(true, 0);

    /// <summary>Up to <paramref name="count"/> members may fail.</summary>
    public static FailureRule Tolerate(int count) => new(false, count);

    /// <summary>True if a group with this many failed members fails.</summary>
    public bool Fails(int failed) => !Collect && failed > Tolerated;
}
