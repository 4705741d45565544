namespace Chard.LocalHost.Worker;

/// <summary>A worker that runs: a child process, or the app in this one.</summary>
internal interface IWorkerRun : IAsyncDisposable
{
    /// <summary>Done when the worker has ended, however it did; says how.</summary>
    Task<string> Ended { get; }

    /// <summary>Whether it ended by its own will, to be started anew.</summary>
    bool WantsRestart { get; }

    /// <summary>The app's services, where it runs in this process and has built them.</summary>
    IServiceProvider? Services { get; }

    /// <summary>Where the worker takes HTTP requests, given what it said itself; null where it takes them in messages.</summary>
    Task<Uri?> HttpAddressAsync(string? said, CancellationToken cancellation);

    /// <summary>Lets it end in order, and waits for it.</summary>
    Task StopAsync(WorkerChannel channel);

    /// <summary>Ends it at once, without a chance to finish anything.</summary>
    void Kill();
}
