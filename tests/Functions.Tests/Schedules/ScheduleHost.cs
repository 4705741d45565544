using System.Text.Json;
using Chard.Control;
using Chard.DeadLetters;
using Chard.Domain.Workflows;
using Chard.Functions.Imports;
using Chard.Functions.Tests.Api;
using Chard.Functions.Tests.Harness;
using Chard.Starts;
using Chard.Status;
using Chard.Testing;
using Microsoft.Extensions.DependencyInjection;

namespace Chard.Functions.Tests.Schedules;

/// <summary>
/// The whole app with one schedule, whose workflow notes that it ran. Sweeps and queues are left out: they would be looked after all the
/// hours that are skipped, and the hosts of one test have engines of their own, whose workflows the other's sweep would take for lost.
/// </summary>
internal static class ScheduleHost
{
    /// <summary>A name that no other test has.</summary>
    public static string NewName() => "s" + Guid.NewGuid().ToString("N")[..12];

    /// <summary>The workflows of a schedule that have run, in the order they did.</summary>
    public static string[] RunsOf(string name) => [.. TickFunctions.Ran.Where(id => id.StartsWith(name + "-", StringComparison.Ordinal))];

    public static Task<FunctionsTestHost> StartAsync(
        StorageAccount account, string name, string cron, DateTimeOffset? now = null, string catchUp = "last",
        Action<FunctionsTestHostOptions>? configure = null) =>
        FunctionsTestHost.StartAsync<TaskFunctions>(options =>
        {
            options.Account = account;
            options.SkipTime = now is not null;
            options.StartTime = now;
            options.FunctionTypes = [.. TheApp.Types.Except([typeof(WorkflowStartsQueue)]), typeof(TickFunctions)];
            options.WithoutClockWork(
                typeof(WorkflowSweep), typeof(DeadLetterSweep), typeof(RetentionSweep), typeof(PurgePayloads), typeof(UploadSweep),
                typeof(MeasureDepths));
            options.ConfigureServices(services => services.AddSingleton<IWorkflowDefinition>(new AnyArgs(nameof(TickFunctions.Tick))));
            options.Settings[$"Chard:Schedules:{name}:Cron"] = cron;
            options.Settings[$"Chard:Schedules:{name}:Start"] = """{"workflow":"Tick","owner":"tests","stamps":["kind=test"]}""";
            options.Settings[$"Chard:Schedules:{name}:CatchUp"] = catchUp;
            configure?.Invoke(options);
        });

    /// <summary>The schedule as the API shows it.</summary>
    public static async Task<JsonElement> ShowAsync(FunctionsTestHost host, string name) =>
        JsonElement.Parse(await host.Http.GetStringAsync($"/api/schedules/{name}"));

    /// <summary>What the ticks are that <paramref name="ids"/> are named after, as hours and minutes.</summary>
    public static string Times(string name, IEnumerable<string> ids) =>
        string.Join(' ', ids.Select(id => id[(name.Length + 10)..].TrimEnd('Z')).Select(t => $"{t[..2]}:{t[2..4]}"));

    /// <summary>The state of a workflow once it has completed.</summary>
    public static async Task<WorkflowState> CompletedAsync(FunctionsTestHost host, string id) => (await Eventually.SeenAsync(
        $"{id} has completed", () => host.Services.GetRequiredService<IWorkflowStatusStore>().GetAsync(id, CancellationToken.None),
        state => state?.Status == WorkflowStatus.Completed))!;
}
