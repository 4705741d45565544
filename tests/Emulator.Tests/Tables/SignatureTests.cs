using Azure;
using Azure.Data.Tables;
using Azure.Data.Tables.Models;
using Azure.Data.Tables.Sas;

namespace Chard.Emulator.Tests.Tables;

[Collection(AzuriteTablesCollection.Name)]
public sealed class SignatureTests(AzuriteTables azurite)
{
    private static readonly DateTimeOffset Later = new(2099, 1, 1, 0, 0, 0, TimeSpan.Zero);

    [Fact]
    public async Task SharedKey_Wrong_IsForbidden()
    {
        var table = new TableClient(azurite.Endpoint, "People", new TableSharedKeyCredential(AzuriteTables.Account, Convert.ToBase64String("wrong"u8)));

        var error = await Assert.ThrowsAsync<RequestFailedException>(() => table.CreateAsync());

        Assert.Equal(403, error.Status);
        Assert.False(string.IsNullOrEmpty(error.ErrorCode));
    }

    [Fact]
    public async Task SharedKey_Replaced_CountsFromTheNextRequestOn()
    {
        var credential = new TableSharedKeyCredential(AzuriteTables.Account, Convert.ToBase64String("wrong"u8));
        var table = new TableClient(azurite.Endpoint, azurite.NewName(), credential);
        await Assert.ThrowsAsync<RequestFailedException>(() => table.CreateAsync());

        credential.SetAccountKey(AzuriteTables.Key);

        Assert.Equal(204, (await table.CreateAsync()).GetRawResponse().Status);
    }

    [Fact]
    public async Task TableSignature_ToRead_ReadsAndDoesNotWrite()
    {
        var table = await azurite.NewTableAsync();
        await table.AddEntityAsync(new TableEntity("p", "r") { ["A"] = 1 });
        var uri = table.GenerateSasUri(TableSasPermissions.Read, Later);

        var byAddress = new TableClient(uri);
        var byCredential = new TableClient(table.Uri, new AzureSasCredential(uri.Query));

        Assert.Equal((table.Name, AzuriteTables.Account), (byAddress.Name, byAddress.AccountName));
        Assert.Equal(1, (await byAddress.GetEntityAsync<TableEntity>("p", "r")).Value.GetInt32("A"));
        Assert.Single(await byCredential.QueryAsync<TableEntity>("A eq 1", maxPerPage: 5).ToListAsync());
        var error = await Assert.ThrowsAsync<RequestFailedException>(() => byAddress.AddEntityAsync(new TableEntity("p", "s")));
        Assert.Equal(403, error.Status);
        Assert.Equal(TableErrorCode.AuthorizationPermissionMismatch, error.ErrorCode);
    }

    [Fact]
    public async Task TableSignature_OverInTime_IsForbidden()
    {
        var table = await azurite.NewTableAsync();
        var expired = new TableClient(table.GenerateSasUri(TableSasPermissions.All, new DateTimeOffset(2020, 1, 1, 0, 0, 0, TimeSpan.Zero)));

        Assert.Equal(403, (await Assert.ThrowsAsync<RequestFailedException>(() => expired.AddEntityAsync(new TableEntity("p", "r")))).Status);
    }

    [Fact]
    public async Task AccountSignature_WithAllPermissions_DoesTransactions()
    {
        // The account's, for Azurite checks a table's signature against the path, which in a transaction does not name the table.
        var table = await azurite.NewTableAsync();
        var signature = azurite.Service.GetSasBuilder(TableAccountSasPermissions.All, TableAccountSasResourceTypes.All, Later)
            .Sign(new TableSharedKeyCredential(AzuriteTables.Account, AzuriteTables.Key));
        var signed = new TableClient(table.Uri, new AzureSasCredential(signature));

        var response = await signed.SubmitTransactionAsync([new(TableTransactionActionType.UpsertReplace, new TableEntity("p", "r"))]);

        Assert.Equal(204, Assert.Single(response.Value).Status);
    }

    [Fact]
    public async Task TableSignature_OfAStoredPolicy_AllowsWhatThePolicySays()
    {
        var table = await azurite.NewTableAsync();
        await table.SetAccessPolicyAsync([new TableSignedIdentifier("readers", new TableAccessPolicy(DateTimeOffset.UnixEpoch, Later, "r"))]);
        var signed = new TableClient(table.GenerateSasUri(new TableSasBuilder { TableName = table.Name, Identifier = "readers" }));

        Assert.False((await signed.GetEntityIfExistsAsync<TableEntity>("p", "r")).HasValue);
    }

    [Fact]
    public async Task AccountSignature_OfTheService_ReachesTheTablesItGives()
    {
        var table = await azurite.NewTableAsync();
        var uri = azurite.Service.GenerateSasUri(TableAccountSasPermissions.All, TableAccountSasResourceTypes.All, Later);

        var byAddress = new TableServiceClient(uri);
        var byConnectionString = new TableServiceClient($"TableEndpoint={azurite.Endpoint};SharedAccessSignature={uri.Query.TrimStart('?')}");

        Assert.Equal(AzuriteTables.Account, byAddress.AccountName);
        Assert.Equal(204, (await byAddress.GetTableClient(table.Name).AddEntityAsync(new TableEntity("p", "r"))).Status);
        Assert.Contains(await byConnectionString.QueryAsync().ToListAsync(), found => found.Name == table.Name);
    }

    [Fact]
    public void Builder_OfASignedAddress_KnowsItsTerms()
    {
        var table = azurite.Service.GetTableClient("People");
        var builder = table.GetSasBuilder(TableSasPermissions.Read | TableSasPermissions.Delete, Later);
        builder.PartitionKeyStart = "a";
        builder.PartitionKeyEnd = "b";
        builder.Protocol = TableSasProtocol.HttpsAndHttp;
        builder.IPRange = TableSasIPRange.Parse("10.0.0.1-10.0.0.9");

        var read = new TableSasBuilder(table.GenerateSasUri(builder));

        Assert.Equal(("People", "rd", Later, "a", "b"), (read.TableName, read.Permissions, read.ExpiresOn, read.PartitionKeyStart, read.PartitionKeyEnd));
        Assert.Equal((TableSasProtocol.HttpsAndHttp, builder.IPRange), (read.Protocol, read.IPRange));
    }

    [Fact]
    public void Builder_WithoutTermsOrForAnotherTable_IsRefused()
    {
        var table = azurite.Service.GetTableClient("People");

        Assert.Throws<InvalidOperationException>(() => table.GenerateSasUri(new TableSasBuilder { TableName = "People" }));
        Assert.Throws<ArgumentException>("builder", () => table.GenerateSasUri(new TableSasBuilder("Orders", TableSasPermissions.Read, Later)));
    }
}
