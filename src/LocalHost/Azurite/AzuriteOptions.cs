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

    /// <summary>Ends with this process, however that ends. Off, it outlives a killed process, which keeps what it had not yet saved.</summary>
    public bool EndWithParent { get; init; } = true;

    /// <summary>Accounts in place of the one that every storage emulator has: <c>name:key;name:key</c>, keys in Base64.</summary>
    public string? Accounts { get; init; }

    /// <summary>Saves nothing: the data folder holds the log alone.</summary>
    public bool InMemory { get; init; }

    /// <summary>The folder with Azurite's package.json; null: <c>tools/azurite</c> above the binaries.</summary>
    public string? Installation { get; init; }

    /// <summary>How long it may take to answer. Default one minute.</summary>
    public TimeSpan StartTimeout { get; init; } = TimeSpan.FromMinutes(1);
}
