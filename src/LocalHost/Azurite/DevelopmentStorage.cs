using Microsoft.Extensions.Logging;

namespace Chard.LocalHost.Azurite;

/// <summary>
/// One Azurite on its ports, shared by all hosts of one user. Each holds a file in the temporary folder that the system frees when the process dies, so
/// the last one to leave knows that it is, and stops Azurite. What a killed host leaves behind goes on serving; the next host takes it over.
/// </summary>
internal sealed class DevelopmentStorage : IAsyncDisposable
{
    private readonly AzuriteProcess azurite;
    private readonly FileStream use;
    private readonly ILogger logger;
    private int left;

    private DevelopmentStorage(AzuriteProcess azurite, ILogger logger)
    {
        this.azurite = azurite;
        this.logger = logger;
        use = LockFile.WithOthers(PathOf(azurite.Endpoint, "users"));
    }

    public AzuriteEndpoint Endpoint => azurite.Endpoint;

    public int ProcessId => azurite.ProcessId;

    public string DataFolder => azurite.DataFolder;

    /// <summary>The Azurite that answers on the ports, else a new one. Null when the one that answers is somebody else's, which is then theirs to stop.</summary>
    public static async Task<DevelopmentStorage?> EnsureAsync(AzuriteEndpoint endpoint, string dataFolder, ILogger logger, CancellationToken cancellation)
    {
        // Whoever starts, stops or joins it does so alone.
        await using var turn = await LockFile.WaitAsync(PathOf(endpoint, "lock"), cancellation);
        var answering = await endpoint.AnsweringAsync(cancellation);
        if (answering.Count == 3)
        {
            return Adopt(endpoint, logger);
        }

        if (answering.Count > 0)
        {
            throw new StartException(
                $"Development storage is served in part: something answers on {string.Join(" and ", answering)}, nothing on "
                + $"{string.Join(" and ", endpoint.Ports.Except(answering))}. Stop what uses those ports, or start a whole Azurite, or set AzureWebJobsStorage.");
        }

        logger.LogInformation("Starting Azurite on ports {Ports}, data in {Folder}", endpoint, dataFolder);
        var started = await AzuriteProcess.StartAsync(
            new AzuriteOptions
            {
                DataFolder = dataFolder,
                BlobPort = endpoint.BlobPort,
                QueuePort = endpoint.QueuePort,
                TablePort = endpoint.TablePort,
                Record = PathOf(endpoint, "process"),
            },
            logger,
            cancellation);
        return new DevelopmentStorage(started, logger);
    }

    /// <summary>Stops Azurite, saving its data, unless another host uses it.</summary>
    public async ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref left, 1) == 1)
        {
            return;
        }

        await using var turn = await LockFile.WaitAsync(PathOf(Endpoint, "lock"), CancellationToken.None);
        if (LeaveAsLast())
        {
            await azurite.DisposeAsync();
            File.Delete(PathOf(Endpoint, "process"));
        }
        else
        {
            logger.LogInformation("Azurite goes on: another host uses it");
        }
    }

    /// <summary>The same without waiting, for a host that ends at once. Azurite saves its data and ends by itself.</summary>
    public void Leave()
    {
        if (Interlocked.Exchange(ref left, 1) == 0 && LockFile.TryAlone(PathOf(Endpoint, "lock")) is { } turn)
        {
            using (turn)
            {
                if (LeaveAsLast())
                {
                    azurite.BeginStop();
                }
            }
        }
    }

    private static DevelopmentStorage? Adopt(AzuriteEndpoint endpoint, ILogger logger)
    {
        if (AzuriteProcess.Find(PathOf(endpoint, "process"), endpoint) is not { } azurite)
        {
            logger.LogInformation("Storage is what answers on ports {Ports}, started elsewhere", endpoint);
            return null;
        }

        logger.LogInformation("Storage is the Azurite on ports {Ports} that another run has started, data in {Folder}", endpoint, azurite.DataFolder);
        return new DevelopmentStorage(azurite, logger);
    }

    private bool LeaveAsLast()
    {
        use.Dispose();
        using var alone = LockFile.TryAlone(PathOf(Endpoint, "users"));
        return alone is not null;
    }

    private static string PathOf(AzuriteEndpoint endpoint, string what) =>
        Path.Combine(Path.GetTempPath(), $"azurite-{Environment.UserName}-{string.Join('-', endpoint.Ports)}.{what}");
}
