using Microsoft.DurableTask.Client;

namespace Chard.Platform;

/// <summary>External events for instances that may be over.</summary>
internal static class InstanceEvents
{
    /// <summary>Raises an event. An instance that has ended or never was is no error: nobody waits there.</summary>
    public static async Task RaiseAsync(
        DurableTaskClient client,
        string instanceId,
        string name,
        object payload,
        CancellationToken cancellationToken)
    {
        try
        {
            await client.RaiseEventAsync(instanceId, name, payload, cancellationToken);
        }
        catch (Exception e) when (e is not OperationCanceledException)
        {
            // Backends refuse events for what is over by exceptions of their own; then nobody waits any more.
            if (await client.GetInstanceAsync(instanceId, cancellationToken) is { IsCompleted: false })
            {
                throw;
            }
        }
    }
}
