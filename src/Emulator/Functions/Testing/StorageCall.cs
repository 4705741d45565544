namespace Chard.Emulator.Testing;

/// <summary>Which storage service a call went to.</summary>
public enum StorageService
{
    Other,
    Blob,
    Queue,
    Table,
}

/// <summary>One HTTP call to storage. A transaction or a page is one call.</summary>
/// <param name="Number">Counted from 1 in the order the calls began.</param>
/// <param name="Service">The service.</param>
/// <param name="Method">GET, PUT and so on.</param>
/// <param name="Uri">The address, without what is secret in its query.</param>
public sealed record StorageCall(long Number, StorageService Service, string Method, Uri Uri)
{
    /// <summary>The path below the account: container and blob, queue, or table.</summary>
    public string Path { get; init; } = string.Empty;

    /// <summary>Whether the call, or an action of its transaction, asks for one version of what it changes: only such a call can be answered 412.</summary>
    public bool IsConditional { get; init; }

    /// <summary>The status of the answer; null when the call failed without one.</summary>
    public int? Status { get; set; }

    /// <summary>Whether a fault was played on the call.</summary>
    public bool IsFaulted { get; set; }

    public override string ToString() => $"#{Number} {Service} {Method} {Path} -> {Status?.ToString(System.Globalization.CultureInfo.InvariantCulture) ?? "no answer"}";
}
