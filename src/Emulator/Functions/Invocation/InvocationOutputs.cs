using Chard.Emulator.Functions.Discovery;
using Microsoft.Azure.Functions.Worker;

namespace Chard.Emulator.Functions.Invocation;

/// <summary>A value on its way to an output binding.</summary>
internal sealed class OutputValue(OutputBinding binding, object? value)
{
    public OutputBinding Binding { get; } = binding;

    public object? Value { get; set; } = value;
}

/// <inheritdoc/>
internal sealed class BoundOutput<T>(OutputValue output) : OutputBindingData<T>
{
    public override T? Value
    {
        get => (T?)output.Value;
        set => output.Value = value;
    }

    public override string Name => output.Binding.Name;

    public override string BindingType => output.Binding.BindingType;
}

/// <inheritdoc/>
internal sealed class HostInvocationResult(HostFunctionContext context) : InvocationResult
{
    public override object? Value
    {
        get => context.Result;
        set => context.Result = value;
    }
}

/// <inheritdoc/>
internal sealed class HostInvocationResult<T>(HostFunctionContext context) : InvocationResult<T>
{
    public override T? Value
    {
        get => (T?)context.Result;
        set => context.Result = value;
    }
}
