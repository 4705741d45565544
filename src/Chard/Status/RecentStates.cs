using Azure;
using Chard.Domain.Workflows;

namespace Chard.Status;

/// <summary>
/// The states that this process wrote or read last, so that the next change of one needs no read: its ETag tells whether it still holds.
/// Final ones are not kept, for they hardly change.
/// </summary>
/// <param name="capacity">Most of them; whichever was kept longest ago goes first.</param>
internal sealed class RecentStates(int capacity)
{
    private readonly Lock _gate = new();
    private readonly Dictionary<string, LinkedListNode<KnownState>> _states = new(StringComparer.Ordinal);
    private readonly LinkedList<KnownState> _order = new();

    /// <summary>A state as it was last seen; null if nothing is known.</summary>
    public KnownState? Find(string id)
    {
        lock (_gate)
        {
            return _states.GetValueOrDefault(id)?.Value;
        }
    }

    /// <summary>Remembers a state in place of what was known of its workflow.</summary>
    public void Keep(KnownState known)
    {
        string id = known.State.Id;
        lock (_gate)
        {
            Remove(id);
            if (WorkflowTransitions.IsFinal(known.State.Status))
            {
                return;
            }

            _states.Add(id, _order.AddLast(known));
            if (_states.Count > capacity)
            {
                Remove(_order.First!.Value.State.Id);
            }
        }
    }

    /// <summary>Forgets a state that does not hold any more.</summary>
    public void Drop(string id)
    {
        lock (_gate)
        {
            Remove(id);
        }
    }

    private void Remove(string id)
    {
        if (_states.Remove(id, out LinkedListNode<KnownState>? node))
        {
            _order.Remove(node);
        }
    }
}

/// <summary>A state as it was seen.</summary>
/// <param name="State">The state.</param>
/// <param name="RequestHash">Fingerprint of its start, which is written again with each change.</param>
/// <param name="Version">The row's ETag.</param>
internal sealed record KnownState(WorkflowState State, string RequestHash, ETag Version);
