using Azure.Data.Tables;

namespace Chard.Emulator.Tests.Tables;

[Collection(AzuriteTablesCollection.Name)]
public sealed class QueryTests(AzuriteTables azurite)
{
    [Fact]
    public async Task Query_Over1000Rows_ReadsAllOfThemInOrder()
    {
        var table = await FilledAsync(2_345);

        var rows = await table.QueryAsync<TableEntity>().Select(entity => entity.RowKey).ToListAsync();
        var synchronous = table.Query<TableEntity>().Select(entity => entity.RowKey).ToList();

        Assert.Equal(Enumerable.Range(0, 2_345).Select(Row), rows);
        Assert.Equal(rows, synchronous);
    }

    [Fact]
    public async Task AsPages_MaxPerPage_GivesPagesOfThatSizeAndATokenToGoOnWith()
    {
        var table = await FilledAsync(25);
        var query = table.QueryAsync<TableEntity>(maxPerPage: 10);

        var pages = await query.AsPages().ToListAsync();
        var rest = await query.AsPages(pages[0].ContinuationToken).ToListAsync();
        var hinted = await query.AsPages(pages[0].ContinuationToken, pageSizeHint: 4).FirstAsync();

        Assert.Equal([10, 10, 5], pages.Select(page => page.Values.Count));
        Assert.Null(pages[2].ContinuationToken);
        Assert.Equal(200, pages[0].GetRawResponse().Status);
        Assert.Equal([Row(10), Row(20)], rest.Select(page => page.Values[0].RowKey));
        Assert.Equal([Row(10), Row(11), Row(12), Row(13)], hinted.Values.Select(entity => entity.RowKey));
    }

    [Fact]
    public async Task Query_FilterAndSelect_ReadsWhatIsAskedFor()
    {
        var table = await FilledAsync(20);

        var found = await table.QueryAsync<TableEntity>(TableClient.CreateQueryFilter($"N ge {5} and N lt {7}"), select: ["N"]).ToListAsync();

        Assert.Equal([5, 6], found.Select(entity => entity.GetInt32("N")!.Value));
        Assert.All(found, entity => Assert.False(entity.ContainsKey("Half")));
    }

    [Fact]
    public async Task Query_IntoAClass_FillsItsMembers()
    {
        var table = await FilledAsync(3);
        await table.AddEntityAsync(new Person { PartitionKey = "q", RowKey = "r", Name = "Grace", Steps = 1L << 33, Joined = DateTimeOffset.UnixEpoch.AddYears(40) });

        var found = await table.QueryAsync<Person>("PartitionKey eq 'q'").SingleAsync();

        Assert.Equal(("Grace", 1L << 33, DateTimeOffset.UnixEpoch.AddYears(40)), (found.Name, found.Steps, found.Joined));
        Assert.NotEqual(default, found.ETag);
    }

    [Fact]
    public async Task Query_FilterThatIsNone_ThrowsWhatTheServiceSays()
    {
        var table = await azurite.NewTableAsync();

        var error = await Assert.ThrowsAsync<Azure.RequestFailedException>(async () => await table.QueryAsync<TableEntity>("N eq eq 5").ToListAsync());

        Assert.Equal((400, "InvalidInput"), (error.Status, error.ErrorCode));
    }

    private static string Row(int row) => $"r{row:D5}";

    private async Task<TableClient> FilledAsync(int rows)
    {
        var table = await azurite.NewTableAsync();
        foreach (var chunk in Enumerable.Range(0, rows).Chunk(100))
        {
            await table.SubmitTransactionAsync(chunk.Select(row => new TableTransactionAction(
                TableTransactionActionType.Add,
                new TableEntity("p", Row(row)) { ["N"] = row, ["Half"] = row / 2.0 })));
        }

        return table;
    }
}
