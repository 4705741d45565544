using Azure;
using Azure.Data.Tables;
using Azure.Data.Tables.Models;

namespace Chard.Emulator.Tests.Tables;

[Collection(AzuriteTablesCollection.Name)]
public sealed class EntityTests(AzuriteTables azurite)
{
    [Theory]
    [InlineData("it's", "a 'quoted' key")]
    [InlineData("a b+c&d=e%f", "100% (sure); ok,")]
    [InlineData("Zoë", "東京🎉")]
    [InlineData("", "")]
    [InlineData("..", ".")]
    [InlineData("{json}", "[x]@y:z!$*~^`|<>\"")]
    public async Task Entity_SpecialCharactersInKeys_IsAddedReadUpdatedAndDeleted(string partitionKey, string rowKey)
    {
        var table = await azurite.NewTableAsync();
        await table.AddEntityAsync(new TableEntity(partitionKey, rowKey) { ["N"] = 1 });

        var read = (await table.GetEntityAsync<TableEntity>(partitionKey, rowKey)).Value;
        Assert.Equal((partitionKey, rowKey), (read.PartitionKey, read.RowKey));

        read["N"] = 2;
        await table.UpdateEntityAsync(read, read.ETag);
        var found = await table.QueryAsync<TableEntity>(TableClient.CreateQueryFilter($"PartitionKey eq {partitionKey} and RowKey eq {rowKey}")).ToListAsync();
        Assert.Equal(2, Assert.Single(found).GetInt32("N"));

        Assert.Equal(204, (await table.DeleteEntityAsync(partitionKey, rowKey)).Status);
        Assert.False((await table.GetEntityIfExistsAsync<TableEntity>(partitionKey, rowKey)).HasValue);
    }

