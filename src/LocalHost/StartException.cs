namespace Chard.LocalHost;

/// <summary>
/// The app cannot start: a mistake in a function's signature, in host.json, in local.settings.json or in an
/// option. All faults found are listed.
/// </summary>
public sealed class StartException(IReadOnlyList<string> faults)
    : Exception(faults.Count == 1 ? faults[0] : $"The app cannot start, for {faults.Count} "
        + $"reasons:{string.Concat(faults.Select(fault => $"\n  - {fault}"))}")
{
    public StartException(string fault)
        : this([fault])
    {
    }

    /// <summary>One sentence a fault, each naming the place and the fix.</summary>
    public IReadOnlyList<string> Faults { get; } = faults;
}
