namespace Microsoft.DurableTask.Client;

/// <summary>How to end an instance.</summary>
/// <param name="Output">Its output.</param>
/// <param name="Recursive">Whether to end its sub-orchestrations as well.</param>
public record TerminateInstanceOptions(object? Output = null, bool Recursive = false);
