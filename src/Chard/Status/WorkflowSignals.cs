using Chard.Domain.Workflows;

namespace Chard.Status;

/// <summary>
/// Hands each new state that this process writes to whoever looks at its workflow here, so that nobody has to read it. What other
/// processes write is found by <see cref="WorkflowWatch"/>.
/// </summary>
public sealed class WorkflowSignals
{
    private readonly Lock _gate = new();
    private readonly Dictionary<string, List<WorkflowView>> _views = new(StringComparer.Ordinal);

    /// <summary>Tells that a workflow has changed.</summary>
    public void Notify(WorkflowState state)
    {
        ArgumentNullException.ThrowIfNull(state);
        foreach (WorkflowView view in ViewsOf(state.Id))
        {
            view.Saw(state);
        }
    }

    internal void Add(WorkflowView view)
    {
        lock (_gate)
        {
            if (!_views.TryGetValue(view.Id, out List<WorkflowView>? views))
            {
                _views.Add(view.Id, views = []);
            }

            views.Add(view);
        }
    }

    internal void Remove(WorkflowView view)
    {
        lock (_gate)
        {
            if (_views.TryGetValue(view.Id, out List<WorkflowView>? views) && views.Remove(view) && views.Count == 0)
            {
                _views.Remove(view.Id);
            }
        }
    }

    /// <summary>Those who look at a workflow.</summary>
    internal WorkflowView[] ViewsOf(string id)
    {
        lock (_gate)
        {
            return _views.TryGetValue(id, out List<WorkflowView>? views) ? [.. views] : [];
        }
    }

    /// <summary>Those who wait for a change, of any workflow.</summary>
    internal WorkflowView[] Waiting()
    {
        lock (_gate)
        {
            return [.. _views.Values.SelectMany(views => views).Where(view => view.IsWaiting)];
        }
    }
}
