using System.Runtime.InteropServices;

namespace Chard.LocalHost.Lifetime;

/// <summary>
/// Ctrl-C and SIGTERM: the first asks for a stop in order. A Ctrl-C after that ends at once; another SIGTERM,
/// which supervisors repeat, does not.
/// </summary>
internal sealed class StopSignals : IDisposable
{
    private readonly CancellationTokenSource stop = new();
    private readonly TaskCompletionSource again = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly PosixSignalRegistration[] registrations;
    private int asked;

    public StopSignals()
    {
        PosixSignal[] signals = [PosixSignal.SIGINT, PosixSignal.SIGTERM, PosixSignal.SIGQUIT, PosixSignal.SIGHUP];
        registrations = [.. signals.Select(signal => PosixSignalRegistration.Create(signal, Receive))];
    }

    /// <summary>Cancelled by the first signal.</summary>
    public CancellationToken Stop => stop.Token;

    /// <summary>Done when it shall end at once.</summary>
    public Task Again => again.Task;

    public void Dispose()
    {
        foreach (var registration in registrations)
        {
            registration.Dispose();
        }

        stop.Dispose();
    }

    private void Receive(PosixSignalContext context)
    {
        // The runtime would end the process.
        context.Cancel = true;
        if (Interlocked.Exchange(ref asked, 1) == 0)
        {
            stop.Cancel();
        }
        else if (context.Signal == PosixSignal.SIGINT)
        {
            again.TrySetResult();
        }
    }
}
