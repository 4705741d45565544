using Chard.Domain.Workflows;
using Microsoft.DurableTask.Client;

namespace Chard.Status;

/// <summary>
/// Tells those who wait of changes. What this process writes they are handed at once (<see cref="WorkflowSignals"/>); for what others
/// write it looks at the store every half a second as long as anybody waits, once for all of them.
/// </summary>
public sealed class WorkflowWatch : IDisposable
{
    /// <summary>Time from one look to the next: a change made elsewhere is seen after twice that at most.</summary>
    public static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(500);

    private readonly IWorkflowStatusStore _store;
    private readonly WorkflowStates _states;
    private readonly IWorkflowRepair _repair;
    private readonly WorkflowSignals _signals;
    private readonly TimeProvider _time;
    private readonly Lock _gate = new();
    private readonly CancellationTokenSource _stopping = new();
    private readonly CancellationToken _stop;
    private readonly ITimer _timer;
    private bool _armed;

    /// <summary>Nobody waits yet.</summary>
    public WorkflowWatch(
        IWorkflowStatusStore store, WorkflowStates states, IWorkflowRepair repair, WorkflowSignals signals, TimeProvider time)
    {
        ArgumentNullException.ThrowIfNull(time);
        (_store, _states, _repair, _signals, _time, _stop) = (store, states, repair, signals, time, _stopping.Token);
        _timer = time.CreateTimer(
            static watch => _ = ((WorkflowWatch)watch!).LookAsync(), this, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }

    /// <summary>The state as it is, true within two seconds; null if the id is unknown.</summary>
    public async Task<WorkflowState?> GetAsync(string id, DurableTaskClient client, CancellationToken cancellationToken) =>
        await _states.FindAsync(id, client, cancellationToken) is { } state
            ? await _repair.CheckAsync(state, client, cancellationToken)
            : null;

    /// <summary>Begins to look at a workflow; dispose it at the end.</summary>
    public WorkflowView Open(string id, DurableTaskClient client) => new(id, client, this, _signals, _time);

    /// <summary>Looks no more.</summary>
    public void Dispose()
    {
        _stopping.Cancel();
        _stopping.Dispose();
        _timer.Dispose();
    }

    /// <summary>Somebody waits.</summary>
    internal void Arm()
    {
        lock (_gate)
        {
            if (!_armed && !_stop.IsCancellationRequested)
            {
                _armed = true;
                _timer.Change(Interval, Timeout.InfiniteTimeSpan);
            }
        }
    }

    private async Task LookAsync()
    {
        // Who has just begun to wait has just looked.
        long now = _time.GetTimestamp();
        ILookup<string, WorkflowView> due = _signals.Waiting()
            .Where(view => _time.GetElapsedTime(view.LookedAt, now) >= Interval / 2)
            .ToLookup(view => view.Id, StringComparer.Ordinal);
        try
        {
            if (due.Count > 0)
            {
                await LookAtAsync(due, now);
            }
        }
        catch (Exception e) when (e is not OutOfMemoryException)
        {
            Fail(due.SelectMany(views => views), e);
        }

        lock (_gate)
        {
            _armed = false;
        }

        if (_signals.Waiting().Length > 0)
        {
            Arm();
        }
    }

    private async Task LookAtAsync(ILookup<string, WorkflowView> due, long now)
    {
        IReadOnlyDictionary<string, WorkflowState> found = await _store.GetAsync([.. due.Select(views => views.Key)], _stop);
        await Task.WhenAll(due.Select(async views =>
        {
            try
            {
                WorkflowState? state = await CheckAsync([.. views], found.GetValueOrDefault(views.Key), now);
                foreach (WorkflowView view in views)
                {
                    view.Saw(state);
                }
            }
            catch (Exception e) when (e is not OutOfMemoryException)
            {
                Fail(views, e);
            }
        }));
    }

    /// <summary>The state that holds: one that has not changed for long is compared with the engine, once in a while.</summary>
    private async Task<WorkflowState?> CheckAsync(WorkflowView[] views, WorkflowState? state, long now)
    {
        DurableTaskClient client = views[0].Client;
        bool isDue = false;
        foreach (WorkflowView view in views)
        {
            view.LookedAt = now;
            isDue |= _time.GetElapsedTime(view.CheckedAt, now) >= IWorkflowRepair.StaleAfter;
        }

        if (state is null)
        {
            return await GetAsync(views[0].Id, client, _stop);
        }

        if (!isDue)
        {
            return state;
        }

        foreach (WorkflowView view in views)
        {
            view.CheckedAt = now;
        }

        return await _repair.CheckAsync(state, client, _stop);
    }

    private void Fail(IEnumerable<WorkflowView> views, Exception e)
    {
        foreach (WorkflowView view in views.Where(_ => !_stop.IsCancellationRequested))
        {
            view.Failed(e);
        }
    }
}
