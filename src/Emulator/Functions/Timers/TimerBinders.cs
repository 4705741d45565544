using System.Reflection;
using System.Text.Json;
using Chard.Emulator.Functions.Invocation;
using Microsoft.Azure.Functions.Worker;
using Microsoft.Extensions.DependencyInjection;

namespace Chard.Emulator.Functions.Timers;

/// <summary>Fills the trigger's parameter of timer functions: a TimerInfo, its JSON, or a class of the same shape.</summary>
internal static class TimerBinders
{
    public static ParameterBinder ForTimer(ParameterInfo parameter)
    {
        if (parameter.ParameterType == typeof(TimerInfo))
        {
            return context => new ValueTask<object?>(context.TriggerValue);
        }

        return context =>
        {
            var json = JsonSerializer.Serialize(context.TriggerValue, JsonSerializerOptions.Web);
            return new ValueTask<object?>(parameter.ParameterType == typeof(string)
                ? json
                : context.RootServices.GetRequiredService<WorkerSerializer>().Deserialize(json, parameter.ParameterType));
        };
    }
}
