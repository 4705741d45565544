using Azure.Data.Tables;
using Azure.Storage.Blobs;
using Azure.Storage.Queues;
using Chard.Platform;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;

namespace Chard.Functions.Tests.Storage;

/// <summary>The forms in which the host takes its storage setting: the app reads each as the host does.</summary>
public sealed class StorageConnectionTests
{
    private const string Key = "a2V5";

    [Theory]
    [InlineData("connection string", "blob.core.windows.net",
        "=DefaultEndpointsProtocol=https;AccountName=chard;AccountKey=" + Key + ";EndpointSuffix=core.windows.net")]
    [InlineData("connection string of another cloud", "blob.core.chinacloudapi.cn",
        "=DefaultEndpointsProtocol=https;AccountName=chard;AccountKey=" + Key + ";EndpointSuffix=core.chinacloudapi.cn")]
    [InlineData("account name", "blob.core.windows.net", ":accountName=chard")]
    [InlineData("account name and an identity", "blob.core.windows.net",
        ":accountName=chard", ":credential=managedidentity", ":clientId=11111111-1111-1111-1111-111111111111")]
    [InlineData("service addresses", "blob.core.windows.net",
        ":blobServiceUri=https://chard.blob.core.windows.net", ":queueServiceUri=https://chard.queue.core.windows.net",
        ":tableServiceUri=https://chard.table.core.windows.net")]
    [InlineData("service addresses of another cloud and an identity", "blob.core.usgovcloudapi.net",
        ":blobServiceUri=https://chard.blob.core.usgovcloudapi.net", ":queueServiceUri=https://chard.queue.core.usgovcloudapi.net",
        ":tableServiceUri=https://chard.table.core.usgovcloudapi.net", ":credential=managedidentity")]
    public void Clients_OfEachForm_AreThoseOfTheAccount(string form, string host, params string[] settings)
    {
        _ = form;
        using ServiceProvider services = Services(settings);

        string suffix = host["blob".Length..];
        Assert.Equal(
            ($"chard.blob{suffix}", $"chard.queue{suffix}", $"chard.table{suffix}"),
            (services.GetRequiredService<BlobServiceClient>().Uri.Host, services.GetRequiredService<QueueServiceClient>().Uri.Host,
                services.GetRequiredService<TableServiceClient>().Uri.Host));
    }

    [Fact]
    public void Clients_OfTheEmulator_AreOnThisMachine()
    {
        using ServiceProvider services = Services("=UseDevelopmentStorage=true");

        Assert.Equal("http://127.0.0.1:10000/devstoreaccount1", $"{services.GetRequiredService<BlobServiceClient>().Uri}");
    }

    [Theory]
    [InlineData("AzureWebJobsStorage is not set: it names the storage account that keeps workflows, tasks and payloads.")]
    [InlineData("AzureWebJobsStorage is not set: it names the storage account", "=")]
    [InlineData("AzureWebJobsStorage__blobServiceUri is not set, and neither is AzureWebJobsStorage__accountName",
        ":queueServiceUri=https://chard.queue.core.windows.net", ":tableServiceUri=https://chard.table.core.windows.net")]
    [InlineData("AzureWebJobsStorage__blobServiceUri is not set, and neither is AzureWebJobsStorage__accountName",
        ":credential=managedidentity")]
    [InlineData("AzureWebJobsStorage__blobServiceUri is 'chard'; it must be the address of the account's blob service, such as "
        + "https://<account>.blob.core.windows.net.", ":blobServiceUri=chard")]
    public void Clients_OfNoAccount_AreRefusedWithWhatToSet(string refusal, params string[] settings)
    {
        using ServiceProvider services = Services(settings);

        string message = Assert.Throws<InvalidOperationException>(services.GetRequiredService<BlobServiceClient>).Message;

        Assert.StartsWith(refusal, message, StringComparison.Ordinal);
    }

    private static ServiceProvider Services(params string[] settings) => new ServiceCollection()
        .AddSingleton<IConfiguration>(new ConfigurationBuilder().AddInMemoryCollection(
            from setting in settings
            let parts = setting.Split('=', 2)
            select KeyValuePair.Create(StorageConnection.Setting + parts[0], (string?)parts[1])).Build())
        .AddStorage()
        .BuildServiceProvider();
}
