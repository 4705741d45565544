using System.Security.Cryptography;
using Azure;
using Azure.Core;
using Azure.Data.Tables;
using Azure.Storage.Blobs;
using Azure.Storage.Blobs.Models;
using Azure.Storage.Queues;
using Azure.Storage.Sas;
using Chard.Testing;

namespace Chard.Functions.Tests.Storage;

/// <summary>The proxy before Azurite, asked by the real clients.</summary>
public sealed class StorageProxyTests : IAsyncLifetime
{
    private StorageAccount _account = null!;

    public async Task InitializeAsync() => _account = await StorageAccount.OpenAsync();

    public Task DisposeAsync()
    {
        _account.Dispose();
        return Task.CompletedTask;
    }

    [Fact]
    public async Task Blobs_OfAnyNameAndSize_GoThroughUnchanged()
    {
        BlobContainerClient container = await ContainerAsync();
        byte[] large = RandomNumberGenerator.GetBytes(20_000_000);

        foreach (string name in (string[])["plain", "a b/c%20d+e", "Straße/日本", "it's (odd) & 'quoted'=?#;,"])
        {
            await container.GetBlobClient(name).UploadAsync(new BinaryData(name));
        }

        await container.GetBlobClient("large").UploadAsync(new BinaryData(large), overwrite: true);

        var found = new List<string>();
        await foreach (BlobItem blob in container.GetBlobsAsync(BlobTraits.None, BlobStates.None, null, default))
        {
            found.Add(blob.Name);
        }

        Assert.Equal(["Straße/日本", "a b/c%20d+e", "it's (odd) & 'quoted'=?#;,", "large", "plain"], found.Order(StringComparer.Ordinal));
        Assert.Equal(large, (await container.GetBlobClient("large").DownloadContentAsync()).Value.Content.ToArray());
        Assert.Equal("a b/c%20d+e", (await container.GetBlobClient("a b/c%20d+e").DownloadContentAsync()).Value.Content.ToString());
    }

    [Fact]
    public async Task Call_WithASignatureInItsAddress_IsRecordedWithoutIt()
    {
        BlobClient blob = (await ContainerAsync()).GetBlobClient("signed");
        await blob.UploadAsync(new BinaryData("text"));
        var signed = new BlobClient(blob.GenerateSasUri(BlobSasPermissions.Read, DateTimeOffset.UtcNow.AddHours(1)));

        Assert.Equal("text", (await signed.DownloadContentAsync()).Value.Content.ToString());

        StorageCall call = _account.App.Calls[^1];
        Assert.Equal(("GET", "box/signed", string.Empty, 200), (call.Method, call.Path, call.Uri.Query, call.Status));
    }

    [Fact]
    public async Task Pages_OfATable_AreCallsOfTheirOwn()
    {
        TableClient table = await TableAsync();
        await table.SubmitTransactionAsync(
            Enumerable.Range(0, 25).Select(i => new TableTransactionAction(TableTransactionActionType.Add, Row($"{i}"))));
        _account.App.Clear();

        int rows = 0;
        await foreach (TableEntity _ in table.QueryAsync<TableEntity>(r => r.PartitionKey == "it's", maxPerPage: 10))
        {
            rows++;
        }

        Assert.Equal(25, rows);
        Assert.Equal(["GET rows()", "GET rows()", "GET rows()"], _account.App.Calls.Select(c => $"{c.Method} {c.Path}"));
    }

    [Fact]
    public async Task Transaction_IsOneCall_ConditionalByAnyOfItsActions()
    {
        TableClient table = await TableAsync();
        ETag tag = (await table.AddEntityAsync(Row("0"))).Headers.ETag!.Value;
        _account.App.Clear();

        await table.SubmitTransactionAsync(
            [new(TableTransactionActionType.Add, Row("1")), new(TableTransactionActionType.UpsertReplace, Row("2"))]);
        await table.SubmitTransactionAsync(
            [new(TableTransactionActionType.Add, Row("3")), new(TableTransactionActionType.UpdateReplace, Row("0"), tag)]);
        await table.SubmitTransactionAsync([new(TableTransactionActionType.Delete, Row("1"), ETag.All)]);

        Assert.Equal([false, true, false], _account.App.Calls.Select(c => c.IsConditional));
        Assert.All(
            _account.App.Calls, c => Assert.Equal((StorageService.Table, "POST", "$batch", 202), (c.Service, c.Method, c.Path, c.Status)));
    }

