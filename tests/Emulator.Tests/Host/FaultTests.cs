using System.Net;
using Azure.Core.Pipeline;
using Azure.Data.Tables;
using Azure.Storage.Blobs;
using Chard.Emulator.Testing;
using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;
using Microsoft.DurableTask;
using Microsoft.DurableTask.Client;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;

namespace Chard.Emulator.Tests.Host;

public sealed class FaultTests
{
    [Fact]
    public async Task StorageCalls_OfTheApp_AreCountedByServiceAndPath()
    {
        await using var host = await StartAsync("counted");

        using var response = await host.Http.GetAsync("/api/Save");

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Equal(1, host.Storage.Count(call => call is { Service: StorageService.Blob, Method: "PUT", Path: "counted/text" }));
        Assert.Equal(1, host.Storage.Count(call => call is { Service: StorageService.Table, Method: "POST", Path: "counted" }));
        Assert.All(host.Storage.Calls, call => Assert.InRange(call.Status!.Value, 200, 204));
    }

    [Fact]
    public async Task Fault_OnOneCall_IsRetriedByTheClient()
    {
        await using var host = await StartAsync("retried");
        host.Storage.Fail(call => call.Service == StorageService.Blob, StorageFault.Busy);
        host.Storage.Fail(call => call.Service == StorageService.Table, StorageFault.NoAnswer);

        using var response = await host.Http.GetAsync("/api/Save");

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Equal([503, 201], host.Storage.Calls.Where(call => call.Service == StorageService.Blob).Select(call => call.Status));
        Assert.Equal(2, host.Storage.Count(call => call.Service == StorageService.Table));
    }

    [Fact]
    public async Task Fault_ThatIsApplied_TakesEffectAndLosesTheAnswer()
    {
        await using var host = await StartAsync("applied");
        host.Storage.Fail(call => call.Service == StorageService.Table, StorageFault.InternalError with { IsApplied = true });

        using var response = await host.Http.GetAsync("/api/Save");

        // The client tries again and finds that its first try had added the entity.
        Assert.Equal("EntityAlreadyExists", await response.Content.ReadAsStringAsync());
    }

    [Fact]
    public async Task Fault_WithACode_ReachesTheAppAsTheServicesError()
    {
        await using var host = await StartAsync("coded");
        host.Storage.Fail(call => call.Service == StorageService.Table, StorageFault.ConditionNotMet);

        using var response = await host.Http.GetAsync("/api/Save");

        Assert.Equal("ConditionNotMet", await response.Content.ReadAsStringAsync());
    }

    [Fact]
    public async Task EngineCrash_AtEachCommit_ConvergesAfterRestart()
    {
        for (var commit = 1; commit <= 4; commit++)
        {
            await using var host = await HostApp.StartAsync([typeof(Flow)]);
            host.Faults.CrashAfterCommit(commit);
            try
            {
                await host.Durable.ScheduleNewOrchestrationInstanceAsync("Steps", new StartOrchestrationOptions("s"));
            }
            catch (Chard.Emulator.DurableTask.DurableEngineCrashedException)
            {
                // The start was committed and nobody was told.
            }

            await host.Faults.Crashed.WaitAsync(TimeSpan.FromSeconds(20));
            await host.CrashAndRestartAsync();

            var done = await host.Durable.WaitForInstanceCompletionAsync("s", true).WaitAsync(TimeSpan.FromSeconds(20));
            Assert.Equal("1 2", done.ReadOutputAs<string>());
        }
    }

    [Fact]
    public async Task Dispose_Twice_IsTheSameAsOnce()
    {
        var host = await HostApp.StartAsync([typeof(Flow)]);
        await host.DisposeAsync();

        await host.DisposeAsync();

        Assert.Throws<InvalidOperationException>(() => host.Http);
    }

