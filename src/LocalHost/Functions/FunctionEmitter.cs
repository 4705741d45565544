using System.Collections.Concurrent;
using System.Globalization;
using System.Reflection;
using System.Reflection.Emit;
using Chard.LocalHost.Worker.Protocol;
using Microsoft.AspNetCore.Http;
using Microsoft.Azure.WebJobs;
using Microsoft.Azure.WebJobs.Extensions.DurableTask;

namespace Chard.LocalHost.Functions;

/// <summary>
/// Turns functions into a class that the WebJobs SDK can index: the attributes that the app's authors wrote for the worker are written
/// again for the host.
/// </summary>
internal static class FunctionEmitter
{
    /// <summary>Classes stay for ever, so hosts of the same functions in one process share one.</summary>
    private static readonly ConcurrentDictionary<string, Lazy<EmittedClass>> Classes = new();

    /// <summary>What the durable extension calls the id of the orchestration that calls an activity.</summary>
    private const string InstanceId = "instanceId";

    private static readonly MethodInfo RunMethod =
        typeof(EmittedFunctions).GetMethod("RunAsync", BindingFlags.Instance | BindingFlags.NonPublic)!;

    public static EmittedClass Emit(IReadOnlyList<FunctionDefinition> functions) =>
        Classes.GetOrAdd(
            string.Join('\n', functions.Select(function => function.Text)), _ => new Lazy<EmittedClass>(() => EmitNew(functions))).Value;

    private static EmittedClass EmitNew(IReadOnlyList<FunctionDefinition> functions)
    {
        var assembly = AssemblyBuilder.DefineDynamicAssembly(new AssemblyName("Chard.LocalHost.Emitted"), AssemblyBuilderAccess.Run);
        // Timers are remembered by this name.
        var type = assembly.DefineDynamicModule("Functions")
            .DefineType("Functions", TypeAttributes.Public | TypeAttributes.Sealed, typeof(EmittedFunctions));
        var parameters = functions.Select((function, index) => EmitMethod(type, function, index)).ToArray();
        return new EmittedClass(type.CreateType(), parameters);
    }

    private static EmittedParameter[] EmitMethod(TypeBuilder type, FunctionDefinition function, int index)
    {
        var parameters = Parameters(function).ToArray();
        var method = type.DefineMethod(
            function.Name,
            MethodAttributes.Public,
            function.IsDurable ? typeof(Task<object>) : typeof(Task),
            [.. parameters.Select(parameter => parameter.Type)]);
        method.SetCustomAttribute(Attribute(typeof(FunctionNameAttribute), [function.Name]));
        if (function.Kind == TriggerKind.Http)
        {
            method.SetCustomAttribute(Attribute(typeof(NoAutomaticTriggerAttribute), []));
        }

        if (function.Retry is { } retry)
        {
            method.SetCustomAttribute(RetryAttribute(retry));
        }

        var code = method.GetILGenerator();
        code.Emit(OpCodes.Ldarg_0);
        code.Emit(OpCodes.Ldc_I4, index);
        code.Emit(OpCodes.Ldc_I4, parameters.Length);
        code.Emit(OpCodes.Newarr, typeof(object));
        for (var place = 0; place < parameters.Length; place++)
        {
            var parameter = method.DefineParameter(place + 1, ParameterAttributes.None, parameters[place].Name);
            if (parameters[place].Attribute is { } attribute)
            {
                parameter.SetCustomAttribute(attribute);
            }

            code.Emit(OpCodes.Dup);
            code.Emit(OpCodes.Ldc_I4, place);
            code.Emit(OpCodes.Ldarg, place + 1);
            if (parameters[place].Type.IsValueType)
            {
                code.Emit(OpCodes.Box, parameters[place].Type);
            }

            code.Emit(OpCodes.Stelem_Ref);
        }

        code.Emit(OpCodes.Call, RunMethod);
        code.Emit(OpCodes.Ret);
        return [.. parameters.Select(parameter => new EmittedParameter(parameter.Name, parameter.Role))];
    }

