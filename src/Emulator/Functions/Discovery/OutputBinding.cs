using System.Reflection;
using Microsoft.Azure.Functions.Worker;
using Microsoft.Azure.Functions.Worker.Extensions.Abstractions;

namespace Chard.Emulator.Functions.Discovery;

/// <summary>Where a function's result, or one property of it, is sent.</summary>
internal sealed class OutputBinding(string name, OutputBindingAttribute attribute, PropertyInfo? property)
{
    public string Name { get; } = name;

    public OutputBindingAttribute Attribute { get; } = attribute;

    /// <summary>Null when the whole result is meant.</summary>
    public PropertyInfo? Property { get; } = property;

    public string BindingType => Attribute is QueueOutputAttribute ? "queue" : "http";

    public object? ValueOf(object? result) => Property is null || result is null ? result : Property.GetValue(result);
}
