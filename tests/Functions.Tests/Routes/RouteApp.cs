using System.Text.Json;
using System.Text;
using Azure.Storage.Queues;
using Chard.Calls;
using Chard.Domain.Tasks;
using Chard.Functions.Tests.Flows;
using Chard.Functions.Tests.Harness;
using Chard.Functions.Tests.Storage;
using Chard.Functions.Tests.Tasks;
using Chard.Testing;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.DependencyInjection;

namespace Chard.Functions.Tests.Routes;

/// <summary>The whole app on a local storage account with the test's tasks beside its own, time skipped and every turn replayed.</summary>
internal static class RouteApp
{
    public static Task<FlowHost> StartAsync(
        Receiver receiver, Action<FunctionsTestHostOptions>? configure = null, bool ledger = true, string timeLimit = "600")
    {
        return FlowHost.StartAsync(options =>
        {
            options.ForceReplay = true;
            options.FunctionTypes = [.. options.FunctionTypes!, typeof(TestTaskFunctions)];
            options.ConfigureServices(services =>
            {
                services.AddSingleton(receiver);
                services.Replace(ServiceDescriptor.Singleton(TaskCatalogue.Create(
                    [.. TheApp.Tasks, typeof(Grow), typeof(Measure), typeof(Charge)],
                    [.. TheApp.TaskFunctions, .. TaskServiceCollectionExtensions.TaskFunctionsIn(typeof(RouteApp).Assembly)],
                    new Dictionary<string, IReadOnlyList<KeyValuePair<string, string?>>>
                    {
                        ["Charge"] = [new("Ledger", ledger ? "true" : "false"), new("TimeLimitSeconds", timeLimit)],
                    })));
            });
            configure?.Invoke(options);
        });
    }

    /// <summary>The app with another class in the place of <see cref="RunSlowTask"/>.</summary>
    public static void Replace<TFunctions>(this FunctionsTestHostOptions options) =>
        options.FunctionTypes = [.. options.FunctionTypes!.Except([typeof(RunSlowTask)]), typeof(TFunctions)];

    /// <summary>Lets messages lie.</summary>
    public static void Disable(this FunctionsTestHostOptions options, bool disabled) =>
        options.Settings[$"AzureWebJobs.{nameof(RunSlowTask)}.Disabled"] = disabled ? "true" : "false";

    /// <summary>Starts whatever the document says, and gives its id.</summary>
    public static async Task<string> StartAsync(this FlowHost host, string document)
    {
        using var content = new StringContent(document, Encoding.UTF8, "application/json");
        using HttpResponseMessage answer = await host.App.Http.PostAsync("/api/workflows", content);
        string text = await answer.Content.ReadAsStringAsync();
        Assert.True(answer.IsSuccessStatusCode, text);
        return JsonElement.Parse(text).GetProperty("id").GetString()!;
    }

    public static QueueClient Queue(this FlowHost host, string? name = null) =>
        host.App.Services.GetRequiredService<QueueServiceClient>().GetQueueClient(name ?? AzuriteStorage.Names.SlowTaskQueue);

    /// <summary>Messages there are, hidden ones included, as the queue counts them.</summary>
    public static int Waiting(this FlowHost host) => host.Queue().GetProperties().Value.ApproximateMessagesCount;

    /// <summary>Kills the process as far as storage can tell: nothing it still tries arrives.</summary>
    public static async Task KillAsync(this FlowHost host)
    {
        host.App.Storage.Fail(_ => true, StorageFault.NoAnswer, times: 1000);
        await host.App.CrashAsync();
        host.App.Storage.Heal();
        await host.App.StartAsync();
    }
}
