using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Logging;

namespace Chard.LocalHost.Worker;

/// <summary>Keeps one worker running: starts it, and another when it is lost.</summary>
internal sealed class WorkerSupervisor(
    FunctionsHostOptions options,
    IConfiguration configuration,
    WorkerService.Expected expected,
    WorkerLogs logs,
    ILogger<WorkerSupervisor> logger) : IAsyncDisposable
{
    /// <summary>Starts in a row that may fail before the app is given up.</summary>
    private const int MaxFailures = 3;
    private static readonly TimeSpan ConnectTimeout = TimeSpan.FromMinutes(1);

    /// <summary>A worker that lives shorter is not started again at once the next time.</summary>
    private static readonly TimeSpan Settled = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(1);

    private readonly TaskCompletionSource completion = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly CancellationTokenSource stopping = new();
    private volatile TaskCompletionSource<WorkerSession> current = NewSource();
    private Task watching = Task.CompletedTask;
    private Uri? address;

    /// <summary>Faulted when the worker cannot be started again.</summary>
    public Task Completion => completion.Task;

    /// <summary>The worker that is ready now, or the next one while it starts.</summary>
    public Task<WorkerSession> Current => current.Task;

    /// <summary>Starts the worker, which calls this host at <paramref name="host"/>.</summary>
    public async Task<WorkerSession> StartAsync(Uri host, CancellationToken cancellation)
    {
        address = host;
        var session = await LaunchAsync(cancellation);
        current.SetResult(session);
        watching = WatchAsync(session);
        return session;
    }

    public async Task StopAsync()
    {
        await stopping.CancelAsync();
        await watching;
        if (current.Task is { IsCompletedSuccessfully: true, Result: var session })
        {
            await session.Run.StopAsync(session.Channel);
        }
    }

    /// <summary>Ends the worker at once; another takes its place.</summary>
    public void Restart()
    {
        if (current.Task is { IsCompletedSuccessfully: true, Result: var session })
        {
            session.Run.Kill();
        }
    }

    /// <summary>Ends the worker at once and for good.</summary>
    public void Abandon()
    {
        stopping.Cancel();
        if (current.Task is { IsCompletedSuccessfully: true, Result: var session })
        {
            session.Run.Kill();
            session.Channel.Close();
        }
    }

    public async ValueTask DisposeAsync()
    {
        await stopping.CancelAsync();
        await watching;
        if (current.Task is { IsCompletedSuccessfully: true, Result: var session })
        {
            session.Channel.Close();
            await session.Run.DisposeAsync();
        }

        current.TrySetCanceled();
        completion.TrySetResult();
        stopping.Dispose();
    }

    private static TaskCompletionSource<WorkerSession> NewSource() => new(TaskCreationOptions.RunContinuationsAsynchronously);

    private async Task WatchAsync(WorkerSession session)
    {
        var shortLives = 0;
        while (true)
        {
            var started = TimeProvider.System.GetTimestamp();
            await Task.WhenAny(
                session.Run.Ended, session.Channel.Closed, Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, stopping.Token));
            if (stopping.IsCancellationRequested)
            {
                return;
            }

            current = NewSource();
            session.Channel.Close();

            // One that ends in order closes its channel a moment before.
            await Task.WhenAny(session.Run.Ended, Task.Delay(Pause, TimeProvider.System, stopping.Token));
            session.Run.Kill();
            var how = await session.Run.Ended;
            if (session.Run.WantsRestart)
            {
                logger.LogWarning("The worker asked for another in its place");
            }
            else
            {
                logger.LogWarning("The worker was lost ({How}); it is started again, and what it ran is run again", how);
            }

            await session.Run.DisposeAsync();
            shortLives = TimeProvider.System.GetElapsedTime(started) < Settled ? shortLives + 1 : 0;
            if (await RelaunchAsync(shortLives > 1) is not { } next)
            {
                return;
            }

            session = next;
            current.SetResult(session);
        }
    }

    /// <summary>Null when it is given up, or not wanted any more.</summary>
    private async Task<WorkerSession?> RelaunchAsync(bool pause)
    {
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                if (pause || attempt > 1)
                {
                    await Task.Delay(Pause, TimeProvider.System, stopping.Token);
                }

                return await LaunchAsync(stopping.Token);
            }
            catch (OperationCanceledException) when (stopping.IsCancellationRequested)
            {
                current.TrySetCanceled();
                return null;
            }
            catch (Exception exception)
            {
                logger.LogError("The worker could not be started again: {Why}", exception.Message);
                if (attempt == MaxFailures)
                {
                    current.TrySetException(new WorkerLostException());
                    completion.TrySetException(exception);
                    return null;
                }
            }
        }
    }

    private async Task<WorkerSession> LaunchAsync(CancellationToken cancellation)
    {
        var channel = new WorkerChannel(logs);
        expected.Channels[channel.WorkerId] = channel;
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        limit.CancelAfter(ConnectTimeout);
        IWorkerRun? run = null;
        try
        {
            run = options.InProcess is { } app
                ? InProcessWorker.Start(app, options, address!, channel.WorkerId)
                : WorkerProcess.Start(options, address!, channel.WorkerId);
            await Task.WhenAny(channel.Opened, run.Ended).WaitAsync(limit.Token);
            if (!channel.Opened.IsCompleted)
            {
                throw new StartException($"The app {await run.Ended} before it was ready.");
            }

            return await WorkerSession.OpenAsync(run, channel, options.AppFolder, configuration, limit.Token);
        }
        catch (Exception exception)
        {
            channel.Close();
            if (run is not null)
            {
                run.Kill();
                await run.DisposeAsync();
            }

            if (exception is OperationCanceledException && !cancellation.IsCancellationRequested)
            {
                throw new StartException($"The app did not call its host within {ConnectTimeout.TotalSeconds} s.");
            }

            throw;
        }
        finally
        {
            expected.Channels.TryRemove(channel.WorkerId, out _);
        }
    }
}
