using System.ComponentModel;
using System.Reflection;

namespace Chard.Domain.Tasks;

/// <summary>One task of the catalogue.</summary>
public sealed class TaskDescriptor
{
    /// <param name="type">The class.</param>
    /// <param name="argsType">Type of its arguments; of an item if it streams.</param>
    /// <param name="resultType">Type of its result.</param>
    /// <param name="streams">True for an <see cref="IStreamTask{TItem, TResult}"/>.</param>
    /// <param name="policy">Its policy.</param>
    internal TaskDescriptor(Type type, Type argsType, Type resultType, bool streams, TaskPolicy policy)
    {
        Type = type;
        Name = type.Name;
        ArgsType = streams ? argsType.MakeArrayType() : argsType;
        Streams = streams;
        ResultType = resultType;
        Policy = policy;
        ProbeType = typeof(IProbe<,>)
            .MakeGenericType(streams ? typeof(IAsyncEnumerable<>).MakeGenericType(argsType) : argsType, resultType);
        Description = type.GetCustomAttribute<DescriptionAttribute>()?.Description;
        Invoker = (TaskInvoker)Activator.CreateInstance(
            (streams ? typeof(StreamTaskInvoker<,>) : typeof(TaskInvoker<,>)).MakeGenericType(argsType, resultType))!;
    }

    /// <summary>Its name: the class's, and its activity function's.</summary>
    public string Name { get; }

    /// <summary>What it does, in a sentence; null if its author did not say.</summary>
    public string? Description { get; }

    public Type Type { get; }

    /// <summary>Type of its arguments; of a task that streams an array of its items.</summary>
    public Type ArgsType { get; }

    /// <summary>True if it reads its arguments item by item, so that they need not be loaded.</summary>
    public bool Streams { get; }

    /// <summary>Type of its result.</summary>
    public Type ResultType { get; }

    /// <summary>Its policy: the class's, with what configuration sets.</summary>
    public TaskPolicy Policy { get; }

    /// <summary>True if it can tell whether a run that died had its effect.</summary>
    public bool HasProbe => ProbeType.IsAssignableFrom(Type);

    /// <summary>The probe that it would have.</summary>
    internal Type ProbeType { get; }

    /// <summary>Runs it on JSON.</summary>
    public TaskInvoker Invoker { get; }
}
