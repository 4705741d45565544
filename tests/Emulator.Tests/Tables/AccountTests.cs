using Azure;
using Azure.Core;
using Azure.Data.Tables;

namespace Chard.Emulator.Tests.Tables;

public sealed class AccountTests
{
    private const string Key = AzuriteTables.Key;

    [Theory]
    [InlineData("UseDevelopmentStorage=true", "http://127.0.0.1:10002/devstoreaccount1", "devstoreaccount1")]
    [InlineData(" usedevelopmentstorage=TRUE ; ", "http://127.0.0.1:10002/devstoreaccount1", "devstoreaccount1")]
    [InlineData("UseDevelopmentStorage=true;DevelopmentStorageProxyUri=http://azurite", "http://azurite:10002/devstoreaccount1", "devstoreaccount1")]
    [InlineData("AccountName=shop;AccountKey=" + Key, "https://shop.table.core.windows.net/", "shop")]
    [InlineData("DefaultEndpointsProtocol=http;AccountName=shop;AccountKey=" + Key + ";EndpointSuffix=core.chinacloudapi.cn", "http://shop.table.core.chinacloudapi.cn/", "shop")]
    [InlineData("AccountName=shop;AccountKey=" + Key + ";BlobEndpoint=http://b/;TableEndpoint=http://127.0.0.1:10102/shop;QueueEndpoint=http://q/", "http://127.0.0.1:10102/shop", "shop")]
    [InlineData("TableEndpoint=https://shop.table.core.windows.net;SharedAccessSignature=sv=1&sig=a%3D", "https://shop.table.core.windows.net/", "shop")]
    public void ConnectionString_OfEveryKind_TellsAddressAndAccount(string connectionString, string address, string account)
    {
        var service = new TableServiceClient(connectionString);
        var table = new TableClient(connectionString, "People");

        Assert.Equal((address, account), (service.Uri.AbsoluteUri, service.AccountName));
        Assert.Equal((address.TrimEnd('/') + "/People", account, "People"), (table.Uri.AbsoluteUri, table.AccountName, table.Name));
    }

    [Theory]
    [InlineData("nonsense", "name=value")]
    [InlineData("AccountName=shop", "no way to sign in")]
    [InlineData("AccountKey=" + Key, "does not tell where the tables are")]
    [InlineData("AccountName=a;AccountName=b", "AccountName twice")]
    [InlineData("UseDevelopmentStorage=perhaps", "only 'true'")]
    [InlineData("TableEndpoint=nowhere;AccountName=a;AccountKey=" + Key, "no absolute URI")]
    public void ConnectionString_ThatIsNone_SaysWhatIsWrong(string connectionString, string fault)
    {
        var error = Assert.Throws<FormatException>(() => new TableServiceClient(connectionString));

        Assert.Contains(fault, error.Message, StringComparison.Ordinal);
        Assert.DoesNotContain(Key, error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("https://shop.table.core.windows.net")]
    [InlineData("https://shop.table.core.windows.net/People")]
    [InlineData("http://127.0.0.1:10002/shop")]
    public void TableClient_AddressWithTheTableOrWithout_IsOfThatTable(string endpoint)
    {
        var table = new TableClient(new Uri(endpoint), "People", new TableSharedKeyCredential("shop", Key));

        Assert.EndsWith("/People", table.Uri.AbsoluteUri, StringComparison.Ordinal);
        Assert.DoesNotContain("People/People", table.Uri.AbsoluteUri, StringComparison.Ordinal);
    }

    [Fact]
    public async Task TokenCredential_OnARequest_IsSentAsABearerForTheAudience()
    {
        var transport = new ScriptedTransport((204, "{}"), (204, "{}"));
        var credential = new FixedToken();
        var table = new TableClient(new Uri("https://shop.table.core.windows.net"), "People", credential, transport.Options());
        var china = new TableClient(new Uri("https://shop.table.core.windows.net"), "People", credential, transport.Options(options => options.Audience = TableAudience.AzureChina));

        await table.DeleteEntityAsync("p", "r");
        await china.DeleteEntityAsync("p", "r");

        Assert.Equal(["https://storage.azure.com/.default", "https://storage.azure.cn/.default"], credential.Scopes);
        Assert.All(transport.Requests, request => Assert.Equal("Bearer secret", request.Headers["Authorization"]));
    }

    [Fact]
    public void Credentials_OnAnAddressInTheClear_AreRefused()
    {
        var address = new Uri("http://shop.table.core.windows.net");

        Assert.Throws<ArgumentException>("endpoint", () => new TableServiceClient(address, new FixedToken()));
        Assert.Throws<ArgumentException>("endpoint", () => new TableServiceClient(address, new AzureSasCredential("sv=1&sig=2")));
    }

    [Fact]
    public void TableUriBuilder_SignedAddress_IsTakenApartAndPutTogether()
    {
        var uri = new Uri("http://127.0.0.1:10002/devstoreaccount1/People?sv=2019-02-02&tn=People&spk=a&sp=r&se=2030-01-01T00%3A00%3A00Z&sig=x%2By%3D&timeout=5");

        var builder = new TableUriBuilder(uri);

        Assert.Equal(("devstoreaccount1", "People", "timeout=5"), (builder.AccountName, builder.Tablename, builder.Query));
        Assert.Equal(("x+y=", "a", "r"), (builder.Sas.Signature, builder.Sas.StartPartitionKey, builder.Sas.Permissions));
        Assert.Equal(new DateTimeOffset(2030, 1, 1, 0, 0, 0, TimeSpan.Zero), builder.Sas.ExpiresOn);
        builder.Tablename = "Orders";
        Assert.StartsWith("http://127.0.0.1:10002/devstoreaccount1/Orders?timeout=5&tn=People&spk=a&", builder.ToUri().AbsoluteUri, StringComparison.Ordinal);
    }

    private sealed class FixedToken : TokenCredential
    {
        public List<string> Scopes { get; } = [];

        public override AccessToken GetToken(TokenRequestContext requestContext, CancellationToken cancellationToken)
        {
            Scopes.AddRange(requestContext.Scopes);
            return new AccessToken("secret", DateTimeOffset.MaxValue);
        }

        public override ValueTask<AccessToken> GetTokenAsync(TokenRequestContext requestContext, CancellationToken cancellationToken)
            => new(GetToken(requestContext, cancellationToken));
    }
}
