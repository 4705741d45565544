using System.Diagnostics;
using System.Globalization;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace Chard.LocalHost.Azurite;

/// <summary>An Azurite, started by this process or by another one. Disposing it lets it save its data and stops it.</summary>
public sealed class AzuriteProcess : IAsyncDisposable
{
    /// <summary>
    /// What Azurite logs last when it starts. Something answering on its ports would be no proof: that may be another Azurite.
    /// </summary>
    private const string Listening = "Azurite Table service is successfully listening";

    private static readonly TimeSpan StopTimeout = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(50);

    private readonly Process process;
    private readonly bool deleteData;
    private readonly bool endsByInput;
    private TimeSpan startTimeout = new AzuriteOptions().StartTimeout;
    private int disposed;

    private AzuriteProcess(Process process, AzuriteEndpoint endpoint, string dataFolder, bool deleteData, bool endsByInput)
    {
        this.process = process;
        this.deleteData = deleteData;
        this.endsByInput = endsByInput;
        Endpoint = endpoint;
        DataFolder = dataFolder;
        ProcessId = process.Id;
    }

    public AzuriteEndpoint Endpoint { get; }

    /// <summary>The connection string of all three services, with the account and key every storage emulator has.</summary>
    public string ConnectionString => ConnectionStringOf(AzuriteEndpoint.Account);

    public string DataFolder { get; }

    public int ProcessId { get; }

    /// <summary>
    /// Starts Azurite and waits until it answers on all three ports. <see cref="StartException"/> when it cannot
    /// be installed or does not start.
    /// </summary>
    public static async Task<AzuriteProcess> StartAsync(
        AzuriteOptions? options = null,
        ILogger? logger = null,
        CancellationToken cancellation = default)
    {
        options ??= new AzuriteOptions();
        var isGiven = options is { BlobPort: > 0, QueuePort: > 0, TablePort: > 0 };
        for (var attempt = 1; ; attempt++)
        {
            var azurite = await LaunchAsync(options, logger ?? NullLogger.Instance, cancellation);
            try
            {
                await azurite.UntilReadyAsync(cancellation);
                return azurite;
            }
            catch (StartException) when (!isGiven && attempt < 3)
            {
                // Another process took one of the free ports in between.
            }
        }
    }

    /// <summary>The connection string of one of <see cref="AzuriteOptions.Accounts"/>.</summary>
    public string ConnectionStringOf(string account) => Endpoint.ConnectionString(account);

