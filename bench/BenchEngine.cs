using System.Diagnostics;
using Chard.Emulator.DurableTask;
using Microsoft.DurableTask.Client;
using Microsoft.Extensions.Logging.Abstractions;

namespace Chard.Bench;

/// <summary>An engine on a fresh history, which is removed at the end.</summary>
internal sealed class BenchEngine : IAsyncDisposable
{
    private readonly string? folder;
    private readonly DurableEngine engine;

    private BenchEngine(bool inMemory)
    {
        folder = inMemory ? null : Directory.CreateTempSubdirectory("chard-bench-").FullName;
        engine = new DurableEngine(
            new DurableEngineOptions { HistoryPath = folder is null ? null : Path.Combine(folder, "history.db") },
            new BenchFunctions(),
            NullLoggerFactory.Instance);
    }

    public DurableTaskClient Client => engine.Client;

    public static async Task<BenchEngine> StartAsync(bool inMemory)
    {
        var bench = new BenchEngine(inMemory);
        await bench.engine.StartAsync(CancellationToken.None);
        return bench;
    }

    /// <summary>Runs one orchestration and gives the time from its start to its end as a client sees them.</summary>
    public async Task<TimeSpan> TimeAsync(string orchestrator, int input)
    {
        var since = Stopwatch.GetTimestamp();
        var id = await Client.ScheduleNewOrchestrationInstanceAsync(orchestrator, input);
        var ended = await Client.WaitForInstanceCompletionAsync(id, getInputsAndOutputs: true);
        var took = Stopwatch.GetElapsedTime(since);
        return ended.RuntimeStatus == OrchestrationRuntimeStatus.Completed
            ? took
            : throw new InvalidOperationException($"{orchestrator} ended as {ended.RuntimeStatus}: {ended.FailureDetails}");
    }

    /// <summary>Rows and bytes of the history, and the bytes of its file with the write-ahead log; 0 without a file.</summary>
    public (long Rows, long Bytes, long FileBytes) HistorySize()
    {
        var (rows, bytes) = engine.Runtime.Store.Reader.Size();
        var file = folder is null ? 0 : Directory.EnumerateFiles(folder).Sum(static path => new FileInfo(path).Length);
        return (rows, bytes, file);
    }

    public async ValueTask DisposeAsync()
    {
        await engine.StopAsync(CancellationToken.None);
        await engine.DisposeAsync();
        if (folder is not null)
        {
            Directory.Delete(folder, recursive: true);
        }
    }
}
