using System.Text.Json;
using Chard.Calls;
using Chard.Canvases;
using Chard.Control;
using Chard.DeadLetters;
using Chard.Domain.Canvases;
using Chard.Domain.DeadLetters;
using Chard.Domain.Workflows;
using Chard.Functions.Tests.InMemory;
using Chard.Functions.Tests.Tasks;
using Chard.Limits;
using Chard.Starts;
using Chard.Status;
using Chard.Testing;
using Microsoft.DurableTask.Client;
using Microsoft.Extensions.DependencyInjection;
using Moq;

namespace Chard.Functions.Tests.Canvases;

/// <summary>Canvases on the durable engine, started as the API starts them: stores in memory, time skipped, every turn replayed.</summary>
public sealed class CanvasHost : IAsyncLifetime
{
    private EagerHost _host = null!;

    public Stores Stores => _host.Stores;

    public DurableTaskClient Durable => _host.Durable;

    public DateTimeOffset Now => _host.Now;

    internal EagerHost Eager => _host;

    internal InMemoryWorkflowStatusStore Statuses => Stores.Workflows!;

    /// <summary>What this host has different.</summary>
    internal Action<FunctionsTestHostOptions> Configure { get; init; } = _ => { };

    /// <summary>How long a canvas may take until the test gives up.</summary>
    internal TimeSpan Patience { get; init; } = TimeSpan.FromMinutes(2);

    public async Task InitializeAsync() => _host = await EagerHost.StartAsync(
        options =>
        {
            options.Settings["Chard:Limits:one:Concurrency"] = "1";
            options.Settings["Chard:Limits:two:Concurrency"] = "2";
            options.Settings["Chard:Limits:paced:PerSecond"] = "2";
            options.Settings["Chard:Limits:slow:PerSecond"] = "0.01";
            options.FunctionTypes =
            [
                typeof(Limiter), typeof(TaskFunctions), typeof(TestTaskFunctions), typeof(WriteDeadLetter), typeof(BeginWorkflow),
                typeof(UpdateWorkflowStatus), typeof(ExpireWorkflow), typeof(UnparkWorkflow),
                .. typeof(RunCanvas).Assembly.GetTypes().Where(
                    t => t.Namespace == typeof(RunCanvas).Namespace && t != typeof(CanvasSchemaApi)),
            ];
            Configure(options);
        },
        services =>
        {
            services.AddSingleton(provider => Letters(provider.GetRequiredService<Stores>()));
            services.AddWorkflows();
            services.AddCanvases();
        });

    public async Task DisposeAsync() => await _host.DisposeAsync();

    /// <summary>Starts a canvas and gives its id. With an <paramref name="id"/> it may be repeated.</summary>
    public async Task<string> StartAsync(string canvas, string? args = null, string? id = null, IReadOnlyList<string>? stamps = null)
    {
        JsonElement form = JsonElement.Parse($$"""{"canvas":{{canvas}}{{(args is null ? "" : ",\"args\":" + args)}}}""", CanvasReader.Deep);
        StartedWorkflow started = await _host.Host.Services.GetRequiredService<IWorkflowStarter>().StartAsync(
            new StartRequest(form) { Id = id, Stamps = stamps ?? [] }, Durable, CancellationToken.None);
        return started.Id;
    }

    /// <summary>How the workflow ended: its result as JSON, or <c>!code: message (task)</c>.</summary>
    public async Task<string> EndAsync(string id)
    {
        OrchestrationMetadata end = await _host.EndAsync(id, Patience);
        WorkflowState state = (await Statuses.GetAsync(id, CancellationToken.None))!;
        if (state.Status == WorkflowStatus.Failed)
        {
            Assert.Equal(OrchestrationRuntimeStatus.Failed, end.RuntimeStatus);
            return $"!{state.Error!.Code}: {state.Error.Message}" + (state.Error.Task is { } task ? $" ({task})" : "");
        }

        Assert.Equal(WorkflowStatus.Completed, state.Status);
        WorkflowResult? result = await Statuses.GetResultAsync(id, CancellationToken.None);
        if (result?.Reference is not { } reference)
        {
            return result?.Json ?? "null";
        }

        await using Stream stream = await Stores.Payloads.OpenReadAsync(reference, CancellationToken.None);
        using var reader = new StreamReader(stream);
        return await reader.ReadToEndAsync();
    }

    /// <summary>The status as it is now; the store is in memory and answers at once.</summary>
    public WorkflowStatus StatusOf(string id) => Statuses.GetAsync(id, CancellationToken.None).GetAwaiter().GetResult()!.Status;

    /// <summary>Runs a canvas to its end.</summary>
    public async Task<string> RunAsync(string canvas, string? args = null) => await EndAsync(await StartAsync(canvas, args));

    /// <summary>Keeps what is added, and has none open: these tests resolve by the event alone.</summary>
    private static IDeadLetterStore Letters(Stores stores)
    {
        Mock<IDeadLetterStore> store = new();
        store.Setup(s => s.AddAsync(It.IsAny<DeadLetter>(), It.IsAny<CancellationToken>()))
            .Returns((DeadLetter letter, CancellationToken _) => Task.FromResult(stores.DeadLetters.TryAdd(letter.Id, letter)));
        store.Setup(s => s.ListAsync(It.IsAny<DeadLetterFilter>(), It.IsAny<int>(), It.IsAny<string?>(), It.IsAny<CancellationToken>()))
            .ReturnsAsync(new DeadLetterPage([], null));
        return store.Object;
    }
}
