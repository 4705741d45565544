using Chard.Domain.Workflows;
using Microsoft.DurableTask.Client;

namespace Chard.Status;

/// <summary>Waits for changes of a workflow's state.</summary>
public sealed class WorkflowWatch(WorkflowStates states, IWorkflowRepair repair, WorkflowSignals signals, TimeProvider time)
{
    /// <summary>How often the store is looked at while no signal comes: changes made elsewhere are seen this late at most.</summary>
    public static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(500);

    /// <summary>The state as it is, true within two seconds; null if the id is unknown.</summary>
    public async Task<WorkflowState?> GetAsync(string id, DurableTaskClient client, CancellationToken cancellationToken) =>
        await states.FindAsync(id, client, cancellationToken) is { } state
            ? await repair.CheckAsync(state, client, cancellationToken)
            : null;

    /// <summary>
    /// The first state whose version is not <paramref name="version"/>, or that is final; after <paramref name="patience"/> the one
    /// that holds then. Null if the id is unknown.
    /// </summary>
    public async Task<WorkflowState?> NextAsync(
        string id, long version, TimeSpan patience, DurableTaskClient client, CancellationToken cancellationToken)
    {
        long began = time.GetTimestamp();
        while (true)
        {
            // The signal is taken before the look, so that a change in between is not missed.
            Task signal = signals.NextChange(id);
            WorkflowState? state = await GetAsync(id, client, cancellationToken);
            TimeSpan left = patience - time.GetElapsedTime(began);
            if (state is null || state.Version != version || WorkflowTransitions.IsFinal(state.Status) || left <= TimeSpan.Zero)
            {
                return state;
            }

            using var woken = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
            Task delay = Task.Delay(left < Interval ? left : Interval, time, woken.Token);
            await Task.WhenAny(signal, delay);
            await woken.CancelAsync();
            cancellationToken.ThrowIfCancellationRequested();
        }
    }
}
