using System.Diagnostics;
using Chard.Testing;

namespace Chard.Bench;

/// <summary>Processor time that each of the processes has used.</summary>
internal sealed record CpuTimes(TimeSpan Host, TimeSpan Worker, TimeSpan Azurite)
{
    public static readonly CpuTimes None = new(default, default, default);

    public static CpuTimes operator +(CpuTimes left, CpuTimes right) =>
        new(left.Host + right.Host, left.Worker + right.Worker, left.Azurite + right.Azurite);

    public static CpuTimes operator -(CpuTimes left, CpuTimes right) =>
        new(left.Host - right.Host, left.Worker - right.Worker, left.Azurite - right.Azurite);
}

/// <summary>One run: what it took in time, processors and storage requests from the meter's making until it was stopped.</summary>
internal sealed class Meter
{
    private readonly BenchHost host;
    private readonly StorageAccount? account;
    private readonly CpuTimes cpu;
    private readonly long since = Stopwatch.GetTimestamp();

    /// <param name="host">What is measured.</param>
    /// <param name="account">The account whose requests are counted; null: none are.</param>
    public Meter(BenchHost host, StorageAccount? account = null)
    {
        this.host = host;
        this.account = account;
        account?.App.Clear();
        account?.Engine.Clear();
        cpu = host.Cpu();
        Since = TimeProvider.System.GetUtcNow();
    }

    /// <summary>When the run began.</summary>
    public DateTimeOffset Since { get; }

    /// <summary>How long the run took; who knows better when it ended says so after its stop.</summary>
    public TimeSpan Took { get; set; }

    /// <summary>Processor time of the run.</summary>
    public CpuTimes Cpu { get; private set; } = CpuTimes.None;

    /// <summary>The requests of app and host, and those of the engine.</summary>
    public (IReadOnlyList<StorageCall> App, IReadOnlyList<StorageCall> Engine) Requests { get; private set; } = ([], []);

    /// <summary>Seconds of each, where what was measured ran one after another; else nothing.</summary>
    public List<double> Each { get; } = [];

    /// <summary>Ends the run; another call ends it anew.</summary>
    public void Stop()
    {
        Took = Stopwatch.GetElapsedTime(since);
        Cpu = host.Cpu() - cpu;
        Requests = account is null ? ([], []) : (account.App.Calls, account.Engine.Calls);
    }
}
