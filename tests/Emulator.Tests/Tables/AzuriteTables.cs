using Azure.Data.Tables;
using Chard.Emulator.Azurite;

namespace Chard.Emulator.Tests.Tables;

/// <summary>A real table service for the tests of a run.</summary>
public sealed class AzuriteTables : IAsyncLifetime
{
    public const string Account = "devstoreaccount1";
    public const string Key = "Eby8vdM02xNOcqFlqUwJPLlmEtlCDXJ1OUzFT50uSRZ6IFsuFq2UVErCz4I6tq/K1SZFPTOtr/KBHBeksoGMGw==";

    private AzuriteProcess azurite = null!;
    private int tables;

    public Uri Endpoint => new($"http://127.0.0.1:{azurite.TablePort}/{Account}");

    public TableServiceClient Service { get; private set; } = null!;

    public async Task InitializeAsync()
    {
        azurite = await AzuriteProcess.StartAsync();
        Service = new TableServiceClient(azurite.ConnectionString);
    }

    public async Task DisposeAsync() => await azurite.DisposeAsync();

    /// <summary>A table that no other test has, created.</summary>
    public async Task<TableClient> NewTableAsync()
    {
        var table = Service.GetTableClient(NewName());
        await table.CreateAsync();
        return table;
    }

    /// <summary>A name that no other test has.</summary>
    public string NewName() => $"Test{Interlocked.Increment(ref tables)}";
}

[CollectionDefinition(Name)]
public sealed class AzuriteTablesCollection : ICollectionFixture<AzuriteTables>
{
    public const string Name = "Azurite tables";
}
