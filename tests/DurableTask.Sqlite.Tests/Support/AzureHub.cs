using Chard.LocalHost.Azurite;

namespace Chard.DurableTask.Sqlite.Tests;

/// <summary>Microsoft's provider on an Azurite of its own, with everything that the facts on both providers run.</summary>
public sealed class AzureHub : IAsyncLifetime
{
    private AzuriteProcess? azurite;

    internal Hub Hub { get; private set; } = null!;

    internal Code Code { get; } = BothCode.Make();

    public async Task InitializeAsync()
    {
        azurite = await AzuriteProcess.StartAsync();
        Hub = await Hub.StartAzureAsync(azurite.ConnectionString, "Facts", Code);
    }

    public async Task DisposeAsync()
    {
        if (Hub is not null)
        {
            await Hub.DisposeAsync();
        }

        if (azurite is not null)
        {
            await azurite.DisposeAsync();
        }
    }
}

[CollectionDefinition(nameof(AzureHub))]
public sealed class AzureHubCollection : ICollectionFixture<AzureHub>;
