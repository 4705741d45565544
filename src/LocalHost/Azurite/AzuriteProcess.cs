using System.Diagnostics;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace Chard.LocalHost.Azurite;

/// <summary>
/// An Azurite that this process has started, or has taken over from one that was killed. Disposing it lets it save its data and stops it.
/// </summary>
public sealed class AzuriteProcess : IAsyncDisposable
{
    private static readonly TimeSpan StopTimeout = TimeSpan.FromSeconds(10);

    private readonly Process process;
    private readonly AzuriteEndpoint endpoint;
    private readonly bool deleteData;
    private readonly bool endsByInput;
    private int disposed;

    private AzuriteProcess(Process process, AzuriteEndpoint endpoint, string dataFolder, bool deleteData, bool endsByInput)
    {
        this.process = process;
        this.endpoint = endpoint;
        this.deleteData = deleteData;
        this.endsByInput = endsByInput;
        DataFolder = dataFolder;
        ProcessId = process.Id;
    }

    /// <summary>The connection string of all three services, with the account and key every storage emulator has.</summary>
    public string ConnectionString => endpoint.ConnectionString;

    public int BlobPort => endpoint.BlobPort;

    public int QueuePort => endpoint.QueuePort;

    public int TablePort => endpoint.TablePort;

    public string DataFolder { get; }

    public int ProcessId { get; }

