namespace Chard.LocalHost.Options;

/// <summary>Where durable history is kept.</summary>
internal enum Engine
{
    /// <summary>In a SQLite file of the data folder.</summary>
    Sqlite,

    /// <summary>In the storage account, by the provider that the cloud uses.</summary>
    Azure,
}
