using System.Net;
using Chard.DurableTask.Sqlite;
using Chard.LocalHost.Durable;
using Chard.LocalHost.Functions;
using Chard.LocalHost.Worker;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Chard.LocalHost;

/// <summary>An app and how it is hosted.</summary>
public sealed record FunctionsHostOptions
{
    /// <summary>The output of the app's build: its assemblies, worker.config.json, host.json.</summary>
    public required string AppFolder { get; init; }

    /// <summary>What outlives the host: histories, timers' last runs, keys.</summary>
    public required string DataFolder { get; init; }

    /// <summary>Where requests are taken. Default: this machine alone.</summary>
    public IPAddress Address { get; init; } = IPAddress.Loopback;

    /// <summary>0: any free port.</summary>
    public int Port { get; init; }

    public DurableEngine Engine { get; init; }

    /// <summary>
    /// Instead of the file in the data folder: memory, a clock that skips, faults. For one host; a store in memory can be given to the
    /// next.
    /// </summary>
    public SqliteStorageOptions? Sqlite { get; init; }

    /// <summary>Callers must show the functions' keys.</summary>
    public bool EnableAuth { get; init; }

    /// <summary>
    /// The app's settings, such as <c>AzureWebJobsStorage</c>: environment variables for the worker, and what <c>%NAME%</c> in bindings
    /// means.
    /// </summary>
    public IDictionary<string, string?> Settings { get; init; } = new Dictionary<string, string?>();

    /// <summary>Instead of what host.json says, with keys such as <c>extensions:queues:batchSize</c>.</summary>
    public IDictionary<string, string?> HostJson { get; init; } = new Dictionary<string, string?>();

    /// <summary>Where logs go, those of the worker too. Default: nowhere.</summary>
    public Action<ILoggingBuilder>? Logging { get; init; }

    /// <summary>The app in this process; null: a child process.</summary>
    public InProcessApp? InProcess { get; init; }

    /// <summary>Changes the services of the WebJobs SDK.</summary>
    public Action<IServiceCollection>? ConfigureServices { get; init; }

    /// <summary>Called at the begin of each invocation; what it returns is disposed of at the end.</summary>
    public Func<FunctionInfo, IDisposable?>? OnInvocation { get; init; }
}
