using Chard.Emulator.DurableTask;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Chard.Emulator.Functions.Hosting;

/// <summary>
/// What a test host tells the builder that the app's entry point is about to create. It flows with the calling code, so that several apps can
/// start in one process at a time.
/// </summary>
internal sealed class HostStart
{
    private static readonly AsyncLocal<HostStart?> Ambient = new();

    public static HostStart? Current
    {
        get => Ambient.Value;
        set => Ambient.Value = value;
    }

    public required string DataFolder { get; init; }

    /// <summary>Where host.json lies.</summary>
    public required string BinariesFolder { get; init; }

    /// <summary>The classes looked through for functions.</summary>
    public required IReadOnlyList<Type> FunctionTypes { get; init; }

    /// <summary>Settings that beat all others.</summary>
    public required IReadOnlyDictionary<string, string?> Settings { get; init; }

    /// <summary>Overrides of host.json, keys as in <c>extensions:queues:batchSize</c>.</summary>
    public required IReadOnlyDictionary<string, string?> HostJson { get; init; }

    public required bool EnableAuth { get; init; }

    /// <summary>Runs after the app's own registrations, so that it can replace them.</summary>
    public required Action<IServiceCollection> ConfigureServices { get; init; }

    public required Action<ILoggingBuilder> ConfigureLogging { get; init; }

    public required Action<DurableEngineOptions> ConfigureEngine { get; init; }

    /// <summary>Ends when the builder has built; fails when the entry point ended without.</summary>
    public TaskCompletionSource<IHost> Built { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Ends when the host takes work; fails with what kept it from it.</summary>
    public TaskCompletionSource Started { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);
}
