namespace Chard.LocalHost.Worker;

/// <summary>
/// The worker ended, so the outcome of what it ran is not known. The durable extension knows this by the message: it gives the work back to
/// the
/// engine, which hands it out again, and fails nothing.
/// </summary>
internal sealed class WorkerLostException()
    : InvalidOperationException("Did not find any initialized language workers: the worker ended while the function ran.");