    [Fact]
    public async Task EntryPoint_ThatThrowsOrBuildsNothing_IsTheFailureOfTheStart()
    {
        var assembly = typeof(FaultTests).Assembly;

        var thrown = await Assert.ThrowsAsync<TimeZoneNotFoundException>(
            () => FunctionsTestHost.StartAsync(_ => throw new TimeZoneNotFoundException("by the app"), assembly, o => o.UseStorage = false));
        var nothing = await Assert.ThrowsAsync<InvalidOperationException>(
            () => FunctionsTestHost.StartAsync(_ => Task.CompletedTask, assembly, o => o.UseStorage = false));

        Assert.Equal("by the app", thrown.Message);
        Assert.Contains("entry point ended", nothing.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Hosts_SeveralAtOnce_KnowNothingOfEachOther()
    {
        await using var one = await HostApp.StartAsync([typeof(Flow)], o => o.Settings["WHO"] = "one");
        await using var two = await HostApp.StartAsync([typeof(Flow)], o => o.Settings["WHO"] = "two");

        await one.Durable.ScheduleNewOrchestrationInstanceAsync("Steps", new StartOrchestrationOptions("same"));

        Assert.Equal("one", await one.Http.GetStringAsync("/api/Who"));
        Assert.Equal("two", await two.Http.GetStringAsync("/api/Who"));
        Assert.Null(await two.Durable.GetInstanceAsync("same"));
    }

    [Fact]
    public async Task ForcedReplay_OfEveryTurn_FindsCodeThatIsNotDeterministic()
    {
        await using var host = await HostApp.StartAsync([typeof(Flow)], o => o.ForceReplay = true);

        var id = await host.Durable.ScheduleNewOrchestrationInstanceAsync("Fickle");
        var done = await host.Durable.WaitForInstanceCompletionAsync(id, true).WaitAsync(TimeSpan.FromSeconds(20));

        Assert.Equal(OrchestrationRuntimeStatus.Failed, done.RuntimeStatus);
        Assert.Contains("NonDeterministic", done.FailureDetails!.ErrorType, StringComparison.Ordinal);
    }

    private static Task<FunctionsTestHost> StartAsync(string name) => HostApp.StartAsync(
        [typeof(Saving)],
        o => o.Settings["NAME"] = name,
        b => b.Services.AddSingleton<Clients>(),
        storage: true);

    /// <summary>Storage clients as an app makes them: a transport from its services is used where there is one.</summary>
    public sealed class Clients
    {
        public Clients(IConfiguration configuration, IServiceProvider services)
        {
            var blobs = new BlobClientOptions { Retry = { Delay = TimeSpan.FromMilliseconds(1) } };
            var tables = new TableClientOptions { Retry = { Delay = TimeSpan.FromMilliseconds(1) } };
            if (services.GetService<HttpPipelineTransport>() is { } transport)
            {
                blobs.Transport = transport;
                tables.Transport = transport;
            }

            Name = configuration["NAME"]!;
            Blobs = new BlobContainerClient(configuration["AzureWebJobsStorage"], Name, blobs);
            Table = new TableClient(configuration["AzureWebJobsStorage"], Name, tables);
        }

        public string Name { get; }

        public BlobContainerClient Blobs { get; }

        public TableClient Table { get; }
    }

    public sealed class Saving(Clients clients, IConfiguration configuration)
    {
        [Function("Save")]
        public async Task<IResult> Save([HttpTrigger("get")] HttpRequest request)
        {
            // Made by clients of their own, so that the counts are those of the calls below.
            await new BlobContainerClient(configuration["AzureWebJobsStorage"], clients.Name).CreateIfNotExistsAsync();
            await new TableClient(configuration["AzureWebJobsStorage"], clients.Name).CreateIfNotExistsAsync();
            try
            {
                await clients.Blobs.GetBlobClient("text").UploadAsync(new BinaryData("text"), overwrite: true);
                await clients.Table.AddEntityAsync(new TableEntity("p", "r"));
                return TypedResults.Ok();
            }
            catch (Azure.RequestFailedException error)
            {
                return TypedResults.Text(error.ErrorCode ?? error.Message);
            }
        }
    }

    public sealed class Flow(IConfiguration configuration)
    {
        private static int turns;

        [Function("Who")]
        public IResult Who([HttpTrigger("get")] HttpRequest request) => TypedResults.Text(configuration["WHO"]);

        [Function("Steps")]
        public static async Task<string> Steps([OrchestrationTrigger] TaskOrchestrationContext context)
        {
            var first = await context.CallActivityAsync<string>("Step", "1");
            return $"{first} {await context.CallActivityAsync<string>("Step", "2")}";
        }

        [Function("Step")]
        public static string Step([ActivityTrigger] string step) => step;

        [Function("Fickle")]
        public static async Task Fickle([OrchestrationTrigger] TaskOrchestrationContext context)
        {
            if (Interlocked.Increment(ref turns) % 2 == 1)
            {
                await context.CallActivityAsync("Step", "1");
            }
            else
            {
                await context.CreateTimer(TimeSpan.FromMilliseconds(1), CancellationToken.None);
            }
        }
    }
}