    private static IEnumerable<Parameter> Parameters(FunctionDefinition function)
    {
        var trigger = function.Trigger;
        yield return function.Kind switch
        {
            TriggerKind.Http => new Parameter(trigger.Name, typeof(HttpContext), ParameterRole.HttpContext),
            TriggerKind.Queue => new Parameter(
                trigger.Name,
                trigger.IsDeferred ? typeof(ParameterBindingData) : trigger.IsBinary ? typeof(byte[]) : typeof(string),
                ParameterRole.Input,
                Attribute(typeof(QueueTriggerAttribute), [trigger.Text("queueName")], trigger)),
            TriggerKind.Timer => new Parameter(
                trigger.Name,
                typeof(TimerInfo),
                ParameterRole.Input,
                Attribute(typeof(TimerTriggerAttribute), [trigger.Text("schedule")], trigger)),
            TriggerKind.Orchestration => Durable(typeof(OrchestrationTriggerAttribute)),
            TriggerKind.Activity => Durable(typeof(ActivityTriggerAttribute)),
            _ => Durable(typeof(EntityTriggerAttribute)),
        };
        if (function.Kind == TriggerKind.Activity && trigger.Name != InstanceId)
        {
            yield return new Parameter(InstanceId, typeof(string), ParameterRole.Metadatum);
        }

        foreach (var client in function.Clients)
        {
            yield return new Parameter(
                client.Name, typeof(string), ParameterRole.Input, Attribute(typeof(DurableClientAttribute), [], client));
        }

        if (function.Kind == TriggerKind.Queue || function.Outputs.Count > 0)
        {
            yield return new Parameter("_binder", typeof(Microsoft.Azure.WebJobs.Binder), ParameterRole.Binder);
        }

        if (function.Retry is not null)
        {
            yield return new Parameter("_context", typeof(Microsoft.Azure.WebJobs.ExecutionContext), ParameterRole.ExecutionContext);
        }

        yield return new Parameter("_cancellation", typeof(CancellationToken), ParameterRole.CancellationToken);

        Parameter Durable(Type attribute) => new(trigger.Name, typeof(string), ParameterRole.Input, Attribute(attribute, [], trigger));
    }

    private static CustomAttributeBuilder RetryAttribute(RpcRetryOptions retry) =>
        retry.RetryStrategy == RpcRetryOptions.Types.RetryStrategy.FixedDelay
            ? Attribute(typeof(FixedDelayRetryAttribute), [retry.MaxRetryCount, Text(retry.DelayInterval.ToTimeSpan())])
            : Attribute(
                typeof(ExponentialBackoffRetryAttribute),
                [retry.MaxRetryCount, Text(retry.MinimumInterval.ToTimeSpan()), Text(retry.MaximumInterval.ToTimeSpan())]);

    private static string Text(TimeSpan interval) => interval.ToString("c", CultureInfo.InvariantCulture);

    /// <summary>An attribute with each property that the binding has a member for.</summary>
    private static CustomAttributeBuilder Attribute(Type type, object?[] arguments, Binding? binding = null)
    {
        var constructor = type.GetConstructor([.. arguments.Select(argument => argument!.GetType())])!;
        var values = (binding is null ? [] : type.GetProperties().Where(property => property.SetMethod is { IsPublic: true }))
            .Select(property => (Property: property, Value: binding!.Value(property.Name, property.PropertyType)))
            .Where(pair => pair.Value is not null)
            .ToArray();
        return new CustomAttributeBuilder(
            constructor, arguments, [.. values.Select(pair => pair.Property)], [.. values.Select(pair => pair.Value)]);
    }

    private sealed record Parameter(string Name, Type Type, ParameterRole Role, CustomAttributeBuilder? Attribute = null);
}
