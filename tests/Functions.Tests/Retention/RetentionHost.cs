using System.Net;
using System.Net.Http.Headers;
using Azure.Data.Tables;
using Azure.Storage.Blobs;
using Chard.Control;
using Chard.Domain.Payloads;
using Chard.Functions.Tests.Api;
using Chard.Platform;
using Chard.Running;
using Chard.Testing;
using Microsoft.DurableTask.Client;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace Chard.Functions.Tests.Retention;

/// <summary>
/// The whole app on an account of its own, with payloads in blobs, a clock that can be put on, and no sweep but those that a test runs.
/// </summary>
public sealed class RetentionHost : IAsyncLifetime
{
    private readonly ShiftedTime _time = new();

    public RetentionHost() => Api = new() { Configure = Configure };

    public ApiHost Api { get; }

    public DateTimeOffset Now => _time.GetUtcNow();

    public string Account => Api.App.StorageConnectionString!;

    private static CancellationToken None => CancellationToken.None;

    public Task InitializeAsync() => Api.InitializeAsync();

    public Task DisposeAsync() => Api.DisposeAsync();

    public void Advance(TimeSpan by) => _time.Advance(by);

    /// <summary>A sweep as a process has it that has just been started.</summary>
    internal T Fresh<T>() => ActivatorUtilities.CreateInstance<T>(Api.App.Services);

    /// <summary>Runs retention until a round is over.</summary>
    public async Task SweepAsync()
    {
        RetentionSweep sweep = Fresh<RetentionSweep>();
        int before;
        do
        {
            before = Api.App.Storage.Count();
            await sweep.RunAsync(Api.Durable, None);
        }
        while (Api.App.Storage.Count() > before);
    }

    /// <summary>Starts any document.</summary>
    public async Task<string> StartAsync(string document)
    {
        Answer answer = await Api.PostAsync("/api/workflows", document);
        Assert.True(answer.Status == HttpStatusCode.Accepted, answer.Body);
        return answer.Text("id");
    }

    /// <summary>Sends a file to be imported.</summary>
    public async Task<string> ImportAsync(string id, string owner)
    {
        using var csv = new ByteArrayContent("id,name\n1,Ada\nx,y,z\n"u8.ToArray());
        csv.Headers.ContentType = new MediaTypeHeaderValue("text/csv");
        using HttpResponseMessage upload = await Api.Http.PostAsync(
            new Uri($"/api/imports?table=kept&id={id}&owner={owner}", UriKind.Relative), csv);
        Assert.Equal(HttpStatusCode.Accepted, upload.StatusCode);
        return id;
    }

    /// <summary>Ends a workflow's instance for good: what the engine does a moment after the row says so.</summary>
    public async Task<Answer> EndedAsync(string id, string status)
    {
        Answer answer = await Api.UntilAsync(id, status);
        using var patience = new CancellationTokenSource(TimeSpan.FromMinutes(1));
        await Api.Durable.WaitForInstanceCompletionAsync(id, patience.Token);
        return answer;
    }

    /// <summary>
    /// Everything that is stored anywhere: rows as <c>table/partition/row</c>, blobs as <c>container/name</c>, instances as
    /// <c>engine/id</c>; without what belongs to no workflow.
    /// </summary>
    public async Task<IReadOnlyList<string>> EverythingAsync()
    {
        var found = new List<string>();
        var tables = new TableServiceClient(Account);
        foreach (string table in new[] { "ChardWorkflows", "ChardDeadLetters" })
        {
            await foreach (TableEntity row in tables.GetTableClient(table).QueryAsync<TableEntity>(select: ["PartitionKey", "RowKey"]))
            {
                if (row.PartitionKey is not (WorkBeacon.Partition or SweepPlaces.Partition))
                {
                    found.Add($"{table}/{row.PartitionKey}/{row.RowKey}");
                }
            }
        }

        var blobs = new BlobServiceClient(Account);
        foreach (string container in new[] { "chard-payloads", "chard-imports" })
        {
            await foreach (Azure.Storage.Blobs.Models.BlobItem blob in blobs.GetBlobContainerClient(container).GetBlobsAsync())
            {
                found.Add($"{container}/{blob.Name}");
            }
        }

        await foreach (OrchestrationMetadata instance in Api.Durable.GetAllInstancesAsync(new OrchestrationQuery()))
        {
            found.Add($"engine/{instance.InstanceId}");
        }

        return found;
    }

    /// <summary>What is stored of one workflow.</summary>
    public async Task<string[]> OfAsync(string id) =>
        [.. (await EverythingAsync()).Where(thing => thing.Contains(id, StringComparison.Ordinal))];

    private void Configure(FunctionsTestHostOptions options)
    {
        options.FunctionTypes = [.. options.FunctionTypes!.Except([typeof(RunClock)])];
        options.ConfigureServices(services =>
        {
            services.Replace(ServiceDescriptor.Singleton<IPayloadStore, BlobPayloadStore>());
            services.Replace(ServiceDescriptor.Singleton<TimeProvider>(_time));
        });
    }
}
