using Azure.Data.Tables;
using Chard.Emulator.Azurite;

namespace Chard.Functions.Tests.Storage;

/// <summary>A real storage service, one for all tests that share the collection.</summary>
public sealed class AzuriteStorage : IAsyncLifetime
{
    public AzuriteProcess Azurite { get; private set; } = null!;

    public TableServiceClient Tables { get; private set; } = null!;

    public async Task InitializeAsync()
    {
        Azurite = await AzuriteProcess.StartAsync();
        Tables = new TableServiceClient(Azurite.ConnectionString);
    }

    public async Task DisposeAsync() => await Azurite.DisposeAsync();
}

[CollectionDefinition(Name)]
public sealed class AzuriteStorageTests : ICollectionFixture<AzuriteStorage>
{
    public const string Name = "Azurite storage";
}
