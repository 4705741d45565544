using Azure.Storage.Queues;
using Chard.LocalHost.Azurite;

namespace Chard.LocalHost.Tests.Azurite;

public sealed class AzuriteProcessTests : IDisposable
{
    private readonly string data = Directory.CreateTempSubdirectory("azurite-test-").FullName;

    public void Dispose() => Directory.Delete(data, recursive: true);

    [Fact]
    public async Task Start_WithAccounts_KeepsThemApart()
    {
        await using var azurite = await AzuriteProcess.StartAsync(new AzuriteOptions { DataFolder = data, Accounts = ["one", "two"] });
        await new QueueClient(azurite.ConnectionStringOf("one"), "mine").CreateAsync();

        Assert.True(await new QueueClient(azurite.ConnectionStringOf("one"), "mine").ExistsAsync());
        Assert.False(await new QueueClient(azurite.ConnectionStringOf("two"), "mine").ExistsAsync());
    }

    [Fact]
    public async Task Stop_AndStartAgain_KeepsTheData()
    {
        await using (var azurite = await AzuriteProcess.StartAsync(new AzuriteOptions { DataFolder = data }))
        {
            await new QueueClient(azurite.ConnectionString, "kept").CreateAsync();
        }

        await using var again = await AzuriteProcess.StartAsync(new AzuriteOptions { DataFolder = data });

        Assert.True(await new QueueClient(again.ConnectionString, "kept").ExistsAsync());
    }

    [Fact]
    public async Task Start_OnPortsThatAreTaken_GivesAzuritesReason()
    {
        await using var first = await AzuriteProcess.StartAsync();
        var options = new AzuriteOptions
        {
            DataFolder = data,
            BlobPort = first.Endpoint.BlobPort,
            QueuePort = first.Endpoint.QueuePort,
            TablePort = first.Endpoint.TablePort,
        };

        var error = await Assert.ThrowsAsync<StartException>(() => AzuriteProcess.StartAsync(options));

        Assert.Contains("EADDRINUSE", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Start_FromAFolderWithoutAzurite_SaysWhatIsMissing()
    {
        var error = await Assert.ThrowsAsync<StartException>(() => AzuriteProcess.StartAsync(new AzuriteOptions { Installation = data }));

        Assert.Contains("package.json", error.Message, StringComparison.Ordinal);
    }
}
