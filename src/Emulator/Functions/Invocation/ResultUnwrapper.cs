using System.Reflection;

namespace Chard.Emulator.Functions.Invocation;

/// <summary>Awaits what a method returned, whatever of Task, ValueTask or neither it is, and gives the result as an object.</summary>
internal static class ResultUnwrapper
{
    private static readonly ValueTask<object?> Nothing = new((object?)null);

    public static Func<object?, ValueTask<object?>> For(Type returnType)
    {
        if (returnType == typeof(void))
        {
            return _ => Nothing;
        }

        if (returnType == typeof(Task))
        {
            return Untyped;
        }

        if (returnType == typeof(ValueTask))
        {
            return result => Untyped(((ValueTask)result!).AsTask());
        }

        if (returnType.IsGenericType && returnType.GetGenericTypeDefinition() is var open && (open == typeof(Task<>) || open == typeof(ValueTask<>)))
        {
            var method = typeof(ResultUnwrapper)
                .GetMethod(open == typeof(Task<>) ? nameof(Typed) : nameof(TypedValue), BindingFlags.Static | BindingFlags.NonPublic)!
                .MakeGenericMethod(returnType.GetGenericArguments());
            return method.CreateDelegate<Func<object?, ValueTask<object?>>>();
        }

        return result => new ValueTask<object?>(result);
    }

    // No ConfigureAwait(false) here: an orchestrator has to stay on its own synchronization context.
    private static async ValueTask<object?> Untyped(object? task)
    {
        await (Task)task!;
        return null;
    }

    private static async ValueTask<object?> Typed<T>(object? task) => await (Task<T>)task!;

    private static async ValueTask<object?> TypedValue<T>(object? task) => await (ValueTask<T>)task!;
}