    [Fact]
    public async Task AddEntity_ThatIsThere_ThrowsEntityAlreadyExists()
    {
        var table = await azurite.NewTableAsync();
        await table.AddEntityAsync(new TableEntity("p", "r"));

        var error = await Assert.ThrowsAsync<RequestFailedException>(() => table.AddEntityAsync(new TableEntity("p", "r")));

        Assert.Equal(409, error.Status);
        Assert.Equal(TableErrorCode.EntityAlreadyExists, error.ErrorCode);
        Assert.Contains("The specified entity already exists.", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task GetEntity_ThatIsNotThere_ThrowsResourceNotFound()
    {
        var table = await azurite.NewTableAsync();

        var error = await Assert.ThrowsAsync<RequestFailedException>(() => table.GetEntityAsync<TableEntity>("p", "r"));

        Assert.Equal(404, error.Status);
        Assert.Equal(TableErrorCode.ResourceNotFound, error.ErrorCode);
    }

    [Fact]
    public async Task GetEntityIfExists_ThatIsNotThere_HasNoValue()
    {
        var table = await azurite.NewTableAsync();

        var response = await table.GetEntityIfExistsAsync<TableEntity>("p", "r");

        Assert.False(response.HasValue);
        Assert.Equal(404, response.GetRawResponse().Status);
        Assert.Throws<InvalidOperationException>(() => response.Value);
    }

    [Fact]
    public async Task UpdateEntity_Merge_KeepsWhatTheEntityDoesNotHave()
    {
        var table = await azurite.NewTableAsync();
        await table.AddEntityAsync(new TableEntity("p", "r") { ["A"] = 1, ["B"] = 2 });

        await table.UpdateEntityAsync(new TableEntity("p", "r") { ["B"] = 3, ["A"] = null }, ETag.All);

        var read = (await table.GetEntityAsync<TableEntity>("p", "r")).Value;
        Assert.Equal((1, 3), (read.GetInt32("A"), read.GetInt32("B")));
    }

    [Fact]
    public async Task UpdateEntity_Replace_DropsWhatTheEntityDoesNotHave()
    {
        var table = await azurite.NewTableAsync();
        await table.AddEntityAsync(new TableEntity("p", "r") { ["A"] = 1, ["B"] = 2 });

        await table.UpdateEntityAsync(new TableEntity("p", "r") { ["B"] = 3 }, ETag.All, TableUpdateMode.Replace);

        var read = (await table.GetEntityAsync<TableEntity>("p", "r")).Value;
        Assert.Equal((null, 3), (read.GetInt32("A"), read.GetInt32("B")));
    }

    [Fact]
    public async Task UpdateEntity_AnotherVersionIsStored_ThrowsUpdateConditionNotSatisfied()
    {
        var table = await azurite.NewTableAsync();
        var first = (await table.AddEntityAsync(new TableEntity("p", "r") { ["A"] = 1 })).Headers.ETag!.Value;
        var second = (await table.UpdateEntityAsync(new TableEntity("p", "r") { ["A"] = 2 }, first)).Headers.ETag!.Value;

        var error = await Assert.ThrowsAsync<RequestFailedException>(() => table.UpdateEntityAsync(new TableEntity("p", "r") { ["A"] = 3 }, first));

        Assert.NotEqual(first, second);
        Assert.Equal(412, error.Status);
        Assert.Equal(TableErrorCode.UpdateConditionNotSatisfied, error.ErrorCode);
    }

    [Fact]
    public async Task UpdateEntity_ThatIsNotThere_ThrowsResourceNotFound()
    {
        var table = await azurite.NewTableAsync();

        var error = await Assert.ThrowsAsync<RequestFailedException>(() => table.UpdateEntityAsync(new TableEntity("p", "r"), ETag.All));

        Assert.Equal((404, "ResourceNotFound"), (error.Status, error.ErrorCode));
    }

    [Fact]
    public async Task UpdateEntity_WithoutATag_IsRefusedBeforeItIsSent()
    {
        var table = await azurite.NewTableAsync();

        await Assert.ThrowsAsync<ArgumentException>("ifMatch", () => table.UpdateEntityAsync(new TableEntity("p", "r"), default));
    }

    [Theory]
    [InlineData(TableUpdateMode.Merge, 1)]
    [InlineData(TableUpdateMode.Replace, null)]
    public async Task UpsertEntity_NewAndThenThere_AddsAndThenWritesOver(TableUpdateMode mode, int? expectedA)
    {
        var table = await azurite.NewTableAsync();

        await table.UpsertEntityAsync(new TableEntity("p", "r") { ["A"] = 1 }, mode);
        await table.UpsertEntityAsync(new TableEntity("p", "r") { ["B"] = 2 }, mode);

        var read = (await table.GetEntityAsync<TableEntity>("p", "r")).Value;
        Assert.Equal((expectedA, 2), (read.GetInt32("A"), read.GetInt32("B")));
    }

    [Fact]
    public async Task DeleteEntity_ThatIsNotThere_Returns404AndDoesNotThrow()
    {
        var table = await azurite.NewTableAsync();

        Assert.Equal(404, (await table.DeleteEntityAsync("p", "r")).Status);
    }

    [Fact]
    public async Task DeleteEntity_AnotherVersionIsStored_ThrowsAndKeepsIt()
    {
        var table = await azurite.NewTableAsync();
        var first = (await table.AddEntityAsync(new TableEntity("p", "r") { ["A"] = 1 })).Headers.ETag!.Value;
        await table.UpdateEntityAsync(new TableEntity("p", "r") { ["A"] = 2 }, first);

        var error = await Assert.ThrowsAsync<RequestFailedException>(() => table.DeleteEntityAsync(new TableEntity("p", "r"), first));

        Assert.Equal((412, "UpdateConditionNotSatisfied"), (error.Status, error.ErrorCode));
        Assert.True((await table.GetEntityIfExistsAsync<TableEntity>("p", "r")).HasValue);
    }

    [Fact]
    public async Task GetEntity_Select_ReadsOnlyWhatIsNamed()
    {
        var table = await azurite.NewTableAsync();
        await table.AddEntityAsync(new TableEntity("p", "r") { ["A"] = 1, ["B"] = 2 });

        var read = (await table.GetEntityAsync<TableEntity>("p", "r", ["B"])).Value;

        Assert.Equal((null, 2), (read.GetInt32("A"), read.GetInt32("B")));
    }

    [Fact]
    public async Task Operations_OnATableThatIsNotThere_ThrowTableNotFound()
    {
        var table = azurite.Service.GetTableClient(azurite.NewName());

        var add = await Assert.ThrowsAsync<RequestFailedException>(() => table.AddEntityAsync(new TableEntity("p", "r")));
        var get = await Assert.ThrowsAsync<RequestFailedException>(() => table.GetEntityAsync<TableEntity>("p", "r"));

        Assert.Equal((404, "TableNotFound"), (add.Status, add.ErrorCode));
        Assert.Equal(404, get.Status);
    }

    [Fact]
    public async Task AddEntity_PropertyOver64KiB_IsRefusedByTheService()
    {
        var table = await azurite.NewTableAsync();

        var error = await Assert.ThrowsAsync<RequestFailedException>(() => table.AddEntityAsync(new TableEntity("p", "r") { ["Big"] = new string('x', 32 * 1024 + 1) }));

        Assert.Equal((400, "PropertyValueTooLarge"), (error.Status, error.ErrorCode));
    }

    [Fact]
    public void SyncMethods_WholeLifeOfAnEntity_DoAsTheAsyncOnes()
    {
        var table = azurite.Service.GetTableClient(azurite.NewName());
        table.Create();
        table.AddEntity(new TableEntity("p", "r") { ["A"] = 1 });
        table.UpsertEntity(new TableEntity("p", "r") { ["B"] = 2 });
        table.UpdateEntity(new TableEntity("p", "r") { ["C"] = 3 }, ETag.All);

        var read = table.GetEntity<TableEntity>("p", "r").Value;
        var found = table.Query<TableEntity>("A eq 1").ToList();

        Assert.Equal((1, 2, 3), (read.GetInt32("A"), read.GetInt32("B"), read.GetInt32("C")));
        Assert.Single(found);
        Assert.True(table.GetEntityIfExists<TableEntity>("p", "r").HasValue);
        Assert.Equal(204, table.DeleteEntity("p", "r").Status);
        Assert.Equal(204, table.Delete().Status);
    }
}
