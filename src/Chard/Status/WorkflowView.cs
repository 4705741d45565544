using System.Runtime.ExceptionServices;
using Chard.Domain.Workflows;
using Microsoft.DurableTask.Client;

namespace Chard.Status;

/// <summary>
/// One caller's look at a workflow: learns of each change from its beginning on, so that none is missed between a read and a wait. For one
/// caller at a time.
/// </summary>
public sealed class WorkflowView : IDisposable
{
    private readonly WorkflowWatch _watch;
    private readonly WorkflowSignals _signals;
    private readonly TimeProvider _time;
    private readonly Lock _gate = new();
    private TaskCompletionSource _news = NewNews();
    private WorkflowState? _latest;
    private bool _isGone;
    private Exception? _fault;

    internal WorkflowView(string id, DurableTaskClient client, WorkflowWatch watch, WorkflowSignals signals, TimeProvider time)
    {
        (Id, Client, _watch, _signals, _time) = (id, client, watch, signals, time);
        signals.Add(this);
    }

    internal string Id { get; }

    internal DurableTaskClient Client { get; }

    /// <summary>True while the caller waits for a change.</summary>
    internal bool IsWaiting { get; private set; }

    /// <summary>When the wait began, or the watch last looked, whichever was later.</summary>
    internal long LookedAt { get; set; }

    /// <summary>When the watch last compared the state with the engine.</summary>
    internal long CheckedAt { get; set; }

    /// <summary>The state as it is, true within two seconds; null if the id is unknown.</summary>
    public Task<WorkflowState?> GetAsync(CancellationToken cancellationToken) => _watch.GetAsync(Id, Client, cancellationToken);

    /// <summary>
    /// The first state later than <paramref name="seen"/>, at once if that is final; after <paramref name="patience"/> the one that holds
    /// then. Null if the workflow is gone.
    /// </summary>
    public async Task<WorkflowState?> NextAsync(WorkflowState seen, TimeSpan patience, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(seen);
        if (WorkflowTransitions.IsFinal(seen.Status))
        {
            return seen;
        }

        using var ends = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        Task over = Task.Delay(patience, _time, ends.Token);
        LookedAt = CheckedAt = _time.GetTimestamp();
        IsWaiting = true;
        _watch.Arm();
        try
        {
            while (true)
            {
                Task news;
                lock (_gate)
                {
                    if (_fault is { } fault)
                    {
                        _fault = null;
                        ExceptionDispatchInfo.Throw(fault);
                    }

                    if (_isGone || _latest?.Version > seen.Version)
                    {
                        return _isGone ? null : _latest;
                    }

                    news = _news.Task;
                }

                if (await Task.WhenAny(news, over) == over)
                {
                    cancellationToken.ThrowIfCancellationRequested();
                    return await GetAsync(cancellationToken);
                }
            }
        }
        finally
        {
            IsWaiting = false;
            await ends.CancelAsync();
        }
    }

    /// <summary>Looks no more.</summary>
    public void Dispose() => _signals.Remove(this);

    /// <summary>The workflow has, or had a moment ago, this state; null if it is gone.</summary>
    internal void Saw(WorkflowState? state) => Tell(() =>
    {
        _isGone = state is null;
        _latest = state is not null && _latest?.Version > state.Version ? _latest : state;
    });

    /// <summary>It could not be looked at.</summary>
    internal void Failed(Exception fault) => Tell(() => _fault = fault);

    private void Tell(Action change)
    {
        TaskCompletionSource news;
        lock (_gate)
        {
            change();
            (news, _news) = (_news, NewNews());
        }

        news.SetResult();
    }

    private static TaskCompletionSource NewNews() => new(TaskCreationOptions.RunContinuationsAsynchronously);
}