    /// <summary>
    /// Starts Azurite and waits until it answers on all three ports. <see cref="StartException"/> when it cannot be installed or does not start.
    /// </summary>
    public static async Task<AzuriteProcess> StartAsync(AzuriteOptions? options = null, ILogger? logger = null, CancellationToken cancellation = default)
    {
        options ??= new AzuriteOptions();
        var installation = await AzuriteInstallation.EnsureAsync(
            options.Installation ?? Environment.GetEnvironmentVariable(AzuriteInstallation.Setting),
            logger ?? NullLogger.Instance,
            cancellation);
        var isGiven = options is { BlobPort: > 0, QueuePort: > 0, TablePort: > 0 };
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                return await LaunchAsync(installation, options, AzuriteEndpoint.Free(options), cancellation);
            }
            catch (StartException) when (!isGiven && attempt < 3)
            {
                // Another process took one of the free ports in between.
            }
        }
    }

    /// <summary>
    /// Development storage on the given ports: the Azurite that answers there, else a new one. Null when the one that answers is somebody else's,
    /// which is then theirs to stop.
    /// </summary>
    internal static async Task<AzuriteProcess?> EnsureAsync(
        AzuriteEndpoint endpoint,
        string dataFolder,
        string? installation,
        ILogger logger,
        CancellationToken cancellation)
    {
        var answering = await endpoint.AnsweringAsync(cancellation);
        if (answering.Count == 3)
        {
            return Adopt(dataFolder, endpoint, logger);
        }

        if (answering.Count > 0)
        {
            throw new StartException(
                $"Development storage is served in part: something answers on {string.Join(" and ", answering)}, nothing on "
                + $"{string.Join(" and ", endpoint.Ports.Except(answering))}. Stop what uses those ports, or start a whole Azurite, or set AzureWebJobsStorage.");
        }

        try
        {
            var started = await StartAsync(
                new AzuriteOptions
                {
                    DataFolder = dataFolder,
                    BlobPort = endpoint.BlobPort,
                    QueuePort = endpoint.QueuePort,
                    TablePort = endpoint.TablePort,
                    EndWithParent = false,
                    Installation = installation,
                },
                logger,
                cancellation);
            AzuritePidFile.Write(dataFolder, started.process);
            logger.LogInformation("Nothing served development storage: Azurite started on ports {Ports}, data in {Folder}", string.Join(", ", endpoint.Ports), dataFolder);
            return started;
        }
        catch (StartException) when (!cancellation.IsCancellationRequested)
        {
            // Two hosts started at once and the other one's Azurite got the ports.
            if ((await endpoint.AnsweringAsync(cancellation)).Count == 3)
            {
                return null;
            }

            throw;
        }
    }

    /// <summary>Stops it, saving its data, and by force after ten seconds. Later calls do nothing.</summary>
    public async ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref disposed, 1) == 1)
        {
            return;
        }

        if (!process.HasExited)
        {
            if (endsByInput)
            {
                process.StandardInput.Close();
            }
            else
            {
                ProcessSignals.Terminate(process);
            }

            using var limit = new CancellationTokenSource(StopTimeout);
            try
            {
                await process.WaitForExitAsync(limit.Token);
            }
            catch (OperationCanceledException)
            {
                process.Kill();
                await process.WaitForExitAsync(CancellationToken.None);
            }
        }

        process.Dispose();
        AzuritePidFile.Delete(DataFolder);
        if (deleteData && Directory.Exists(DataFolder))
        {
            Directory.Delete(DataFolder, recursive: true);
        }
    }

    private static AzuriteProcess? Adopt(string dataFolder, AzuriteEndpoint endpoint, ILogger logger)
    {
        if (AzuritePidFile.Find(dataFolder) is not { } orphan)
        {
            logger.LogDebug("Development storage is served by somebody else");
            return null;
        }

        logger.LogInformation("Azurite of an earlier run still serves development storage (process {Id}); it stops with this host", orphan.Id);
        return new AzuriteProcess(orphan, endpoint, dataFolder, deleteData: false, endsByInput: false);
    }

    private static async Task<AzuriteProcess> LaunchAsync(string installation, AzuriteOptions options, AzuriteEndpoint endpoint, CancellationToken cancellation)
    {
        var folder = Path.GetFullPath(options.DataFolder ?? Directory.CreateTempSubdirectory("chard-azurite-").FullName);
        Directory.CreateDirectory(folder);
        var start = new ProcessStartInfo("node", Arguments(installation, options, endpoint, folder))
        {
            WorkingDirectory = installation,
            RedirectStandardError = true,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
        };
        if (options.Accounts is not null)
        {
            start.Environment["AZURITE_ACCOUNTS"] = options.Accounts;
        }

        var azurite = new AzuriteProcess(Process.Start(start)!, endpoint, folder, options.DataFolder is null, options.EndWithParent);
        try
        {
            using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
            limit.CancelAfter(options.StartTimeout);
            while ((await endpoint.AnsweringAsync(limit.Token)).Count < 3)
            {
                if (azurite.process.HasExited)
                {
                    throw new StartException($"Azurite ended while starting on ports {string.Join(", ", endpoint.Ports)}: {Log(folder)}");
                }

                await Task.Delay(TimeSpan.FromMilliseconds(30), TimeProvider.System, limit.Token);
            }

            // Another Azurite may be what answers: this one has then failed to bind its ports.
            return azurite.process.HasExited
                ? throw new StartException($"Azurite ended while starting on ports {string.Join(", ", endpoint.Ports)}: {Log(folder)}")
                : azurite;
        }
        catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
        {
            await azurite.DisposeAsync();
            throw new StartException($"Azurite did not answer within {options.StartTimeout.TotalSeconds} s: {Log(folder)}");
        }
        catch
        {
            await azurite.DisposeAsync();
            throw;
        }
    }

    private static List<string> Arguments(string installation, AzuriteOptions options, AzuriteEndpoint endpoint, string folder)
    {
        List<string> arguments =
        [
            Path.Combine(installation, "start.js"),
            "--location", folder,
            "--blobPort", $"{endpoint.BlobPort}",
            "--queuePort", $"{endpoint.QueuePort}",
            "--tablePort", $"{endpoint.TablePort}",
            "--skipApiVersionCheck", "--silent", "--disableTelemetry",
        ];
        if (options.EndWithParent)
        {
            arguments.Add("--endWithParent");
        }

        if (options.InMemory)
        {
            arguments.Add("--inMemoryPersistence");
        }

        return arguments;
    }

    private static string Log(string folder)
    {
        var path = Path.Combine(folder, "azurite.log");
        return File.Exists(path) ? File.ReadAllText(path).Trim() : "it wrote no log.";
    }
}
