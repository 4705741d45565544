using Chard.Emulator.Functions.Invocation;

namespace Microsoft.Azure.Functions.Worker;

/// <summary>What middleware sees and changes of an invocation: inputs, the result, outputs.</summary>
public static class FunctionContextBindingFeatureExtensions
{
    /// <summary>
    /// Fills the parameter of that name, once: later calls give the same value, and the function gets what is then set here.
    /// InvalidOperationException when the value is not a <typeparamref name="T"/>.
    /// </summary>
    public static async ValueTask<InputBindingData<T>> BindInputAsync<T>(this FunctionContext context, BindingMetadata bindingMetadata)
    {
        ArgumentNullException.ThrowIfNull(bindingMetadata);
        var inputs = HostFunctionContext.From(context).Inputs;
        var index = inputs.IndexOf(bindingMetadata.Name);
        var value = await inputs.GetAsync(index);
        return value is null or T
            ? new BoundInput<T>(inputs, index, bindingMetadata)
            : throw new InvalidOperationException(
                $"Parameter '{bindingMetadata.Name}' of function '{context.FunctionDefinition.Name}' is a {value.GetType()}, not a {typeof(T)}.");
    }

    /// <summary>The function's result, as an object.</summary>
    public static InvocationResult GetInvocationResult(this FunctionContext context) => new HostInvocationResult(HostFunctionContext.From(context));

    /// <summary>The function's result. InvalidOperationException when it is not a <typeparamref name="T"/>.</summary>
    public static InvocationResult<T> GetInvocationResult<T>(this FunctionContext context)
    {
        var host = HostFunctionContext.From(context);
        return host.Result is T
            ? new HostInvocationResult<T>(host)
            : throw new InvalidOperationException(
                $"The result of function '{context.FunctionDefinition.Name}' is {host.Result?.GetType().FullName ?? "null"}, not a {typeof(T)}.");
    }

    /// <summary>The values of the output bindings, after the function has run.</summary>
    public static IEnumerable<OutputBindingData<T>> GetOutputBindings<T>(this FunctionContext context)
    {
        var host = HostFunctionContext.From(context);
        return host.Outputs.Where(output => output.Value is null or T).Select(output => new BoundOutput<T>(output)).ToArray();
    }
}
