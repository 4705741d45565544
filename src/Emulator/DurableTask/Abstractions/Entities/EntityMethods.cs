using System.Reflection;
using Microsoft.DurableTask.Entities;

namespace Chard.Emulator.DurableTask;

/// <summary>Finds and runs the method that serves an entity's operation.</summary>
internal static class EntityMethods
{
    /// <summary>Runs the public method of <paramref name="target"/> named like the operation; false when there is none.</summary>
    /// <exception cref="AmbiguousMatchException">The method has overloads.</exception>
    /// <exception cref="InvalidOperationException">A parameter cannot be filled.</exception>
    /// <remarks>What the method throws comes out as it is.</remarks>
    public static bool TryInvoke(TaskEntityOperation operation, object target, out object? result)
    {
        var method = target.GetType().GetMethod(operation.Name, BindingFlags.Public | BindingFlags.Instance | BindingFlags.IgnoreCase);
        if (method is null)
        {
            result = null;
            return false;
        }

        var parameters = method.GetParameters();
        var arguments = new object?[parameters.Length];
        var inputTaken = false;
        for (var i = 0; i < parameters.Length; i++)
        {
            var type = parameters[i].ParameterType;
            if (type == typeof(TaskEntityContext))
            {
                arguments[i] = operation.Context;
            }
            else if (inputTaken)
            {
                throw new InvalidOperationException($"'{method}' serves '{operation}' but has more than one input parameter; an operation carries one input.");
            }
            else
            {
                arguments[i] = Input(operation, method, parameters[i]);
                inputTaken = true;
            }
        }

        result = method.Invoke(target, BindingFlags.DoNotWrapExceptions, null, arguments, null);
        return true;
    }

    /// <summary>The value a method gave, once its task is done; null for void.</summary>
    public static async ValueTask<object?> UnwrapAsync(object? result)
    {
        switch (result)
        {
            case Task task:
                await task;
                return ResultOf(task);
            case ValueTask task:
                await task;
                return null;
            case { } value when value.GetType() is { IsGenericType: true } type && type.GetGenericTypeDefinition() == typeof(ValueTask<>):
                var inner = (Task)type.GetMethod(nameof(ValueTask<object>.AsTask))!.Invoke(value, null)!;
                await inner;
                return ResultOf(inner);
            default:
                return result;
        }
    }

    private static object? Input(TaskEntityOperation operation, MethodInfo method, ParameterInfo parameter) =>
        operation.HasInput ? operation.GetInput(parameter.ParameterType)
        : parameter.HasDefaultValue ? parameter.DefaultValue
        : throw new InvalidOperationException($"'{method}' serves '{operation}' and expects the input '{parameter.Name}', but the caller gave none.");

    private static object? ResultOf(Task task)
    {
        // An async method without a result is a Task<VoidTaskResult> underneath.
        var result = task.GetType().GetProperty(nameof(Task<object>.Result));
        return result is null || result.PropertyType.Name == "VoidTaskResult" ? null : result.GetValue(task);
    }
}