    /// <summary>Stops it, saving its data, and by force after ten seconds. Later calls do nothing.</summary>
    public async ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref disposed, 1) == 1)
        {
            return;
        }

        BeginStop();
        using var limit = new CancellationTokenSource(StopTimeout);
        try
        {
            await UntilEndedAsync(limit.Token);
        }
        catch (OperationCanceledException)
        {
            process.Kill();
            await UntilEndedAsync(CancellationToken.None);
        }

        process.Dispose();
        if (deleteData && Directory.Exists(DataFolder))
        {
            Directory.Delete(DataFolder, recursive: true);
        }
    }

    /// <summary>Takes over the Azurite of a <see cref="AzuriteOptions.Record"/>; null where no such process runs.</summary>
    internal static AzuriteProcess? Find(string record, AzuriteEndpoint endpoint)
    {
        if (!File.Exists(record) || File.ReadAllLines(record) is not [var id, var startedAt, var folder, ..])
        {
            return null;
        }

        Process process;
        try
        {
            process = Process.GetProcessById(int.Parse(id, CultureInfo.InvariantCulture));
        }
        catch (ArgumentException)
        {
            // No process has the id.
            return null;
        }

        // An id may have been given to another process since; the two clocks differ a little.
        var started = DateTimeOffset.FromUnixTimeMilliseconds(long.Parse(startedAt, CultureInfo.InvariantCulture)).UtcDateTime;
        if (HasEnded(process) || (process.StartTime.ToUniversalTime() - started).Duration() > TimeSpan.FromSeconds(10))
        {
            process.Dispose();
            return null;
        }

        return new AzuriteProcess(process, endpoint, folder, deleteData: false, endsByInput: false);
    }

    /// <summary>Asks it to save and end, without waiting.</summary>
    internal void BeginStop()
    {
        if (HasEnded(process))
        {
            return;
        }

        if (endsByInput)
        {
            process.StandardInput.Close();
        }
        else
        {
            ProcessSignals.Terminate(process);
        }
    }

    /// <summary>Starts it, without waiting until it answers: <see cref="UntilReadyAsync"/> does.</summary>
    internal static async Task<AzuriteProcess> LaunchAsync(AzuriteOptions options, ILogger logger, CancellationToken cancellation)
    {
        var installation = await AzuriteInstallation.EnsureAsync(options.Installation, logger, cancellation);
        var endpoint = AzuriteEndpoint.Free(options);
        var folder = Path.GetFullPath(options.DataFolder ?? Directory.CreateTempSubdirectory("azurite-").FullName);
        Directory.CreateDirectory(folder);
        File.Delete(LogOf(folder));
        var launched = AzuriteInstallation.Run("node", Arguments(installation, options, endpoint, folder), installation, environment =>
            environment["AZURITE_ACCOUNTS"] = string.Join(';', options.Accounts.Select(account => $"{account}:{options.AccountKey}")));
        var serving = options.Record is null ? launched : await DetachedAsync(launched, endpoint, folder, cancellation);
        return new AzuriteProcess(serving, endpoint, folder, options.DataFolder is null, endsByInput: options.Record is null)
        {
            startTimeout = options.StartTimeout,
        };
    }

    /// <summary>Waits until it answers; one that does not is stopped.</summary>
    internal async Task UntilReadyAsync(CancellationToken cancellation)
    {
        try
        {
            using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
            limit.CancelAfter(startTimeout);
            while (!LogIn(DataFolder).Contains(Listening, StringComparison.Ordinal))
            {
                if (HasEnded(process))
                {
                    throw new StartException($"Azurite ended while starting on ports {Endpoint}: {Reason(DataFolder)}");
                }

                await Task.Delay(Pause, TimeProvider.System, limit.Token);
            }
        }
        catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
        {
            await DisposeAsync();
            throw new StartException($"Azurite did not answer within {startTimeout.TotalSeconds} s: {Reason(DataFolder)}");
        }
        catch
        {
            await DisposeAsync();
            throw;
        }
    }

    private static List<string> Arguments(string installation, AzuriteOptions options, AzuriteEndpoint endpoint, string folder) =>
    [
        Path.Combine(installation, "start.js"),
        "--location", folder,
        "--blobPort", $"{endpoint.BlobPort}",
        "--queuePort", $"{endpoint.QueuePort}",
        "--tablePort", $"{endpoint.TablePort}",
        "--skipApiVersionCheck", "--silent", "--disableTelemetry",
        .. options.InMemory ? (string[])["--inMemoryPersistence"] : [],
        .. options.Record is null ? (string[])["--endWithParent"] : ["--detached", options.Record],
    ];

    /// <summary>The process that the launcher leaves behind.</summary>
    private static async Task<Process> DetachedAsync(
        Process launcher,
        AzuriteEndpoint endpoint,
        string folder,
        CancellationToken cancellation)
    {
        using (launcher)
        {
            var id = await launcher.StandardOutput.ReadLineAsync(cancellation)
                ?? throw new StartException(
                    $"Azurite could not be started: {(await launcher.StandardError.ReadToEndAsync(cancellation)).Trim()}");
            try
            {
                return Process.GetProcessById(int.Parse(id, CultureInfo.InvariantCulture));
            }
            catch (ArgumentException)
            {
                throw new StartException($"Azurite ended while starting on ports {endpoint}: {Reason(folder)}");
            }
        }
    }

    internal async Task UntilEndedAsync(CancellationToken cancellation)
    {
        while (!HasEnded(process))
        {
            await Task.Delay(Pause, TimeProvider.System, cancellation);
        }
    }

    /// <summary>
    /// True also for a process that has ended and that nobody collects: in many containers the first process does
    /// not, and it is no child of ours.
    /// </summary>
    private static bool HasEnded(Process process)
    {
        if (process.HasExited)
        {
            return true;
        }

        if (!OperatingSystem.IsLinux())
        {
            return false;
        }

        try
        {
            var status = File.ReadAllText($"/proc/{process.Id}/stat");
            return status.AsSpan(status.LastIndexOf(')') + 1).TrimStart().StartsWith("Z");
        }
        catch (IOException)
        {
            // It ended in between.
            return true;
        }
    }

    /// <summary>The line of its log that tells most, and where the others are.</summary>
    private static string Reason(string folder)
    {
        var lines = LogIn(folder).Split('\n', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
        var line = lines.FirstOrDefault(line => line.Contains("error", StringComparison.OrdinalIgnoreCase))
            ?? lines.LastOrDefault()
            ?? "it said nothing";
        return $"{line} ({LogOf(folder)})";
    }

    private static string LogIn(string folder) => File.Exists(LogOf(folder)) ? File.ReadAllText(LogOf(folder)) : string.Empty;

    private static string LogOf(string folder) => Path.Combine(folder, "azurite.log");
}
