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
using Chard.Platform;
using Chard.Running;
using Chard.Status;
using Microsoft.DurableTask.Client;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;

namespace Chard.Functions.Tests.Payloads;

[Collection(AzuriteStorageTests.Name)]
public sealed class PurgePayloadsTests(AzuriteStorage azurite) : IAsyncLifetime
{
    private readonly BlobServiceClient _blobs = new(azurite.ConnectionString);
    private readonly InMemoryWorkflowStatusStore _workflows = new(TimeProvider.System);
    private readonly DurableTaskClient _engine = new EngineMock().Client;
    private readonly InMemoryDeadLetterStore _letters = new(TimeProvider.System);
    private readonly string _mark = Guid.NewGuid().ToString("N")[..8];

    public async Task InitializeAsync()
    {
        await azurite.Tables.CreateTableIfNotExistsAsync(AzuriteStorage.Names.WorkflowTable);
        await _blobs.GetBlobContainerClient(AzuriteStorage.Names.PayloadContainer).CreateIfNotExistsAsync();
    }

    public Task DisposeAsync() => Task.CompletedTask;

    [Fact]
    public async Task Run_OldPayloads_GoOnlyWithTheirOwner()
    {
        PayloadReference running = await WriteAsync($"running-{_mark}");
        PayloadReference finished = await WriteAsync($"finished-{_mark}");
        PayloadReference orphan = await WriteAsync($"orphan-{_mark}");
        PayloadReference message = await WriteAsync(DeadLetterId.OfMessage(_mark));
        await AddAsync(running, WorkflowStatus.Running);
        await AddAsync(finished, WorkflowStatus.Completed);
        await _letters.AddAsync(
            new DeadLetter { Id = DeadLetterId.OfMessage(_mark), Class = "c", Message = "m", CreatedAt = DateTimeOffset.UtcNow }, default);

        await RoundAsync(inDays: 8);

        Assert.True(await ExistsAsync(running) && await ExistsAsync(finished) && await ExistsAsync(message));
        Assert.False(await ExistsAsync(orphan));
    }

    [Fact]
    public async Task Run_YoungPayloads_Stay()
    {
        // A start that has stored its arguments and has not written its row yet.
        PayloadReference young = await WriteAsync($"young-{_mark}");

        await RoundAsync(inDays: 6);

        Assert.True(await ExistsAsync(young));
    }

    [Fact]
    public async Task Run_WrittenAnewMeanwhile_Stays()
    {
        // Between the look and the deletion a workflow of the same id comes and writes the payload again.
        PayloadReference anew = await WriteAsync($"anew-{_mark}");
        var options = new BlobClientOptions();
        options.AddPolicy(new BeforeDeletion(() => WriteAsync($"anew-{_mark}")), HttpPipelinePosition.PerCall);

        await RoundAsync(inDays: 8, new BlobServiceClient(azurite.ConnectionString, options));

        Assert.True(await ExistsAsync(anew));
    }

    [Fact]
    public async Task Run_ManyOwners_GoesOnWhereItWasAfterARestartAndThenRestsForADay()
    {
        PayloadReference[] orphans = await Task.WhenAll(
            Enumerable.Range(0, PurgePayloads.MaxPerRun + 20).Select(i => WriteAsync($"many-{_mark}-{i}")));
        var time = new FakeTimeProvider(DateTimeOffset.UtcNow.AddDays(8));

        await Places().SaveAsync(nameof(PurgePayloads), new(null, null), default);

        // Each by a process of its own.
        int runs = 0;
        do
        {
            await Purge(time).RunAsync(_engine, default);
            runs++;
        }
        while ((await Places().FindAsync(nameof(PurgePayloads), default)).NotBefore is null);

        Assert.InRange(runs, 2, 20);
        Assert.Empty(await LeftAsync(orphans));
        PayloadReference late = await WriteAsync($"late-{_mark}");
        await Purge(time).RunAsync(_engine, default);
        Assert.True(await ExistsAsync(late));
        time.Advance(PurgePayloads.Pause);
        await RoundAsync(time);
        Assert.False(await ExistsAsync(late));
    }

    [Theory]
    [InlineData("0")]
    [InlineData("soon")]
    public void Settings_WrongAge_SaysWhatItMayBe(string age)
    {
        IConfiguration settings = new ConfigurationBuilder()
            .AddInMemoryCollection([new(RetentionSettings.PayloadsSetting, age)]).Build();

        var refused = Assert.Throws<InvalidOperationException>(() => RetentionSettings.In(settings));

        Assert.Equal($"Chard:Payloads:PurgeAfterDays is '{age}'; it must be a number of days, 1 to 3650.", refused.Message);
    }

    private Task RoundAsync(double inDays, BlobServiceClient? blobs = null) =>
        RoundAsync(new FakeTimeProvider(DateTimeOffset.UtcNow.AddDays(inDays)), blobs);

    /// <summary>A whole round.</summary>
    private async Task RoundAsync(FakeTimeProvider time, BlobServiceClient? blobs = null)
    {
        await Places().SaveAsync(nameof(PurgePayloads), new(null, null), default);
        PurgePayloads purge = Purge(time, blobs);
        do
        {
            await purge.RunAsync(_engine, default);
        }
        while ((await Places().FindAsync(nameof(PurgePayloads), default)).NotBefore is null);
    }

    private PurgePayloads Purge(FakeTimeProvider time, BlobServiceClient? blobs = null) => new(
        new OldPayloads(blobs ?? _blobs, AzuriteStorage.Names),
        new WorkflowStates(
            _workflows, new StartInputs(new InMemoryPayloadStore()), new InMemoryPayloadStore(), time, NullLogger<WorkflowStates>.Instance),
        _letters, Places(), RetentionSettings.In(new ConfigurationBuilder().Build()), time, NullLogger<PurgePayloads>.Instance);

    private SweepPlaces Places() => new(azurite.Tables, AzuriteStorage.Names);

    private async Task<PayloadReference[]> LeftAsync(PayloadReference[] payloads)
    {
        bool[] there = await Task.WhenAll(payloads.Select(ExistsAsync));
        return [.. payloads.Where((_, i) => there[i])];
    }

    private Task<bool> AddAsync(PayloadReference payload, WorkflowStatus status) => _workflows.TryAddAsync(
        new() { Id = payload.Blob.Split('/')[0], Workflow = "W", Status = status, CreatedAt = DateTimeOffset.UtcNow },
        new("hash", "W", DateTimeOffset.UtcNow), default);

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
