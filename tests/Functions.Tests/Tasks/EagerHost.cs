using System.Collections.Concurrent;
using System.Text.Json;
using Chard.Calls;
using Chard.Canvases;
using Chard.DeadLetters;
using Chard.Domain.DeadLetters;
using Chard.Domain.Ledger;
using Chard.Domain.Payloads;
using Chard.Domain.Tasks;
using Chard.Domain.Workflows;
using Chard.Functions.Tests.Harness;
using Chard.Functions.Tests.InMemory;
using Chard.Running;
using Chard.Status;
using Chard.Testing;
using Chard.Tests.InMemory;
using Microsoft.Azure.Functions.Worker.Builder;
using Microsoft.DurableTask;
using Microsoft.DurableTask.Client;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Moq;

namespace Chard.Functions.Tests.Tasks;

/// <summary>
/// The app's tasks on the durable engine, all in the test's process: stores in memory, time skipped, every turn replayed. What a workflow
/// does is a body that the test gives.
/// </summary>
internal sealed class EagerHost : IAsyncDisposable
{
    private readonly FunctionsTestHost _host;

    private EagerHost(FunctionsTestHost host, Stores stores) => (_host, Stores) = (host, stores);

    public Stores Stores { get; }

    public FunctionsTestHost Host => _host;

    public DurableTaskClient Durable => _host.Durable;

    public DateTimeOffset Now => _host.Time!.GetUtcNow();

    /// <summary>Lets time pass at once.</summary>
    public void Pass(TimeSpan time) => _host.Time!.JumpTo(Now + time);

    public static async Task<EagerHost> StartAsync(
        Action<FunctionsTestHostOptions>? configure = null, Action<IServiceCollection>? services = null)
    {
        var stores = new Stores();
        FunctionsTestHost host = await FunctionsTestHost.StartAsync(
            args => RunAppAsync(args, stores, services), typeof(TaskFunctions).Assembly, options =>
            {
                options.UseStorage = false;
                options.SkipTime = true;
                options.ForceReplay = true;
                options.FunctionTypes =
                [
                    typeof(TaskFunctions), typeof(TestTaskFunctions), typeof(WriteDeadLetter), typeof(RunMap), typeof(EagerFunctions),
                ];
                options.Settings["Chard:Ledger:DuplicateWaitSeconds"] = "0";
                configure?.Invoke(options);
            });
        return new(host, stores);
    }

    /// <summary>Starts a workflow with a body of the test's.</summary>
    public async Task<string> StartAsync(
        Func<TaskOrchestrationContext, Task<object?>> body, IReadOnlyDictionary<string, TaskPolicy>? policies = null, string? id = null)
    {
        id ??= "wf-" + Guid.NewGuid().ToString("N")[..8];
        Stores.Bodies[id] = body;
        await Durable.ScheduleNewOrchestrationInstanceAsync(
            "TestWorkflow", new WorkflowInput<int>(id, 0, policies, ["stamp-1"]), new StartOrchestrationOptions(id));
        return id;
    }

    public async Task<OrchestrationMetadata> EndAsync(string id, TimeSpan? within = null)
    {
        using var patience = new CancellationTokenSource(within ?? TimeSpan.FromMinutes(2));
        try
        {
            return await Durable.WaitForInstanceCompletionAsync(id, getInputsAndOutputs: true, patience.Token);
        }
        catch (OperationCanceledException)
        {
            string rows = string.Join(Environment.NewLine, Stores.Ledger.Rows.Where(r => r.Key.WorkflowId == id));
            throw new TimeoutException(
                $"{id} has not ended at {Now:O} (skipped {_host.Time!.Skipped}, next timer {_host.Time.NextDue:O}); the charge ran "
                    + $"{Stores.Receiver.Runs.Count} times. Its rows:{Environment.NewLine}{rows}");
        }
    }

    /// <summary>Runs a workflow of one call to its end.</summary>
    public async Task<OrchestrationMetadata> RunAsync(
        string task, object? args, TaskCallOptions? options = null, IReadOnlyDictionary<string, TaskPolicy>? policies = null) =>
        await EndAsync(await StartAsync(async context => await context.CallTaskAsync<JsonElement?>(task, args, options), policies));

