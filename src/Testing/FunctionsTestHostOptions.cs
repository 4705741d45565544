using Chard.LocalHost.Durable;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Chard.Testing;

/// <summary>How a <see cref="FunctionsTestHost"/> runs the app.</summary>
public sealed class FunctionsTestHostOptions
{
    private readonly List<Action<IServiceCollection>> services = [];
    private readonly List<Action<ILoggingBuilder>> logging = [];

    /// <summary>Settings of the app, as in local.settings.json; they beat the environment. The file itself is not read.</summary>
    public IDictionary<string, string?> Settings { get; } = new Dictionary<string, string?>(StringComparer.OrdinalIgnoreCase);

    /// <summary>Overrides of host.json, with keys such as <c>extensions:queues:batchSize</c>.</summary>
    public IDictionary<string, string?> HostJson { get; } = new Dictionary<string, string?>(StringComparer.OrdinalIgnoreCase);

    /// <summary>Arguments of the app's entry point.</summary>
    public IReadOnlyList<string> Args { get; set; } = [];

    /// <summary>
    /// An account to share with other hosts; null: one of its own, unless <see cref="UseStorage"/> is off or a setting
    /// AzureWebJobsStorage is given.
    /// </summary>
    public StorageAccount? Account { get; set; }

    /// <summary>Whether the app needs storage. Off, none is started, and queue-triggered functions cannot be served.</summary>
    public bool UseStorage { get; set; } = true;

    /// <summary>Where history and timers keep their data; null: a folder that is deleted at the end.</summary>
    public string? DataFolder { get; set; }

    /// <summary>
    /// Keeps the history in a SQLite file, as a running app does. Off, it is in memory and still survives restarts of this host.
    /// </summary>
    public bool FileHistory { get; set; }

    /// <summary>Replays every turn of every orchestration from its history, which finds code that is not deterministic.</summary>
    public bool ForceReplay { get; set; }

    /// <summary>Lets timers, retries, put-off starts and schedules pass at once.</summary>
    public bool SkipTime { get; set; }

    /// <summary>The time at the start, with <see cref="SkipTime"/>; null: now.</summary>
    public DateTimeOffset? StartTime { get; set; }

    /// <summary>How much skipped time is between two runs of a timer function at least. Default one minute.</summary>
    public TimeSpan TimerPace { get; set; } = TimeSpan.FromMinutes(1);

    /// <summary>The clock of the engine, the host and the app, in place of the system's or a skipping one.</summary>
    public TimeProvider? TimeProvider { get; set; }

    /// <summary>The durable engine. Default: ours, in memory; the provider of Azure Storage runs on the account, in real time.</summary>
    public DurableEngine Engine { get; set; }

    /// <summary>Asks for function keys, as <c>--enableAuth</c> does.</summary>
    public bool EnableAuth { get; set; }

    /// <summary>The only classes to look through for functions; null: all of the app's assembly.</summary>
    public IReadOnlyList<Type>? FunctionTypes { get; set; }

    /// <summary>How long starting and stopping may take. Default one minute each.</summary>
    public TimeSpan Timeout { get; set; } = TimeSpan.FromMinutes(1);

    /// <summary>Changes the app's services after its own registrations.</summary>
    public void ConfigureServices(Action<IServiceCollection> configure) => services.Add(configure);

    /// <summary>Sends the log somewhere; by default it goes nowhere.</summary>
    public void ConfigureLogging(Action<ILoggingBuilder> configure) => logging.Add(configure);

    internal void Apply(IServiceCollection target) => services.ForEach(configure => configure(target));

    internal void Apply(ILoggingBuilder target) => logging.ForEach(configure => configure(target));
}
