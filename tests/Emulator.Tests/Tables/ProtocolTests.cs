using Azure;
using Azure.Data.Tables;
using Azure.Data.Tables.Models;
using Moq;

namespace Chard.Emulator.Tests.Tables;

/// <summary>What goes over the wire, and what is made of answers that a healthy service does not give.</summary>
public sealed class ProtocolTests
{
    private static readonly Uri Endpoint = new("https://shop.table.core.windows.net");

    [Fact]
    public async Task Request_ConnectionBreaksAndServiceIsBusy_IsSentAgainWithTheSameBody()
    {
        var transport = new ScriptedTransport((0, string.Empty), (503, string.Empty), (204, string.Empty));

        var response = await Table(transport).AddEntityAsync(new TableEntity("p", "r") { ["A"] = 1 });

        Assert.Equal(204, response.Status);
        Assert.Equal(3, transport.Requests.Count);
        Assert.All(transport.Requests, request => Assert.Equal("""{"PartitionKey":"p","RowKey":"r","A":1}""", request.Body));
        Assert.All(transport.Requests, request => Assert.StartsWith("SharedKeyLite shop:", request.Headers["Authorization"], StringComparison.Ordinal));
    }

    [Fact]
    public async Task Request_ServiceStaysBusy_ThrowsAfterTheRetriesOfTheOptions()
    {
        var transport = new ScriptedTransport((503, string.Empty), (503, """{"odata.error":{"code":"ServerBusy","message":{"lang":"en-us","value":"Slow down."}}}"""));
        var table = new TableClient(Endpoint, "People", new TableSharedKeyCredential("shop", AzuriteTables.Key), transport.Options(options => options.Retry.MaxRetries = 1));

        var error = await Assert.ThrowsAsync<RequestFailedException>(() => table.AddEntityAsync(new TableEntity("p", "r")));

        Assert.Equal((503, "ServerBusy", 2), (error.Status, error.ErrorCode, transport.Requests.Count));
        Assert.Contains("Slow down.", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Transaction_ConnectionBreaks_IsSentAgainWithTheSameBody()
    {
        var answer = "--batchresponse_1\r\nContent-Type: multipart/mixed; boundary=changesetresponse_1\r\n\r\n--changesetresponse_1\r\nContent-Type: application/http\r\n\r\nHTTP/1.1 204 No Content\r\nETag: W/\"1\"\r\n\r\n\r\n--changesetresponse_1--\r\n--batchresponse_1--\r\n";
        var transport = new ScriptedTransport((0, string.Empty), (202, answer));

        var response = await Table(transport).SubmitTransactionAsync([new(TableTransactionActionType.Add, new TableEntity("p", "r"))]);

        Assert.Equal(transport.Requests[0].Body, transport.Requests[1].Body);
        Assert.Equal(new ETag("W/\"1\""), Assert.Single(response.Value).Headers.ETag);
        Assert.Equal("No Content", response.Value[0].ReasonPhrase);
    }

    [Fact]
    public async Task Transaction_AnswerLacksAnAction_Throws()
    {
        var transport = new ScriptedTransport((202, "--batchresponse_1\r\n\r\n--changesetresponse_1\r\n\r\nHTTP/1.1 204 No Content\r\n\r\n--changesetresponse_1--\r\n"));

        var error = await Assert.ThrowsAsync<InvalidOperationException>(() => Table(transport).SubmitTransactionAsync(
            [new(TableTransactionActionType.Add, new TableEntity("p", "r")), new(TableTransactionActionType.Add, new TableEntity("p", "s"))]));

        Assert.Contains("1 of a transaction's 2 actions", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("""<?xml version="1.0"?><m:error xmlns:m="http://schemas.microsoft.com/ado/2007/08/dataservices/metadata"><m:code>AuthenticationFailed</m:code><m:message>Wrong key.</m:message></m:error>""", "AuthenticationFailed", "Wrong key.")]
    [InlineData("<html><body>Proxy says no", null, "Proxy says no")]
    [InlineData("{\"other\":1}", null, "other")]
    [InlineData("", null, "403")]
    public async Task Error_InAnotherForm_StillTellsWhatCanBeKnown(string body, string? code, string message)
    {
        var transport = new ScriptedTransport((403, body));

        var error = await Assert.ThrowsAsync<RequestFailedException>(() => Table(transport).AddEntityAsync(new TableEntity("p", "r")));

        Assert.Equal((403, code), (error.Status, error.ErrorCode));
        Assert.Contains(message, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Write_OfAnEntity_AsksForNoBodyInReturn()
    {
        var transport = new ScriptedTransport((204, string.Empty));

        await Table(transport).UpsertEntityAsync(new TableEntity("it's", "a/b"), TableUpdateMode.Replace);

        var request = Assert.Single(transport.Requests);
        Assert.Equal("PUT", request.Method);
        Assert.Equal("https://shop.table.core.windows.net/People(PartitionKey='it%27%27s',RowKey='a%2Fb')", request.Uri.AbsoluteUri);
        Assert.Equal("return-no-content", request.Headers["Prefer"]);
        Assert.Equal("2020-12-06", request.Headers["x-ms-version"]);
        Assert.False(request.Headers.ContainsKey("If-Match"));
    }

    [Fact]
    public async Task Page_WithoutARowKeyToGoOnWith_GoesOnWithThePartitionAlone()
    {
        var transport = new ScriptedTransport((200, """{"value":[]}"""));

        await Table(transport).QueryAsync<TableEntity>().AsPages("1!8!abc ").ToListAsync();

        Assert.Equal("?NextPartitionKey=1%218%21abc", transport.Requests[0].Uri.Query);
    }

    [Fact]
    public async Task Read_StoredValueOfAnotherType_NamesTheProperty()
    {
        var transport = new ScriptedTransport((200, """{"PartitionKey":"p","RowKey":"r","Age":"old"}"""));

        var error = await Assert.ThrowsAsync<InvalidCastException>(() => Table(transport).GetEntityAsync<Person>("p", "r"));

        Assert.Contains("'Age'", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Write_TypesTheServiceHasNot_AreRefusedAndNamed()
    {
        var table = Table(new ScriptedTransport());

        var unknown = await Assert.ThrowsAsync<NotSupportedException>(() => table.AddEntityAsync(new TableEntity("p", "r") { ["Price"] = 1.5m }));
        var named = await Assert.ThrowsAsync<NotSupportedException>(() => table.AddEntityAsync(new TableEntity("p", "r") { ["Mood"] = Mood.Calm }));
        var local = await Assert.ThrowsAsync<NotSupportedException>(() => table.AddEntityAsync(new TableEntity("p", "r") { ["When"] = new DateTime(2026, 1, 1, 0, 0, 0, DateTimeKind.Local) }));

        Assert.Contains("'Price'", unknown.Message, StringComparison.Ordinal);
        Assert.Contains("'Mood'", named.Message, StringComparison.Ordinal);
        Assert.Contains("'When'", local.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Write_ExplicitlyImplementedKeys_AreStored()
    {
        var transport = new ScriptedTransport((204, string.Empty), (200, """{"odata.etag":"W/\"1\"","PartitionKey":"P1","RowKey":"R1","Size":7}"""));
        var table = Table(transport);

        await table.AddEntityAsync(new Hidden { Size = 5 });
        var read = (await table.GetEntityAsync<Hidden>("P1", "R1")).Value;

        Assert.Equal("""{"Size":5,"PartitionKey":"part","RowKey":"row"}""", transport.Requests[0].Body);
        Assert.Equal(("P1", "R1", 7, new ETag("W/\"1\"")), (((ITableEntity)read).PartitionKey, ((ITableEntity)read).RowKey, read.Size, ((ITableEntity)read).ETag));
    }

    [Fact]
    public async Task CreateIfNotExists_TableIsBeingDeleted_Throws()
    {
        var transport = new ScriptedTransport((409, """{"odata.error":{"code":"TableBeingDeleted","message":{"value":"Wait."}}}"""));

        var error = await Assert.ThrowsAsync<RequestFailedException>(() => Table(transport).CreateIfNotExistsAsync());

        Assert.Equal(TableErrorCode.TableBeingDeleted, error.ErrorCode);
    }

    [Fact]
    public async Task Methods_OfTheClient_CanBeMocked()
    {
        var table = new Mock<TableClient>();
        table.Setup(client => client.GetEntityAsync<TableEntity>("p", "r", null, default)).ReturnsAsync(Response.FromValue(new TableEntity("p", "r"), Mock.Of<Response>()));
        table.Setup(client => client.QueryAsync<TableEntity>("A eq 1", null, null, default)).Returns(AsyncPageable<TableEntity>.FromPages([Page<TableEntity>.FromValues([new("p", "q")], null, Mock.Of<Response>())]));
        var service = new Mock<TableServiceClient>();
        service.Setup(client => client.GetTableClient("People")).Returns(table.Object);

        var client = service.Object.GetTableClient("People");

        Assert.Equal("r", (await client.GetEntityAsync<TableEntity>("p", "r")).Value.RowKey);
        Assert.Equal("q", (await client.QueryAsync<TableEntity>("A eq 1").SingleAsync()).RowKey);
    }

    private static TableClient Table(ScriptedTransport transport)
        => new(Endpoint, "People", new TableSharedKeyCredential("shop", AzuriteTables.Key), transport.Options());

    private sealed class Hidden : ITableEntity
    {
        public int Size { get; set; }

        string ITableEntity.PartitionKey { get; set; } = "part";

        string ITableEntity.RowKey { get; set; } = "row";

        DateTimeOffset? ITableEntity.Timestamp { get; set; }

        ETag ITableEntity.ETag { get; set; }
    }
}
