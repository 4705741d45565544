namespace Microsoft.Azure.Functions.Worker;

/// <summary>What the trigger told the host besides its value: route values, message metadata, instance ids.</summary>
public abstract class BindingContext
{
    public abstract IReadOnlyDictionary<string, object?> BindingData { get; }
}
