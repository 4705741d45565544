namespace Chard.LocalHost.Durable;

/// <summary>Where the histories of orchestrations and entities are kept.</summary>
public enum DurableEngine
{
    /// <summary>In a SQLite file in the data folder.</summary>
    Sqlite,

    /// <summary>In the storage account, by the provider that Azure runs.</summary>
    AzureStorage,
}
