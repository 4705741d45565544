using Chard.Emulator.DurableTask;
using Microsoft.DurableTask.Client;
using Microsoft.Extensions.Logging.Abstractions;

namespace Chard.Emulator.Tests.Engine;

/// <summary>An engine over a history in memory that can be crashed, or stopped, and started again.</summary>
internal sealed class EngineUnderTest(TestFunctions functions, Action<DurableEngineOptions>? configure = null) : IAsyncDisposable
{
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(30);

    private readonly MemoryHistory memory = new();
    private DurableEngine? engine;

    public DurableEngine Engine => engine ?? throw new InvalidOperationException("Start it first.");

    public DurableTaskClient Client => Engine.Client;

    public static async Task<EngineUnderTest> StartAsync(TestFunctions functions, Action<DurableEngineOptions>? configure = null)
    {
        var test = new EngineUnderTest(functions, configure);
        await test.StartEngineAsync();
        return test;
    }

    /// <summary>Starts an engine on the history; one that is there is gone, however it ended.</summary>
    public async Task StartEngineAsync(EngineFaults? faults = null)
    {
        if (engine is not null)
        {
            await engine.DisposeAsync();
        }

        var options = new DurableEngineOptions { Memory = memory, Faults = faults };
        configure?.Invoke(options);
        engine = new DurableEngine(options, functions, NullLoggerFactory.Instance);
        await engine.StartAsync(CancellationToken.None);
    }

    public async Task<OrchestrationMetadata> RunAsync(string orchestrator, object? input = null)
    {
        var id = await Client.ScheduleNewOrchestrationInstanceAsync(orchestrator, input);
        return await EndAsync(id);
    }

    public async Task<OrchestrationMetadata> EndAsync(string id)
    {
        using var deadline = new CancellationTokenSource(Deadline);
        return await Client.WaitForInstanceCompletionAsync(id, true, deadline.Token);
    }

    public static async Task UntilAsync(Func<Task<bool>> condition)
    {
        using var deadline = new CancellationTokenSource(Deadline);
        while (!await condition())
        {
            deadline.Token.ThrowIfCancellationRequested();
            await Task.Yield();
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (engine is not null)
        {
            await engine.DisposeAsync();
        }

        memory.Dispose();
    }
}
