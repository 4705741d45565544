using Azure;
using Azure.Data.Tables;
using Azure.Data.Tables.Models;

namespace Chard.Emulator.Tests.Tables;

[Collection(AzuriteTablesCollection.Name)]
public sealed class ServiceTests(AzuriteTables azurite)
{
    [Fact]
    public async Task CreateTable_ThatIsThere_ThrowsTableAlreadyExists()
    {
        var name = azurite.NewName();
        var created = await azurite.Service.CreateTableAsync(name);

        var error = await Assert.ThrowsAsync<RequestFailedException>(() => azurite.Service.CreateTableAsync(name));

        Assert.Equal((name, 204), (created.Value.Name, created.GetRawResponse().Status));
        Assert.Equal((409, "TableAlreadyExists"), (error.Status, error.ErrorCode));
    }

    [Fact]
    public async Task CreateTableIfNotExists_ThatIsThere_ReturnsIt()
    {
        var name = azurite.NewName();

        Assert.Equal(204, (await azurite.Service.CreateTableIfNotExistsAsync(name)).GetRawResponse().Status);
        var again = await azurite.Service.GetTableClient(name).CreateIfNotExistsAsync();

        Assert.Equal((name, 409), (again.Value.Name, again.GetRawResponse().Status));
    }

    [Fact]
    public async Task CreateTable_NameWithADash_IsRefusedByTheService()
    {
        var error = await Assert.ThrowsAsync<RequestFailedException>(() => azurite.Service.CreateTableAsync("no-dash"));

        Assert.Equal(400, error.Status);
    }

    [Fact]
    public async Task DeleteTable_ThereAndThenNot_Returns204AndThen404()
    {
        var table = await azurite.NewTableAsync();

        Assert.Equal(204, (await azurite.Service.DeleteTableAsync(table.Name)).Status);
        Assert.Equal(404, (await azurite.Service.DeleteTableAsync(table.Name)).Status);
        Assert.Equal(404, (await table.DeleteAsync()).Status);
    }

    [Fact]
    public async Task Query_OfTables_FindsThemByTextAndByPredicate()
    {
        var names = new[] { $"Aa{azurite.NewName()}", $"Ab{azurite.NewName()}", $"Ac{azurite.NewName()}" };
        foreach (var name in names)
        {
            await azurite.Service.CreateTableAsync(name);
        }

        // Written in the call itself, the text would be taken as a string, without quotes: the overload for strings wins.
        FormattableString text = $"TableName eq {names[1]}";
        var byText = await azurite.Service.QueryAsync(text).ToListAsync();
        var byPredicate = azurite.Service.Query(table => table.Name == names[0] || table.Name == names[2]).ToList();
        var pages = await azurite.Service.QueryAsync(maxPerPage: 2).AsPages().ToListAsync();

        Assert.Equal([names[1]], byText.Select(table => table.Name));
        Assert.Equal([names[0], names[2]], byPredicate.Select(table => table.Name));
        Assert.True(pages.Count > 1);
        Assert.Empty(names.Except(pages.SelectMany(page => page.Values).Select(table => table.Name)));
    }

    [Fact]
    public async Task Properties_SetAndRead_ComeBack()
    {
        var properties = (await azurite.Service.GetPropertiesAsync()).Value;
        properties.Cors.Clear();
        properties.Cors.Add(new TableCorsRule("https://example.org", "GET,PUT", "x-a", "x-b", 60));
        properties.HourMetrics = new TableMetrics(true) { Version = "1.0", IncludeApis = true, RetentionPolicy = new TableRetentionPolicy(true) { Days = 3 } };

        var set = await azurite.Service.SetPropertiesAsync(properties);
        var read = azurite.Service.GetProperties().Value;

        Assert.Equal(202, set.Status);
        Assert.Equivalent(properties.Cors, read.Cors);
        Assert.Equal((true, 3), (read.HourMetrics.Enabled, read.HourMetrics.RetentionPolicy.Days));
    }

    [Fact]
    public async Task Statistics_FromTheSecondaryAddress_AreRead()
    {
        var statistics = (await azurite.Service.GetStatisticsAsync()).Value;

        Assert.Equal(TableGeoReplicationStatus.Live, statistics.GeoReplication.Status);
        Assert.NotEqual(default, statistics.GeoReplication.LastSyncedOn);
    }

    [Fact]
    public async Task AccessPolicies_SetAndRead_ComeBack()
    {
        var table = await azurite.NewTableAsync();
        var policy = new TableAccessPolicy(new DateTimeOffset(2026, 1, 1, 0, 0, 0, TimeSpan.Zero), new DateTimeOffset(2099, 1, 1, 0, 0, 0, TimeSpan.Zero), "r");

        await table.SetAccessPolicyAsync([new TableSignedIdentifier("readers", policy)]);
        var read = Assert.Single((await table.GetAccessPoliciesAsync()).Value);

        Assert.Equal("readers", read.Id);
        Assert.Equivalent(policy, read.AccessPolicy);
    }
}
