using Microsoft.Azure.Functions.Worker.Core.FunctionMetadata;

namespace Chard.Platform;

/// <summary>
/// Tells the host the queues of triggers by their names, and the clock's time. It could resolve the placeholders of queues itself, but
/// what scales the app on Azure knows the app's settings only, not its host.json, and would watch no queue.
/// </summary>
internal sealed class FunctionNames(StorageNames names, ClockPeriod clock) : IFunctionMetadataTransformer
{
    /// <inheritdoc/>
    public string Name => nameof(FunctionNames);

    /// <inheritdoc/>
    public void Transform(IList<IFunctionMetadata> original)
    {
        ArgumentNullException.ThrowIfNull(original);
        foreach (IList<string> bindings in original.Select(f => f.RawBindings).OfType<IList<string>>())
        {
            for (int i = 0; i < bindings.Count; i++)
            {
                bindings[i] = bindings[i]
                    .Replace(StorageNames.HubPlaceholder, StorageNames.QueuePrefix(names.Hub), StringComparison.Ordinal)
                    .Replace(ClockPeriod.Placeholder, clock.Cron, StringComparison.Ordinal);
            }
        }
    }
}
