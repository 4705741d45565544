using Azure.Data.Tables;
using Chard.Platform;
using Chard.Testing;

namespace Chard.Functions.Tests.Storage;

/// <summary>A real storage account, one for all tests that share the collection.</summary>
public sealed class AzuriteStorage : IAsyncLifetime
{
    /// <summary>The names of the hub in host.json, under which the whole app runs in tests.</summary>
    public static StorageNames Names { get; } = new("Chard");

    public StorageAccount Account { get; private set; } = null!;

    public string ConnectionString => Account.ConnectionString;

    public TableServiceClient Tables { get; private set; } = null!;

    public async Task InitializeAsync()
    {
        Account = await StorageAccount.OpenAsync();
        Tables = new TableServiceClient(ConnectionString);
    }

    public Task DisposeAsync()
    {
        Account.Dispose();
        return Task.CompletedTask;
    }
}

[CollectionDefinition(Name)]
public sealed class AzuriteStorageTests : ICollectionFixture<AzuriteStorage>
{
    public const string Name = "Azurite storage";
}
