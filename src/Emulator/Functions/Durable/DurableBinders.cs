using System.Collections.Concurrent;
using System.Reflection;
using Chard.Emulator.DurableTask;
using Chard.Emulator.Functions.Invocation;
using Microsoft.DurableTask;
using Microsoft.Extensions.DependencyInjection;

namespace Chard.Emulator.Functions.Durable;

/// <summary>Fills the parameters of durable functions.</summary>
internal static class DurableBinders
{
    public static readonly ParameterBinder Client = context =>
        new ValueTask<object?>(context.RootServices.GetRequiredService<DurableRuntime>().Client);

    private static readonly ConcurrentDictionary<Type, Func<TaskOrchestrationContext, object?>> Readers = new();

    /// <summary>The activity's input as the parameter's type; null stays null, and a value type without an input is an error.</summary>
    public static ParameterBinder ActivityInput(ParameterInfo parameter) => context =>
    {
        var invocation = (ActivityInvocation)context.TriggerValue!;
        if (invocation.SerializedInput is null)
        {
            return new ValueTask<object?>(ParameterBinders.Missing(context, parameter));
        }

        try
        {
            return new ValueTask<object?>(invocation.GetInput(parameter.ParameterType));
        }
        catch (System.Text.Json.JsonException error)
        {
            throw ParameterBinders.Failure(context, parameter, error.Message, error);
        }
    };

    /// <summary>
    /// The orchestration's input, only where the parameter's declared type is exactly the value's: an <c>int?</c>, a base class or an interface stays null.
    /// </summary>
    public static ParameterBinder OrchestrationInput(ParameterInfo parameter)
    {
        var type = parameter.ParameterType;
        var reader = Readers.GetOrAdd(type, static type => typeof(DurableBinders)
            .GetMethod(nameof(Read), BindingFlags.Static | BindingFlags.NonPublic)!
            .MakeGenericMethod(type)
            .CreateDelegate<Func<TaskOrchestrationContext, object?>>());
        return context =>
        {
            var value = reader((TaskOrchestrationContext)context.TriggerValue!);
            return new ValueTask<object?>(value?.GetType() == type ? value : ParameterBinders.Missing(context, parameter));
        };
    }

    private static object? Read<T>(TaskOrchestrationContext context) => context.GetInput<T>();
}
