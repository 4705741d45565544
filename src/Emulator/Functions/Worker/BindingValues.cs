namespace Microsoft.Azure.Functions.Worker;

/// <summary>A bound input. What is set here is what the function gets.</summary>
public abstract class InputBindingData<T>
{
    public abstract BindingMetadata BindingMetadata { get; }

    public abstract T? Value { get; set; }
}

/// <summary>The value a function hands to one of its output bindings. What is set here is what is sent.</summary>
public abstract class OutputBindingData<T>
{
    public abstract T? Value { get; set; }

    public abstract string Name { get; }

    public abstract string BindingType { get; }
}

/// <summary>The result of an invocation. What is set here is what the host gets.</summary>
public abstract class InvocationResult<T>
{
    public abstract T? Value { get; set; }
}

/// <inheritdoc cref="InvocationResult{T}"/>
public abstract class InvocationResult : InvocationResult<object>;