    [Fact]
    public async Task Update_OfOneVersion_IsConditional()
    {
        TableClient table = await TableAsync();
        ETag tag = (await table.AddEntityAsync(Row("0"))).Headers.ETag!.Value;
        _account.App.Clear();

        await table.UpdateEntityAsync(Row("0"), ETag.All);
        await Assert.ThrowsAsync<RequestFailedException>(() => table.UpdateEntityAsync(Row("0"), tag));

        Assert.Equal([(false, 204), (true, 412)], _account.App.Calls.Select(c => (c.IsConditional, c.Status!.Value)));
    }

    [Fact]
    public async Task Messages_OfAQueue_GoThrough()
    {
        var queue = new QueueClient(_account.ConnectionString, "letters");
        await queue.CreateAsync();

        await queue.SendMessageAsync("hello");

        Assert.Equal("hello", (await queue.ReceiveMessageAsync()).Value.Body.ToString());
        Assert.Equal(
            ["PUT letters", "POST letters/messages", "GET letters/messages"], _account.App.Calls.Select(c => $"{c.Method} {c.Path}"));
    }

    [Theory]
    [InlineData(503, "ServerBusy")]
    [InlineData(500, "OperationTimedOut")]
    [InlineData(412, "ConditionNotMet")]
    [InlineData(409, "EntityAlreadyExists")]
    public async Task Fault_WithAStatus_IsTheServicesErrorToEachClient(int status, string code)
    {
        TableClient table = await TableAsync();
        BlobContainerClient container = await ContainerAsync();
        var queue = new QueueClient(_account.ConnectionString, "letters", Once(new QueueClientOptions()));
        await queue.CreateAsync();
        _account.App.Fail(_ => true, new StorageFault(status, code), times: 5);

        Func<Task>[] calls =
        [
            () => table.AddEntityAsync(Row("0")),
            () => table.SubmitTransactionAsync([new(TableTransactionActionType.Add, Row("0"))]),
            () => container.GetBlobClient("b").UploadAsync(new BinaryData("text")),
            () => container.GetBlobClient("b").GetPropertiesAsync(),
            () => queue.SendMessageAsync("hello"),
        ];
        foreach (Func<Task> call in calls)
        {
            var failed = await Assert.ThrowsAnyAsync<RequestFailedException>(call);
            Assert.Equal((status, code), (failed.Status, failed.ErrorCode));
        }

        Assert.Empty(table.Query<TableEntity>());
        Assert.False(await container.GetBlobClient("b").ExistsAsync());
    }

    [Fact]
    public async Task Fault_OnSomeTries_IsOvercomeByTheClientsRetries()
    {
        await TableAsync();
        var options = new TableClientOptions();
        options.Retry.Delay = TimeSpan.FromMilliseconds(1);
        var table = new TableClient(_account.ConnectionString, "rows", options);
        _account.App.Clear();
        _account.App.Fail(c => c.Method == "POST", StorageFault.Busy);
        _account.App.Fail(c => c.Method == "POST", StorageFault.NoAnswer);

        await table.AddEntityAsync(Row("0"));

        Assert.Equal([(503, true), (null, true), (204, false)], _account.App.Calls.Select(c => (c.Status, c.IsFaulted)));
        Assert.Equal([1, 2, 3], _account.App.Calls.Select(c => c.Number - _account.App.Calls[0].Number + 1));
    }

    [Fact]
    public async Task Answer_LostAfterTheCallTookEffect_LeavesTheEffect()
    {
        TableClient table = await TableAsync();
        foreach (StorageFault fault in (StorageFault[])[StorageFault.NoAnswer, StorageFault.InternalError])
        {
            _account.App.Fail(c => c.Method == "POST", fault with { IsApplied = true });

            var failed = await Assert.ThrowsAnyAsync<RequestFailedException>(() => table.AddEntityAsync(Row(fault.Code)));

            Assert.Equal(fault.Status ?? 0, failed.Status);
            Assert.True((await table.GetEntityIfExistsAsync<TableEntity>("it's", fault.Code)).HasValue);
        }
    }

