using System.ComponentModel;
using System.Reflection;

namespace Chard.Domain.Tasks;

/// <summary>One task of the catalogue.</summary>
public sealed class TaskDescriptor
{
    internal TaskDescriptor(Type type, Type argsType, Type resultType, TaskPolicy policy)
    {
        Type = type;
        Name = type.Name;
        ArgsType = argsType;
        ResultType = resultType;
        Policy = policy;
        HasProbe = typeof(IProbe<,>).MakeGenericType(argsType, resultType).IsAssignableFrom(type);
        Description = type.GetCustomAttribute<DescriptionAttribute>()?.Description;
        Invoker = (TaskInvoker)Activator.CreateInstance(typeof(TaskInvoker<,>).MakeGenericType(argsType, resultType))!;
    }

    /// <summary>Its name: the class's, and its activity function's.</summary>
    public string Name { get; }

    /// <summary>What it does, in a sentence; null if its author did not say.</summary>
    public string? Description { get; }

    /// <summary>Its class.</summary>
    public Type Type { get; }

    /// <summary>Type of its arguments.</summary>
    public Type ArgsType { get; }

    /// <summary>Type of its result.</summary>
    public Type ResultType { get; }

    /// <summary>Its policy: the class's, with what configuration sets.</summary>
    public TaskPolicy Policy { get; }

    /// <summary>True if it can tell whether a run that died had its effect.</summary>
    public bool HasProbe { get; }

    /// <summary>Runs it on JSON.</summary>
    public TaskInvoker Invoker { get; }
}
