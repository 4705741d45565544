using Azure.Core;
using Azure.Core.Pipeline;
using Azure.Storage.Blobs;
using Chard.Control;
using Chard.Domain.DeadLetters;
using Chard.Domain.Payloads;
using Chard.Domain.Workflows;
using Chard.Functions.Tests.InMemory;
using Chard.Functions.Tests.Storage;
using Chard.Functions.Tests.Support;
using Chard.Running;
using Chard.Status;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;
using Moq;

namespace Chard.Functions.Tests.Payloads;

[Collection(AzuriteStorageTests.Name)]
public sealed class PurgePayloadsTests(AzuriteStorage azurite) : IAsyncLifetime
{
    private readonly BlobServiceClient _blobs = new(azurite.ConnectionString);
    private readonly Mock<IWorkflowStatusStore> _workflows = new();
    private readonly InMemoryDeadLetterStore _letters = new(TimeProvider.System);
    private readonly string _mark = Guid.NewGuid().ToString("N")[..8];

    public Task InitializeAsync() => _blobs.GetBlobContainerClient(AzuriteStorage.Names.PayloadContainer).CreateIfNotExistsAsync();

    public Task DisposeAsync() => Task.CompletedTask;

    [Fact]
    public async Task PurgeAsync_OldPayloads_GoOnlyWithTheirOwner()
    {
        PayloadReference running = await WriteAsync($"running-{_mark}");
        PayloadReference finished = await WriteAsync($"finished-{_mark}");
        PayloadReference orphan = await WriteAsync($"orphan-{_mark}");
        PayloadReference message = await WriteAsync(DeadLetterId.OfMessage(_mark));
        Known(running, WorkflowStatus.Running);
        Known(finished, WorkflowStatus.Completed);
        await _letters.AddAsync(
            new DeadLetter { Id = DeadLetterId.OfMessage(_mark), Class = "c", Message = "m", CreatedAt = DateTimeOffset.UtcNow }, default);

        Assert.True(await Purge(inDays: 8).PurgeAsync(default) >= 1);

        Assert.True(await ExistsAsync(running) && await ExistsAsync(finished) && await ExistsAsync(message));
        Assert.False(await ExistsAsync(orphan));
    }

    [Fact]
    public async Task PurgeAsync_YoungPayloads_Stay()
    {
        // A start that has stored its arguments and has not written its row yet.
        PayloadReference young = await WriteAsync($"young-{_mark}");

        await Purge(inDays: 6).PurgeAsync(default);

        Assert.True(await ExistsAsync(young));
    }

    [Fact]
    public async Task PurgeAsync_WrittenAnewMeanwhile_Stays()
    {
        // Between the look and the deletion a workflow of the same id comes and writes the payload again.
        PayloadReference anew = await WriteAsync($"anew-{_mark}");
        var options = new BlobClientOptions();
        options.AddPolicy(new BeforeDeletion(() => WriteAsync($"anew-{_mark}")), HttpPipelinePosition.PerCall);

        await Purge(inDays: 8, blobs: new BlobServiceClient(azurite.ConnectionString, options)).PurgeAsync(default);

        Assert.True(await ExistsAsync(anew));
    }

    [Theory]
    [InlineData("0")]
    [InlineData("soon")]
    public async Task PurgeAsync_WrongAge_SaysWhatItMayBe(string age)
    {
        var refused = await Assert.ThrowsAsync<InvalidOperationException>(() => Purge(1, age).PurgeAsync(default));

        Assert.Equal($"Chard:Payloads:PurgeAfterDays is '{age}'; it must be a number of days, 1 to 3650.", refused.Message);
    }

    private PurgePayloads Purge(double inDays, string? age = null, BlobServiceClient? blobs = null) => new(
        blobs ?? _blobs, AzuriteStorage.Names, _workflows.Object, _letters,
        new ConfigurationBuilder().AddInMemoryCollection([new(PurgePayloads.AgeSetting, age)]).Build(),
        new FakeTimeProvider(DateTimeOffset.UtcNow.AddDays(inDays)), NullLogger<PurgePayloads>.Instance);

    private void Known(PayloadReference payload, WorkflowStatus status)
    {
        string id = payload.Blob.Split('/')[0];
        _workflows.Setup(w => w.GetAsync(id, It.IsAny<CancellationToken>()))
            .ReturnsAsync(new WorkflowState { Id = id, Workflow = "W", Status = status, CreatedAt = DateTimeOffset.UtcNow });
    }

    private Task<PayloadReference> WriteAsync(string owner) =>
        new BlobPayloadStore(_blobs, AzuriteStorage.Names, TestMetrics.New()).WriteAsync(
            owner, "results/0", async (stream, token) => await stream.WriteAsync("x"u8.ToArray(), token), default);

    private async Task<bool> ExistsAsync(PayloadReference payload) =>
        await _blobs.GetBlobContainerClient(AzuriteStorage.Names.PayloadContainer).GetBlobClient(payload.Blob).ExistsAsync();

    private sealed class BeforeDeletion(Func<Task> act) : HttpPipelinePolicy
    {
        public override void Process(HttpMessage message, ReadOnlyMemory<HttpPipelinePolicy> pipeline) => ProcessNext(message, pipeline);

        public override async ValueTask ProcessAsync(HttpMessage message, ReadOnlyMemory<HttpPipelinePolicy> pipeline)
        {
            if (message.Request.Method == RequestMethod.Delete)
            {
                await act();
            }

            await ProcessNextAsync(message, pipeline);
        }
    }
}
