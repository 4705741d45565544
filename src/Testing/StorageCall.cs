using System.Globalization;

namespace Chard.Testing;

/// <summary>One HTTP call to storage. A transaction or a page is one call, and so is each retry.</summary>
/// <param name="Number">Counted from 1 in the order the calls began.</param>
/// <param name="Service">The service.</param>
/// <param name="Method">GET, PUT and so on.</param>
/// <param name="Uri">The address, without what is secret in its query.</param>
public sealed record StorageCall(long Number, StorageService Service, string Method, Uri Uri)
{
    /// <summary>The path below the account: container and blob, queue, or table.</summary>
    public string Path { get; init; } = string.Empty;

    /// <summary>
    /// Whether the call, or an action of its transaction, asks for one version of what it changes: only such a call can be answered 412.
    /// </summary>
    public bool IsConditional { get; init; }

    /// <summary>The status of the answer; null while there is none, or when the call failed without one.</summary>
    public int? Status { get; internal set; }

    /// <summary>Whether a fault was played on the call.</summary>
    public bool IsFaulted { get; internal set; }

    public override string ToString() =>
        $"#{Number} {Service} {Method} {Path} -> {Status?.ToString(CultureInfo.InvariantCulture) ?? "no answer"}";
}
