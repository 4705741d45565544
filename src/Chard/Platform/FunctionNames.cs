using System.Text.RegularExpressions;
using Microsoft.Azure.Functions.Worker.Core.FunctionMetadata;

namespace Chard.Platform;

/// <summary>
/// Tells the host the queues of triggers by their names, the clock's time, and to ask for no keys where callers are signed in. It could
/// resolve the placeholders of queues itself, but what scales the app on Azure knows the app's settings only, not its host.json, and
/// would watch no queue.
/// </summary>
internal sealed partial class FunctionNames(StorageNames names, ClockPeriod clock, AccessSettings access) : IFunctionMetadataTransformer
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
                    .Replace(ClockPeriod.Trigger, clock.Cron, StringComparison.Ordinal);
                if (access is { IsRequired: true, IsEntra: true })
                {
                    // The host knows keys alone, and would ask for one beside the token.
                    bindings[i] = Level().Replace(bindings[i], "${before}\"Anonymous\"");
                }
            }
        }
    }

    [GeneratedRegex("(?<before>\"authLevel\"\\s*:\\s*)\"Function\"", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex Level();
}
