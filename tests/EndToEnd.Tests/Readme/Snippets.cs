// The C# of README.md, docs/upgrading.md, docs/local-host.md and of the packages' pages, word by word. It compiles here, and SnippetTests
// (Functions.Tests) holds the pages to it.
using Chard.Calls;
using Chard.Canvases;
using Chard.Domain.Tasks;
using Chard.Domain.Workflows;
using Chard.DurableTask.Sqlite;
using Chard.Functions.Imports;
using Chard.Functions.Imports.Tasks;
using Chard.LocalHost.Azurite;
using Chard.Running;
using Chard.Testing;
using Microsoft.Azure.Functions.Worker;
using Microsoft.Azure.Functions.Worker.Builder;
using Microsoft.DurableTask;
using Microsoft.DurableTask.Abstractions;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Moq;

namespace Chard.EndToEnd.Tests.Readme.Snippets
{
    internal static class Gist
    {
        // It leaves out what becomes of a preparation that was skipped.
#pragma warning disable CS8602
        [Function(nameof(ImportCsv))]
        public static async Task<TaskValue?> ImportCsv(
            [OrchestrationTrigger] TaskOrchestrationContext context, WorkflowInput<ImportCsvInput> input)
        {
            var import = await context.ChainAsync<PreparedImport>(input.Args.File,
            // a chain: each task on the result of the one before
                nameof(InspectCsv), nameof(SplitCsv), nameof(PrepareImportTable));
            var counts = await context.MapAsync<ChunkCounts>(nameof(ImportChunk),
            // a map: the file's chunks side by side, four at once;
                import.Calls, new GroupOptions(MaxInFlight: 4, Report: context.ReportProgressAsync));
                // each is recorded, retried, dead-lettered
            return await context.CallTaskAsync<TaskValue>(nameof(SummarizeImport), import.Sum(counts));
            // then one task over all results: a chord
        }
#pragma warning restore CS8602
    }

    public interface IImages
    {
        Task<string> ResizeAsync(string id, int width, string key, CancellationToken cancellationToken);
    }

    public sealed record ResizeArgs(string ImageId, int Width);
    public sealed record Resized(string Url);

    [TaskPolicy(Attempts = 4, FirstDelaySeconds = 5, OnExhausted = OnExhausted.Park)]
    public sealed class ResizeImage(IImages images) : ITask<ResizeArgs, Resized>
    {
        public async Task<Resized> RunAsync(ResizeArgs args, TaskContext context, CancellationToken cancellationToken) =>
            new(await images.ResizeAsync(args.ImageId, args.Width, context.IdempotencyKey, cancellationToken));
    }

    internal sealed class Functions(TaskRunner runner)
    {
        [Function("ResizeImage")]
        public Task<TaskOutcome> ResizeImage([ActivityTrigger] TaskCall call, FunctionContext context) =>
            runner.RunAsync<ResizeImage>(call, context.CancellationToken);
    }

    // The app's own start, which is named so where nobody names it.
    internal sealed class Program;

    internal static class App
    {
        public static async Task MainAsync(string[] args)
        {
            FunctionsApplicationBuilder builder = FunctionsApplication.CreateBuilder(args);
            builder.ConfigureFunctionsWebApplication();
            builder.AddChard(chard => chard.AddTasksFrom<Program>());
            await builder.Build().RunAsync();
        }
    }

    internal static class Upgrade
    {
        public static async Task RunAsync(TaskOrchestrationContext context, string order)
        {
            if (TaskOrchestrationVersioningUtils.CompareVersions(context.Version, "1.1") >= 0)
            {
                await context.CallTaskAsync("CheckStock", order);
            }

            await context.CallTaskAsync("ChargeCard", order);
        }
    }

    internal static class Storage
    {
        public static async Task StartAsync(FunctionsTestHostOptions options)
        {
            await using var azurite = await AzuriteProcess.StartAsync(new AzuriteOptions { Accounts = ["one", "two"] });
            // free ports; ends with this process
            options.Settings["AzureWebJobsStorage"] = azurite.ConnectionStringOf("one");
        }

        public static async Task CreateAsync()
        {
            using var service = new SqliteOrchestrationService(new SqliteStorageOptions { File = "history.db" });
            await service.CreateIfNotExistsAsync();
        }
    }
}

namespace Chard.EndToEnd.Tests.Readme.Snippets.Package
{
    public sealed class Greet : ITask<string, string>
    {
        public Task<string> RunAsync(string name, TaskContext context, CancellationToken cancellationToken) =>
            Task.FromResult($"Hello, {name}");
    }

    public sealed class TaskFunctions(TaskRunner runner)
    {
        [Function("Greet")]
        public Task<TaskOutcome> Greet([ActivityTrigger] TaskCall call, FunctionContext context) =>
            runner.RunAsync<Greet>(call, context.CancellationToken);
    }

    internal static class Kit
    {
        public static async Task<string?> TestAsync(Mock<IServiceProvider> mailer)
        {
            await using ChardTestHost app = await ChardTestHost.StartAsync<Greet>(options =>
                options.ConfigureServices(services => services.AddSingleton(mailer.Object)));

            string? greeting = await app.RunAsync<string>(Start.Task("Greet", "Ada"));
            // starts, waits, gives the result or throws why not

            WorkflowRun order = await app.StartAsync(Start.Workflow("ChargeOrder", new { orderId = "A-1" }));
            app.Faults.CrashBeforeCommit(3);
            // the host is started again, and the order goes on
            await order.UntilAsync(WorkflowStatus.Completed);
            Assert.Single(await order.TasksAsync());                                       // the ledger
            Assert.Empty(await order.LettersAsync());                                      // dead letters
            return greeting;
        }
    }
}
