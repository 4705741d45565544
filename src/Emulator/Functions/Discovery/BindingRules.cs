using System.Reflection;
using Chard.Emulator.Functions.Durable;
using Chard.Emulator.Functions.Http;
using Chard.Emulator.Functions.Invocation;
using Chard.Emulator.Functions.Queues;
using Chard.Emulator.Functions.Timers;
using Microsoft.Azure.Functions.Worker;
using Microsoft.Azure.Functions.Worker.Converters;
using Microsoft.Azure.Functions.Worker.Extensions.Abstractions;
using Microsoft.DurableTask;
using Microsoft.DurableTask.Client;
using Microsoft.Extensions.Configuration;

namespace Chard.Emulator.Functions.Discovery;

/// <summary>Decides how each parameter of a function is filled, and names those that nothing can fill.</summary>
internal sealed class BindingRules(IConfiguration configuration, bool aspNetCore, IReadOnlyList<Type> appConverters)
{
    private static readonly string[] ActivityData = ["instanceId", "name", "data"];

    public IConfiguration Configuration { get; } = configuration;

    public void Bind(FunctionDescriptor function, List<string> faults)
    {
        CheckTrigger(function, faults);
        var hasInput = false;
        var binders = new ParameterBinder[function.ParameterInfos.Length];
        for (var index = 0; index < binders.Length; index++)
        {
            var parameter = function.ParameterInfos[index];
            var isTrigger = index == function.TriggerIndex;
            var binder = isTrigger
                ? BindTrigger(function, parameter, faults)
                : BindOther(function, parameter, ref hasInput, faults);
            var converters = ConvertersOf(parameter);
            if (converters.Count > 0 && !function.Kind.IsDurable() && parameter.GetCustomAttribute<InputBindingAttribute>(true) is null)
            {
                binder = ParameterBinders.WithConverters(parameter, isTrigger, converters, binder);
            }

            if (binder is null)
            {
                faults.Add($"nothing fills parameter '{parameter.Name}' ({parameter.ParameterType}): {Hint(function.Kind)}");
            }

            binders[index] = binder!;
        }

        function.Binders = binders;
    }

    private void CheckTrigger(FunctionDescriptor function, List<string> faults)
    {
        switch (function.Trigger)
        {
            case HttpTriggerAttribute http:
                HttpRoute.Check(function, http, faults);
                break;
            case QueueTriggerAttribute queue:
                QueueNames.Check(queue.QueueName, Configuration, faults);
                break;
            case TimerTriggerAttribute timer:
                TimerSchedule.Check(timer.Schedule, Configuration, faults);
                break;
        }

        foreach (var output in function.Outputs)
        {
            if (output.Attribute is QueueOutputAttribute queue)
            {
                QueueNames.Check(queue.QueueName, Configuration, faults);
            }
            else if (output.Attribute is not HttpResultAttribute)
            {
                faults.Add($"the emulator has no output binding {output.Attribute.GetType().Name} ({output.Name})");
            }
        }
    }

    private ParameterBinder? BindTrigger(FunctionDescriptor function, ParameterInfo parameter, List<string> faults)
    {
        var type = parameter.ParameterType;
        if (type == typeof(FunctionContext) && function.Kind is not (TriggerKind.Orchestration or TriggerKind.Entity))
        {
            return ParameterBinders.Context;
        }

        switch (function.Kind)
        {
            case TriggerKind.Http:
                return HttpBinders.ForRequest(parameter, aspNetCore, faults);
            case TriggerKind.Queue:
                return QueueBinders.ForMessage(parameter);
            case TriggerKind.Timer:
                return TimerBinders.ForTimer(parameter);
            case TriggerKind.Orchestration when type != typeof(TaskOrchestrationContext):
                faults.Add($"[OrchestrationTrigger] belongs on a TaskOrchestrationContext, not on '{parameter.Name}' ({type})");
                return ParameterBinders.Context;
            case TriggerKind.Entity when type != typeof(TaskEntityDispatcher):
                faults.Add($"[EntityTrigger] belongs on a TaskEntityDispatcher, not on '{parameter.Name}' ({type})");
                return ParameterBinders.Context;
            case TriggerKind.Activity:
                return DurableBinders.ActivityInput(parameter);
            default:
                return context => new ValueTask<object?>(context.TriggerValue);
        }
    }

    private ParameterBinder? BindOther(FunctionDescriptor function, ParameterInfo parameter, ref bool hasInput, List<string> faults)
    {
        var type = parameter.ParameterType;
        if (type == typeof(FunctionContext))
        {
            return ParameterBinders.Context;
        }

        if (type == typeof(CancellationToken))
        {
            return ParameterBinders.Cancellation;
        }

        if (parameter.GetCustomAttribute<DurableClientAttribute>() is not null)
        {
            if (type != typeof(DurableTaskClient))
            {
                faults.Add($"[DurableClient] fills a DurableTaskClient and nothing else; '{parameter.Name}' is a {type}");
            }

            return DurableBinders.Client;
        }

        if (type == typeof(DurableTaskClient))
        {
            faults.Add($"parameter '{parameter.Name}' is a DurableTaskClient without [DurableClient]");
            return ParameterBinders.Context;
        }

        switch (function.Kind)
        {
            case TriggerKind.Http:
                return HttpBinders.ForOther(parameter, aspNetCore, faults);
            case TriggerKind.Orchestration when !hasInput:
                hasInput = true;
                return DurableBinders.OrchestrationInput(parameter);
            case TriggerKind.Activity when ActivityData.Contains(parameter.Name, StringComparer.OrdinalIgnoreCase):
            case TriggerKind.Queue when QueueBinders.Names.Contains(parameter.Name, StringComparer.OrdinalIgnoreCase):
                return ParameterBinders.ByName(parameter);
            default:
                return parameter.HasDefaultValue ? ParameterBinders.ByName(parameter) : null;
        }
    }

    private List<Type> ConvertersOf(ParameterInfo parameter) =>
    [
        .. parameter.GetCustomAttributes<InputConverterAttribute>(true)
            .Where(attribute => attribute is not Microsoft.Azure.Functions.Worker.Http.FromBodyAttribute)
            .Select(attribute => attribute.ConverterType),
        .. parameter.ParameterType.GetCustomAttributes<InputConverterAttribute>(true).Select(attribute => attribute.ConverterType),
        .. appConverters,
    ];

    private static string Hint(TriggerKind kind) => kind switch
    {
        TriggerKind.Queue => $"a queue-triggered function can take {string.Join(", ", QueueBinders.Names)}, FunctionContext and CancellationToken besides its message",
        TriggerKind.Activity => "an activity can take instanceId, FunctionContext and CancellationToken besides its input",
        TriggerKind.Orchestration => "an orchestrator can take one input, FunctionContext and CancellationToken besides its context",
        TriggerKind.Http => "an HTTP function can take route and query values of simple types, [FromBody], FunctionContext and CancellationToken besides its request",
        _ => "the function can take FunctionContext and CancellationToken besides its trigger",
    };
}