    /// <summary>.NET's HTTP client would send a GET again by itself when a connection that was used before ends without a word.</summary>
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task NoAnswer_ToAnyKindOfCall_EndsThatTryAlone(bool applied)
    {
        TableClient table = await TableAsync();
        BlobContainerClient container = await ContainerAsync();
        Func<Task>[] calls =
        [
            () => table.GetEntityIfExistsAsync<TableEntity>("p", "r"),
            () => table.AddEntityAsync(Row("0")),
            () => table.DeleteEntityAsync("p", "r"),
            () => container.GetBlobClient("b").ExistsAsync(),
            () => container.GetBlobClient("b").DownloadContentAsync(),
            () => container.GetBlobClient("b").UploadAsync(new BinaryData(new byte[500_000])),
        ];
        _account.App.Clear();
        _account.App.Fail(_ => true, StorageFault.NoAnswer with { IsApplied = applied }, times: 100);

        foreach (Func<Task> call in calls)
        {
            Assert.Equal(0, (await Assert.ThrowsAnyAsync<RequestFailedException>(call)).Status);
        }

        Assert.Equal(calls.Length, _account.App.Count());
    }

    [Fact]
    public async Task Call_ThatIsHeld_GoesThroughWhenItIsLetGo()
    {
        TableClient table = await TableAsync();
        var reached = new TaskCompletionSource<StorageCall>();
        var letGo = new TaskCompletionSource();
        _account.App.Fail(c => c.Method == "POST", StorageFault.After(call =>
        {
            reached.SetResult(call);
            return letGo.Task;
        }));

        Task adding = table.AddEntityAsync(Row("0"));
        StorageCall held = await reached.Task.WaitAsync(TimeSpan.FromMinutes(2));
        Assert.False((await table.GetEntityIfExistsAsync<TableEntity>("it's", "0")).HasValue);
        Assert.Null(held.Status);
        letGo.SetResult();
        await adding;

        Assert.True((await table.GetEntityIfExistsAsync<TableEntity>("it's", "0")).HasValue);
        Assert.Equal((204, true), (held.Status, held.IsFaulted));
    }

    [Fact]
    public async Task Rules_SkipCountAndHeal()
    {
        TableClient table = await TableAsync();
        _account.App.Fail(c => c.Method == "POST", StorageFault.Busy, times: 2, skip: 1);

        await table.AddEntityAsync(Row("0"));
        await Assert.ThrowsAsync<RequestFailedException>(() => table.AddEntityAsync(Row("1")));
        _account.App.Heal();
        await table.AddEntityAsync(Row("1"));
    }

    [Fact]
    public async Task Clients_AndAccounts_AreToldApart()
    {
        TableClient app = await TableAsync();
        using StorageAccount other = await StorageAccount.OpenAsync();
        var host = new TableClient(_account.Host.ConnectionString, "rows");
        int before = _account.App.Count();
        _account.App.Fail(_ => true, StorageFault.Busy, times: 100);

        await host.AddEntityAsync(Row("0"));
        await new TableClient(other.ConnectionString, "rows").CreateAsync();
        _account.App.Heal();

        Assert.Equal((before, 1, 0, 1), (_account.App.Count(), _account.Host.Count(), _account.Engine.Count(), other.App.Count()));
        Assert.True((await app.GetEntityIfExistsAsync<TableEntity>("it's", "0")).HasValue);
        Assert.Empty(new TableClient(other.ConnectionString, "rows").Query<TableEntity>());
    }

    private static TableEntity Row(string key) => new("it's", key) { ["Text"] = "ä" };

    private static TOptions Once<TOptions>(TOptions options)
        where TOptions : ClientOptions
    {
        options.Retry.MaxRetries = 0;
        return options;
    }

    private async Task<TableClient> TableAsync()
    {
        var table = new TableClient(_account.ConnectionString, "rows", Once(new TableClientOptions()));
        await table.CreateAsync();
        return table;
    }

    private async Task<BlobContainerClient> ContainerAsync()
    {
        var container = new BlobContainerClient(_account.ConnectionString, "box", Once(new BlobClientOptions()));
        await container.CreateAsync();
        return container;
    }
}
