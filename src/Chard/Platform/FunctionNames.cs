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
        foreach (IFunctionMetadata function in original)
        {
            for (int i = 0; i < function.RawBindings?.Count; i++)
            {
                function.RawBindings[i] = Told(function.Name, function.RawBindings[i]);
            }
        }
    }

    private string Told(string? function, string binding)
    {
        binding = binding.Replace(StorageNames.HubPlaceholder, StorageNames.QueuePrefix(names.Hub), StringComparison.Ordinal);
        if (function == ClockPeriod.Function)
        {
            binding = binding.Replace(ClockPeriod.Trigger, clock.Cron, StringComparison.Ordinal);
        }

        // The host knows keys alone, and would ask for one beside the token.
        return access is { IsRequired: true, IsEntra: true } ? Level().Replace(binding, "${before}\"Anonymous\"") : binding;
    }

    [GeneratedRegex("(?<before>\"authLevel\"\\s*:\\s*)\"Function\"", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex Level();
}
