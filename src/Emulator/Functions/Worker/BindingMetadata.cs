namespace Microsoft.Azure.Functions.Worker;

/// <summary>Whether a binding brings a value in or carries one out.</summary>
public enum BindingDirection
{
    In = 0,
    Out = 1,
}

/// <summary>One binding of a function: the parameter's name and the kind, such as <c>httpTrigger</c>.</summary>
public abstract class BindingMetadata
{
    public abstract string Name { get; }

    public abstract string Type { get; }

    public abstract BindingDirection Direction { get; }
}
