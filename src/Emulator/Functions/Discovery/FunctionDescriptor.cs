using System.Collections.Immutable;
using System.Reflection;
using Chard.Emulator.Functions.Invocation;
using Microsoft.Azure.Functions.Worker;
using Microsoft.Azure.Functions.Worker.Extensions.Abstractions;

namespace Chard.Emulator.Functions.Discovery;

/// <summary>A function as found in an assembly, ready to be invoked.</summary>
internal sealed class FunctionDescriptor : FunctionDefinition
{
    private readonly MethodInvoker invoker;
    private readonly Func<object?, ValueTask<object?>> unwrap;

    public FunctionDescriptor(string name, MethodInfo method, TriggerKind kind, TriggerBindingAttribute trigger, int triggerIndex, IReadOnlyList<OutputBinding> outputs)
    {
        Name = name;
        Method = method;
        Kind = kind;
        Trigger = trigger;
        TriggerIndex = triggerIndex;
        Outputs = outputs;
        Id = name;
        Type = method.ReflectedType!;
        PathToAssembly = Type.Assembly.Location;
        EntryPoint = $"{Type.FullName}.{method.Name}";
        ParameterInfos = method.GetParameters();
        Parameters = [.. ParameterInfos.Select(ToParameter)];
        invoker = MethodInvoker.Create(method);
        unwrap = ResultUnwrapper.For(method.ReturnType);
        InputBindings = Parameters
            .Where((parameter, index) => index == triggerIndex || ParameterInfos[index].GetCustomAttribute<BindingAttribute>(true) is not null)
            .Select(parameter => (BindingMetadata)new HostBindingMetadata(
                parameter.Name,
                ReferenceEquals(parameter, Parameters[triggerIndex]) ? kind.BindingType() : "durableClient",
                BindingDirection.In))
            .ToImmutableDictionary(binding => binding.Name, StringComparer.OrdinalIgnoreCase);
        OutputBindings = outputs
            .Select(output => (BindingMetadata)new HostBindingMetadata(output.Name, output.BindingType, BindingDirection.Out))
            .ToImmutableDictionary(binding => binding.Name, StringComparer.OrdinalIgnoreCase);
    }

    public override string Name { get; }

    public override string Id { get; }

    public override string PathToAssembly { get; }

    public override string EntryPoint { get; }

    public override ImmutableArray<FunctionParameter> Parameters { get; }

    public override IImmutableDictionary<string, BindingMetadata> InputBindings { get; }

    public override IImmutableDictionary<string, BindingMetadata> OutputBindings { get; }

    public MethodInfo Method { get; }

    /// <summary>The class the method is called on.</summary>
    public Type Type { get; }

    public ParameterInfo[] ParameterInfos { get; }

    public TriggerKind Kind { get; }

    public TriggerBindingAttribute Trigger { get; }

    public int TriggerIndex { get; }

    public IReadOnlyList<OutputBinding> Outputs { get; }

    /// <summary>How each parameter is filled, in order.</summary>
    public ParameterBinder[] Binders { get; set; } = [];

    /// <summary>Calls the method. What it returns is awaited; void gives null.</summary>
    public ValueTask<object?> InvokeAsync(object? instance, object?[] arguments) => unwrap(invoker.Invoke(instance, arguments.AsSpan()));

    private static FunctionParameter ToParameter(ParameterInfo parameter)
    {
        var binding = parameter.GetCustomAttribute<BindingAttribute>(true);
        var properties = binding is null
            ? ImmutableDictionary<string, object>.Empty
            : ImmutableDictionary<string, object>.Empty.Add("bindingAttribute", binding);
        return new FunctionParameter(
            parameter.Name!,
            parameter.ParameterType,
            parameter.HasDefaultValue,
            parameter.HasDefaultValue ? parameter.DefaultValue : null,
            properties);
    }
}

/// <inheritdoc/>
internal sealed class HostBindingMetadata(string name, string type, BindingDirection direction) : BindingMetadata
{
    public override string Name { get; } = name;

    public override string Type { get; } = type;

    public override BindingDirection Direction { get; } = direction;
}
