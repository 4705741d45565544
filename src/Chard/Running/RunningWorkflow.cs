using Chard.Domain.Failures;

namespace Chard.Running;

/// <summary>A piece of work of a workflow in this process, until it is disposed.</summary>
public sealed class RunningWorkflow : IDisposable
{
    private Action? _leave;

    private readonly Func<bool> _isPaused;

    internal RunningWorkflow(Action? leave, CancellationToken ended, Func<bool>? isPaused = null) =>
        (_leave, Ended, _isPaused) = (leave, ended, isPaused ?? (static () => false));

    /// <summary>Fires when the workflow is known to have been cancelled, or to be out of time.</summary>
    public CancellationToken Ended { get; }

    /// <summary>True while the workflow is known to be paused: what runs goes on, and nothing more is to be begun.</summary>
    public bool IsPaused => _isPaused();

    /// <summary>Refuses to begin or to go on with work of a workflow that has been ended.</summary>
    /// <exception cref="PermanentTaskException"><c>cancelled</c>.</exception>
    public void ThrowIfEnded()
    {
        if (Ended.IsCancellationRequested)
        {
            throw TaskFailure.Cancelled.ToException();
        }
    }

    /// <summary>The work is over.</summary>
    public void Dispose() => Interlocked.Exchange(ref _leave, null)?.Invoke();
}
