namespace Chard.LocalHost.Azurite;

/// <summary>How an Azurite is started.</summary>
public sealed record AzuriteOptions
{
    /// <summary>Where the data lies; null: a folder of its own in the temporary folder, deleted at the end.</summary>
    public string? DataFolder { get; init; }

    /// <summary>0: any free port. The same for the other two.</summary>
    public int BlobPort { get; init; }

    /// <inheritdoc cref="BlobPort"/>
    public int QueuePort { get; init; }

    /// <inheritdoc cref="BlobPort"/>
    public int TablePort { get; init; }

    /// <summary>
    /// The accounts it serves, each with <see cref="AccountKey"/>; names of 3 to 24 small letters and digits. Each has tables, queues and
    /// containers of its own. Default: the one that development storage means.
    /// </summary>
    public IReadOnlyList<string> Accounts { get; init; } = [AzuriteEndpoint.Account];

    /// <summary>
    /// The key of all accounts, Base64. All names and keys go into one environment variable of at most 128 KiB, so many accounts
    /// want a short one.
    /// </summary>
    public string AccountKey { get; init; } = AzuriteEndpoint.Key;

    /// <summary>Saves nothing: the data folder holds the log alone.</summary>
    public bool InMemory { get; init; }

    /// <summary>The folder with Azurite's package.json; null: <c>tools/azurite</c> above the binaries.</summary>
    public string? Installation { get; init; }

    /// <summary>How long it may take to answer. Default one minute.</summary>
    public TimeSpan StartTimeout { get; init; } = TimeSpan.FromMinutes(1);

    /// <summary>
    /// Null: it ends with this process, however that ends. A file: it has a session of its own, which a killed process and its
    /// group leave behind, and the file says which process it is.
    /// </summary>
    internal string? Record { get; init; }
}