    /// <summary>Kills the app's process, as far as anybody can tell, and starts it again.</summary>
    public async Task KillAsync()
    {
        Stores.Process!.IsDead = true;
        await _host.CrashAsync();
        await _host.StartAsync();
    }

    /// <summary>Does a step; if the engine crashes under it, starts the host again and does the step once more.</summary>
    public async Task SurviveAsync(Func<Task> step, Func<Task>? kill = null)
    {
        Task crashed = _host.Faults.Crashed;
        Task stepping = step();
        await Task.WhenAny(stepping, crashed);
        if (stepping.Exception?.ToString().Contains("The engine has crashed", StringComparison.Ordinal) == true)
        {
            // Whoever called the engine is told a moment before the crash is over and its store free.
            await crashed.WaitAsync(TimeSpan.FromMinutes(2));
        }

        if (!crashed.IsCompleted)
        {
            await stepping;
            return;
        }

        _ = stepping.ContinueWith(static t => _ = t.Exception, TaskScheduler.Default);
        await (kill ?? KillAsync)();
        await step();
    }

    public async ValueTask DisposeAsync() => await _host.DisposeAsync();

    private static async Task RunAppAsync(string[] args, Stores stores, Action<IServiceCollection>? services)
    {
        FunctionsApplicationBuilder builder = FunctionsApplication.CreateBuilder(args);
        builder.Services.AddSingleton<ILedgerStore>(stores.Process = new ProcessView(stores.Ledger));
        builder.Services.AddSingleton<IPayloadStore>(stores.Payloads);
        builder.Services.AddSingleton<IDeadLetterStore>(stores.DeadLetterStore);
        builder.Services.AddSingleton<IWorkflowStatusStore>(provider => stores.WorkflowsIn(provider.GetRequiredService<TimeProvider>()));
        builder.Services.AddSingleton<DeadLetterNews>();
        builder.Services.AddSingleton(stores);
        builder.Services.AddSingleton(stores.Receiver);
        builder.Services.AddSingleton(TaskCatalogue.Create(
            [.. TheApp.Tasks, typeof(Grow), typeof(Measure), typeof(Charge)],
            [.. TheApp.TaskFunctions, .. TaskServiceCollectionExtensions.TaskFunctionsIn(typeof(EagerHost).Assembly)],
            new Dictionary<string, IReadOnlyList<KeyValuePair<string, string?>>>()));
        builder.Services.AddTasks();
        foreach (ServiceDescriptor initializer in builder.Services
            .Where(s => s.ImplementationType == typeof(TaskStorageInitializer)).ToArray())
        {
            builder.Services.Remove(initializer);
        }

        services?.Invoke(builder.Services);
        await builder.Build().RunAsync();
    }
}

/// <summary>What the app keeps, in memory. Outlives the host, as storage does.</summary>
public sealed class Stores
{
    internal InMemoryLedgerStore Ledger { get; } = new();

    internal ProcessView? Process { get; set; }

    /// <summary>What workflows of this host run, by id: other hosts run theirs under the same ids.</summary>
    internal ConcurrentDictionary<string, Func<TaskOrchestrationContext, Task<object?>>> Bodies { get; } = new();

    internal InMemoryWorkflowStatusStore? Workflows { get; private set; }

    public InMemoryPayloadStore Payloads { get; } = new();

    public Receiver Receiver { get; } = new();

    public ConcurrentQueue<WorkflowStatus> Statuses { get; } = new();

    /// <summary>
    /// Workflows of which a task has ceased to wait for an operator: whether they run again is left to their dead letters.
    /// </summary>
    public ConcurrentQueue<string> Unparked { get; } = new();

    public ConcurrentDictionary<string, DeadLetter> DeadLetters { get; } = new();

    internal InMemoryWorkflowStatusStore WorkflowsIn(TimeProvider time) => Workflows ??= new(time);

    public IDeadLetterStore DeadLetterStore
    {
        get
        {
            var store = new Mock<IDeadLetterStore>();
            store.Setup(s => s.AddAsync(It.IsAny<DeadLetter>(), It.IsAny<CancellationToken>()))
                .Returns((DeadLetter letter, CancellationToken _) => Task.FromResult(DeadLetters.TryAdd(letter.Id, letter)));
            return store.Object;
        }
    }
}
