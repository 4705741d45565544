using Azure;
using Azure.Data.Tables;

namespace Chard.Emulator.Tests.Tables;

[Collection(AzuriteTablesCollection.Name)]
public sealed class TransactionTests(AzuriteTables azurite)
{
    [Fact]
    public async Task SubmitTransaction_EveryKindOfAction_DoesAllAndTellsTheTags()
    {
        var table = await azurite.NewTableAsync();
        foreach (var row in new[] { "merge", "replace", "delete", "upsertMerge" })
        {
            await table.AddEntityAsync(new TableEntity("p", row) { ["Old"] = 1 });
        }

        var response = await table.SubmitTransactionAsync(
        [
            new(TableTransactionActionType.Add, Entity("add")),
            new(TableTransactionActionType.UpdateMerge, Entity("merge"), ETag.All),
            new(TableTransactionActionType.UpdateReplace, Entity("replace")),
            new(TableTransactionActionType.Delete, Entity("delete")),
            new(TableTransactionActionType.UpsertMerge, Entity("upsertMerge")),
            new(TableTransactionActionType.UpsertReplace, Entity("upsertReplace")),
        ]);

        Assert.Equal([204, 204, 204, 204, 204, 204], response.Value.Select(action => action.Status));
        var stored = (await table.QueryAsync<TableEntity>().ToListAsync()).ToDictionary(entity => entity.RowKey);
        Assert.Equal(["add", "merge", "replace", "upsertMerge", "upsertReplace"], stored.Keys);
        Assert.All(stored.Values, entity => Assert.Equal("{\"it's\":\"a 🎉\"}", entity.GetString("New")));
        Assert.Equal([null, 1, null, 1, null], stored.Values.Select(entity => entity.GetInt32("Old")));
        Assert.Equal(stored["add"].ETag, response.Value[0].Headers.ETag);
        Assert.Equal(stored["upsertReplace"].ETag, response.Value[5].Headers.ETag);

        static TableEntity Entity(string row) => new("p", row) { ["New"] = "{\"it's\":\"a 🎉\"}" };
    }

    [Fact]
    public async Task SubmitTransaction_OfAHundred_StoresAllOfThem()
    {
        var table = await azurite.NewTableAsync();

        var response = await table.SubmitTransactionAsync(Adds(100));

        Assert.Equal(100, response.Value.Count);
        Assert.Equal(100, await table.QueryAsync<TableEntity>().CountAsync());
    }

    [Fact]
    public async Task SubmitTransaction_OneActionFails_StoresNothingAndNamesIt()
    {
        var table = await azurite.NewTableAsync();
        await table.AddEntityAsync(new TableEntity("p", "r2"));

        var error = await Assert.ThrowsAsync<TableTransactionFailedException>(() => table.SubmitTransactionAsync(Adds(5)));

        Assert.Equal((409, "EntityAlreadyExists"), (error.Status, error.ErrorCode));
        Assert.Equal(2, error.FailedTransactionActionIndex);
        Assert.Equal(1, await table.QueryAsync<TableEntity>().CountAsync());
    }

    [Fact]
    public async Task SubmitTransaction_TagOfAnotherVersion_FailsWithUpdateConditionNotSatisfied()
    {
        var table = await azurite.NewTableAsync();
        var stale = (await table.AddEntityAsync(new TableEntity("p", "r"))).Headers.ETag!.Value;
        await table.UpsertEntityAsync(new TableEntity("p", "r") { ["A"] = 1 });

        var error = await Assert.ThrowsAsync<TableTransactionFailedException>(
            () => table.SubmitTransactionAsync([new(TableTransactionActionType.UpdateMerge, new TableEntity("p", "r") { ["A"] = 2 }, stale)]));

        Assert.Equal((412, "UpdateConditionNotSatisfied", 0), (error.Status, error.ErrorCode, error.FailedTransactionActionIndex));
    }

    [Fact]
    public async Task SubmitTransaction_OfAHundredAndOne_IsRefused()
    {
        var table = await azurite.NewTableAsync();

        var error = await Assert.ThrowsAsync<TableTransactionFailedException>(() => table.SubmitTransactionAsync(Adds(101)));

        Assert.Equal((400, "InvalidInput"), (error.Status, error.ErrorCode));
        Assert.Equal(0, await table.QueryAsync<TableEntity>().CountAsync());
    }

    [Fact]
    public async Task SubmitTransaction_AnEntityTwice_FailsWithInvalidDuplicateRow()
    {
        var table = await azurite.NewTableAsync();

        var error = await Assert.ThrowsAsync<TableTransactionFailedException>(
            () => table.SubmitTransactionAsync([.. Adds(2), new(TableTransactionActionType.UpsertMerge, new TableEntity("p", "r1"))]));

        Assert.Equal((400, "InvalidDuplicateRow"), (error.Status, error.ErrorCode));
        Assert.Equal(0, await table.QueryAsync<TableEntity>().CountAsync());
    }

    [Fact]
    public async Task SubmitTransaction_NoActions_IsRefusedBeforeItIsSent()
    {
        var table = await azurite.NewTableAsync();

        await Assert.ThrowsAsync<InvalidOperationException>(() => table.SubmitTransactionAsync([]));
    }

    private static IEnumerable<TableTransactionAction> Adds(int count)
        => Enumerable.Range(0, count).Select(row => new TableTransactionAction(TableTransactionActionType.Add, new TableEntity("p", $"r{row}") { ["Row"] = row }));
}
