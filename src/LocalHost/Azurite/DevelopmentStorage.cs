using Microsoft.Extensions.Logging;

namespace Chard.LocalHost.Azurite;

/// <summary>
/// One Azurite on its ports, shared by all hosts of one user. Each holds a file in the temporary folder that the system frees when
/// the process dies, so the last one to leave knows that it is, and stops Azurite. What a killed host leaves behind goes on
/// serving; the next host takes it over.
/// </summary>
internal sealed class DevelopmentStorage : IAsyncDisposable
{
    /// <summary>The last line of the record of an Azurite that was asked to save and end.</summary>
    private const string Closing = "closing\n";

    private readonly AzuriteProcess azurite;
    private readonly FileStream use;
    private readonly ILogger logger;
    private readonly CancellationTokenSource leaving = new();
    private int left;

    private DevelopmentStorage(AzuriteProcess azurite, ILogger logger, FileStream turn)
    {
        this.azurite = azurite;
        this.logger = logger;
        use = LockFile.WithOthers(PathOf(azurite.Endpoint, "users"));
        Ready = UntilReadyAsync(turn);
    }

    /// <summary>Done when it answers; fails with a <see cref="StartException"/> when it does not start.</summary>
    public Task Ready { get; }

    public AzuriteEndpoint Endpoint => azurite.Endpoint;

    public int ProcessId => azurite.ProcessId;

    public string DataFolder => azurite.DataFolder;

    /// <summary>
    /// The Azurite that answers on the ports, else a new one, launched and on its way to <see cref="Ready"/>. Null when the one
    /// that answers is somebody else's, which is then theirs to stop.
    /// </summary>
    public static async Task<DevelopmentStorage?> EnsureAsync(
        AzuriteEndpoint endpoint,
        string dataFolder,
        ILogger logger,
        CancellationToken cancellation)
    {
        // Whoever starts, stops or joins it does so alone; who starts it, until it answers.
        var turn = await LockFile.WaitAsync(PathOf(endpoint, "lock"), cancellation);
        try
        {
            var record = PathOf(endpoint, "process");
            var running = AzuriteProcess.Find(record, endpoint);
            if (running is not null && File.ReadAllText(record).EndsWith(Closing, StringComparison.Ordinal))
            {
                await running.UntilEndedAsync(cancellation);
                running = null;
            }

            var answering = await endpoint.AnsweringAsync(cancellation);
            if (answering.Count == 3 && running is null)
            {
                logger.LogInformation("Storage is what answers on ports {Ports}, started elsewhere", endpoint);
                return null;
            }

            if (answering.Count is 1 or 2 && running is null)
            {
                throw new StartException(
                    $"Development storage is served in part: something answers on {string.Join(" and ", answering)}, nothing on "
                    + $"{string.Join(" and ", endpoint.Ports.Except(answering))}. "
                    + "Stop what uses those ports, or start a whole Azurite, or set AzureWebJobsStorage.");
            }

            if (running is not null)
            {
                logger.LogInformation(
                    "Storage is the Azurite on ports {Ports} that another run has started, data in {Folder}", endpoint, running.DataFolder);
            }

            // One that was found may still be starting: its host was killed just then.
            var storage = new DevelopmentStorage(running ?? await LaunchAsync(endpoint, dataFolder, logger, cancellation), logger, turn);
            turn = null;
            return storage;
        }
        finally
        {
            turn?.Dispose();
        }
    }

    /// <summary>Stops Azurite, saving its data, unless another host uses it.</summary>
    public async ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref left, 1) == 1)
        {
            return;
        }

        await leaving.CancelAsync();
        await Ready.ContinueWith(_ => { }, CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);
        leaving.Dispose();
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
                    File.AppendAllText(PathOf(Endpoint, "process"), Closing);
                    azurite.BeginStop();
                }
            }
        }
    }

    private static Task<AzuriteProcess> LaunchAsync(
        AzuriteEndpoint endpoint,
        string dataFolder,
        ILogger logger,
        CancellationToken cancellation)
    {
        logger.LogInformation("Starting Azurite on ports {Ports}, data in {Folder}", endpoint, dataFolder);
        var options = new AzuriteOptions
        {
            DataFolder = dataFolder,
            BlobPort = endpoint.BlobPort,
            QueuePort = endpoint.QueuePort,
            TablePort = endpoint.TablePort,
            Record = PathOf(endpoint, "process"),
        };
        return AzuriteProcess.LaunchAsync(options, logger, cancellation);
    }

    private async Task UntilReadyAsync(FileStream turn)
    {
        await using (turn)
        {
            await azurite.UntilReadyAsync(leaving.Token);
        }
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
