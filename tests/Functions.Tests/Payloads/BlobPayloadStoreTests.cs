using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Azure.Storage.Blobs;
using Azure.Storage.Blobs.Models;
using Chard.Domain.Failures;
using Chard.Domain.Payloads;
using Chard.Domain.Tasks;
using Chard.Functions.Tests.Storage;
using Chard.Functions.Tests.Support;
using Chard.Functions.TryOut;
using Chard.Running;

namespace Chard.Functions.Tests.Payloads;

[Collection(AzuriteStorageTests.Name)]
public sealed class BlobPayloadStoreTests(AzuriteStorage azurite) : IAsyncLifetime
{
    private readonly BlobServiceClient _blobs = new(azurite.ConnectionString);
    private readonly string _workflow = "wf-" + Guid.NewGuid().ToString("N")[..12];

    private BlobPayloadStore Store => new(_blobs, AzuriteStorage.Names, TestMetrics.New());

    private BlobContainerClient Container => _blobs.GetBlobContainerClient(AzuriteStorage.Names.PayloadContainer);

    public Task InitializeAsync() => Container.CreateIfNotExistsAsync();

    public Task DisposeAsync() => Task.CompletedTask;

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(100_000)]
    [InlineData(20_000_000)] // several blocks
    public async Task WriteAsync_AnySize_ComesBackWhole(int length)
    {
        byte[] data = RandomNumberGenerator.GetBytes(length);

        PayloadReference reference = await WriteAsync("results/0", data);

        Assert.Equal(
            ($"{_workflow}/results/0", Convert.ToHexStringLower(SHA256.HashData(data)), (long)length),
            (reference.Blob, reference.Sha256, reference.Bytes));
        Assert.Equal(data, await ReadAsync(reference));
    }

    [Fact]
    public async Task WriteAsync_TextThatRepeats_IsStoredSmall()
    {
        PayloadReference reference = await WriteAsync("a", Encoding.UTF8.GetBytes(new string('x', 1_000_000)));

        Assert.InRange((await Container.GetBlobClient(reference.Blob).GetPropertiesAsync()).Value.ContentLength, 1, 10_000);
    }

    [Fact]
    public async Task DeleteAsync_AFolder_LeavesWhatLiesBesideIt()
    {
        foreach (string name in (string[])["import/1/a", "import/1/deeper/b", "import/10/a", "import/1.txt", "results/import/1/a"])
        {
            await WriteAsync(name, [1]);
        }

        await Store.DeleteAsync(_workflow, "import/1", default);
        await Store.DeleteAsync(_workflow, "import/1", default);

        var left = new List<string>();
        await foreach (var blob in Container.GetBlobsAsync(BlobTraits.None, BlobStates.None, _workflow + "/", default))
        {
            left.Add(blob.Name[(_workflow.Length + 1)..]);
        }

        Assert.Equal(["import/1.txt", "import/10/a", "results/import/1/a"], left);
        await Assert.ThrowsAsync<ArgumentException>(() => Store.DeleteAsync(_workflow, "", default));
    }

    [Fact]
    public async Task WriteAsync_ThatFailsHalfWay_LeavesWhatWasThere()
    {
        PayloadReference first = await WriteAsync("a", [1, 2, 3]);

        await Assert.ThrowsAsync<IOException>(() => Store.WriteAsync(_workflow, "a", async (stream, token) =>
        {
            await stream.WriteAsync(RandomNumberGenerator.GetBytes(10_000_000), token);
            throw new IOException("the source broke");
        }, default));

        Assert.Equal([1, 2, 3], await ReadAsync(first));
    }

    [Fact]
    public async Task WriteAsync_TwoWritersOfOneName_NeverMix()
    {
        byte[][] data = [RandomNumberGenerator.GetBytes(9_000_000), RandomNumberGenerator.GetBytes(9_000_000)];

        PayloadReference?[] written = await Task.WhenAll(data.Select(async d =>
        {
            try
            {
                return await WriteAsync("same", d);
            }
            catch (Azure.RequestFailedException e) when (e.ErrorCode == "InvalidBlockList")
            {
                return null; // the other's commit dropped its blocks: it is told, and writes again
            }
        }));

        PayloadReference stored = written.OfType<PayloadReference>().Last();
        byte[] read = [];
        foreach (PayloadReference candidate in written.OfType<PayloadReference>())
        {
            try
            {
                read = await ReadAsync(candidate);
            }
            catch (PermanentTaskException e) when (e.Code == "payload-altered")
            {
                // The other one was last.
            }
        }

        Assert.NotNull(stored);
        Assert.Contains(data, d => d.AsSpan().SequenceEqual(read));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(9_000_000)] // in blocks
    public async Task FindAsync_Name_GivesTheReferenceOfItsLastWrite(int bytes)
    {
        await WriteAsync("found", [7]);
        PayloadReference last = await WriteAsync("found", RandomNumberGenerator.GetBytes(bytes));

        Assert.Equal(last, await Store.FindAsync(_workflow, "found", default));
        Assert.Null(await Store.FindAsync(_workflow, "nothing", default));
        Assert.Null(await Store.FindAsync("nobody", "found", default));
    }

    [Fact]
    public async Task OpenReadAsync_BlobThatIsGone_IsANamedPermanentFailure()
    {
        PayloadReference reference = await WriteAsync("a", [1]);
        await Container.DeleteBlobAsync(reference.Blob);

        var failure = await Assert.ThrowsAsync<PermanentTaskException>(() => Store.OpenReadAsync(reference, default));

        Assert.Equal("payload-missing", failure.Code);
        Assert.Contains(reference.Blob, failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task OpenReadAsync_ByATaskThatStreams_IsVerifiedAtItsEnd()
    {
        int[] numbers = [.. Enumerable.Range(1, 200_000)];
        PayloadReference reference = await WriteAsync("numbers", JsonSerializer.SerializeToUtf8Bytes(numbers));
        TaskDescriptor sum =
            TaskCatalogue.Create([typeof(Sum)], ["Sum"], new Dictionary<string, IReadOnlyList<KeyValuePair<string, string?>>>())["Sum"];
        var context = new TaskContext
        {
            WorkflowId = _workflow, Path = "0", Task = "Sum", Attempt = 1, IdempotencyKey = "key", Payloads = Store,
            Time = TimeProvider.System, ReportProgress = _ => { },
        };

        Assert.Equal("20000100000", Encoding.UTF8.GetString(await RunAsync()));

        (numbers[^1], numbers[^2]) = (numbers[^2], numbers[^1]);
        await WriteAsync("numbers", JsonSerializer.SerializeToUtf8Bytes(numbers));
        Assert.Equal("payload-altered", (await Assert.ThrowsAsync<PermanentTaskException>(RunAsync)).Code);

        Task<byte[]> RunAsync() => sum.Invoker.RunAsync(new Sum(), new(default, reference), context, default);
    }

    [Theory]
    [InlineData("other data")]
    [InlineData("garbage")]
    [InlineData("cut")]
    [InlineData("longer")]
    public async Task OpenReadAsync_BlobThatWasWrittenOver_IsANamedPermanentFailure(string how)
    {
        byte[] data = RandomNumberGenerator.GetBytes(50_000);
        PayloadReference reference = await WriteAsync("a", data);
        BlobClient blob = Container.GetBlobClient(reference.Blob);
        byte[] stored = (await blob.DownloadContentAsync()).Value.Content.ToArray();
        switch (how)
        {
            case "other data":
                await WriteAsync("a", RandomNumberGenerator.GetBytes(50_000));
                break;
            case "longer":
                await WriteAsync("a", [.. data, 1]);
                break;
            case "garbage":
                await blob.UploadAsync(BinaryData.FromBytes(RandomNumberGenerator.GetBytes(1000)), overwrite: true);
                break;
            default:
                await blob.UploadAsync(BinaryData.FromBytes(stored[..(stored.Length / 2)]), overwrite: true);
                break;
        }

        var failure = await Assert.ThrowsAsync<PermanentTaskException>(() => ReadAsync(reference));

        Assert.Equal("payload-altered", failure.Code);
    }

    [Theory]
    [InlineData("../other")]
    [InlineData("a/b")]
    [InlineData("")]
    public async Task WriteAsync_OwnerThatIsNoId_IsRefused(string owner) =>
        await Assert.ThrowsAsync<ArgumentException>(() => Store.WriteAsync(owner, "a", (_, _) => Task.CompletedTask, default));

    [Fact]
    public async Task CheckInAsync_BelowAndAboveTheLimit_TravelsOrIsStored()
    {
        var values = new TaskValueStore(Store);
        byte[] small = JsonSerializer.SerializeToUtf8Bytes(new string('x', TaskValue.MaxInlineBytes - 2));
        byte[] large = JsonSerializer.SerializeToUtf8Bytes(new string('x', TaskValue.MaxInlineBytes - 1));

        TaskValue inline = await values.CheckInAsync(_workflow, "results/1", small, default);
        TaskValue stored = await values.CheckInAsync(_workflow, "results/1", large, default);

        Assert.Null(inline.Reference);
        Assert.StartsWith($"{_workflow}/results/1.", stored.Reference!.Blob, StringComparison.Ordinal);
        Assert.Equal(large, (await values.CheckOutAsync(stored, default)).ToArray());
        Assert.Equal(small, (await values.CheckOutAsync(inline, default)).ToArray());
    }

    [Fact]
    public async Task CheckInAsync_OtherResultForTheSamePlace_WritesOverNothing()
    {
        // A run that lost its lease ends later with something else: the record's payload stays.
        var values = new TaskValueStore(Store);
        byte[] first = JsonSerializer.SerializeToUtf8Bytes(new string('x', 50_000));
        TaskValue recorded = await values.CheckInAsync(_workflow, "results/1", first, default);
        await values.CheckInAsync(_workflow, "results/1", JsonSerializer.SerializeToUtf8Bytes(new string('y', 50_000)), default);

        Assert.Equal(first, (await values.CheckOutAsync(recorded, default)).ToArray());
    }

    private Task<PayloadReference> WriteAsync(string name, byte[] data) =>
        Store.WriteAsync(_workflow, name, async (stream, token) => await stream.WriteAsync(data, token), default);

    private async Task<byte[]> ReadAsync(PayloadReference reference)
    {
        await using Stream stream = await Store.OpenReadAsync(reference, default);
        using var buffer = new MemoryStream();
        await stream.CopyToAsync(buffer);
        return buffer.ToArray();
    }
}
