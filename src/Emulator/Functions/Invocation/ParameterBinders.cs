using System.Reflection;
using Microsoft.Azure.Functions.Worker;
using Microsoft.Azure.Functions.Worker.Converters;
using Microsoft.Extensions.DependencyInjection;

namespace Chard.Emulator.Functions.Invocation;

/// <summary>The ways to fill a parameter that do not depend on the trigger.</summary>
internal static class ParameterBinders
{
    public static readonly ParameterBinder Context = context => new ValueTask<object?>(context);

    public static readonly ParameterBinder Cancellation = context => new ValueTask<object?>(context.CancellationToken);

    /// <summary>From the binding data: route values, message metadata, instance ids, whatever their case.</summary>
    public static ParameterBinder ByName(ParameterInfo parameter) => context =>
    {
        var source = Lookup(context, parameter.Name!);
        return new ValueTask<object?>(source is null
            ? Missing(context, parameter)
            : Converted(context, parameter, source));
    };

    /// <summary>Asks the converters named on the parameter and its type, then those of the app, and last <paramref name="fallback"/>.</summary>
    public static ParameterBinder WithConverters(ParameterInfo parameter, bool isTrigger, IReadOnlyList<Type> converters, ParameterBinder? fallback)
    {
        var target = parameter.ParameterType;
        var properties = parameter.GetCustomAttributes().Aggregate(
            new Dictionary<string, object>(),
            (all, attribute) =>
            {
                all[attribute.GetType().FullName!] = attribute;
                return all;
            });
        return async context =>
        {
            var source = isTrigger ? context.TriggerValue : Lookup(context, parameter.Name!);
            var request = new HostConverterContext(target, source, context, properties);
            foreach (var type in converters)
            {
                var converter = (IInputConverter)ActivatorUtilities.GetServiceOrCreateInstance(context.InstanceServices, type);
                var result = await converter.ConvertAsync(request);
                switch (result.Status)
                {
                    case ConversionStatus.Succeeded:
                        return result.Value;
                    case ConversionStatus.Failed:
                        throw Failure(context, parameter, $"{type.Name} failed: {result.Error?.Message}", result.Error);
                    default:
                        continue;
                }
            }

            return fallback is null ? Missing(context, parameter) : await fallback(context);
        };
    }

    /// <summary>The default of a parameter nothing was found for; an error where it has none.</summary>
    public static object? Missing(HostFunctionContext context, ParameterInfo parameter)
    {
        if (parameter.HasDefaultValue)
        {
            return parameter.DefaultValue;
        }

        return !parameter.ParameterType.IsValueType || Nullable.GetUnderlyingType(parameter.ParameterType) is not null
            ? null
            : throw Failure(context, parameter, "the trigger brought no value of that name", null);
    }

    public static object? Converted(HostFunctionContext context, ParameterInfo parameter, object? source)
    {
        try
        {
            return ValueConversion.Convert(source, parameter.ParameterType, context.RootServices.GetRequiredService<WorkerSerializer>());
        }
        catch (Exception error) when (error is FormatException or OverflowException or InvalidCastException or System.Text.Json.JsonException or NotSupportedException)
        {
            throw Failure(context, parameter, error.Message, error);
        }
    }

    public static FunctionInputConverterException Failure(HostFunctionContext context, ParameterInfo parameter, string reason, Exception? inner) => new(
        $"Parameter '{parameter.Name}' ({parameter.ParameterType}) of function '{context.Function.Name}' could not be filled: {reason}",
        inner);

    private static object? Lookup(HostFunctionContext context, string name)
    {
        var data = context.BindingContext.BindingData;
        if (data.TryGetValue(name, out var value))
        {
            return value;
        }

        foreach (var (key, candidate) in data)
        {
            if (string.Equals(key, name, StringComparison.OrdinalIgnoreCase))
            {
                return candidate;
            }
        }

        return null;
    }

    private sealed class HostConverterContext(Type target, object? source, FunctionContext context, IReadOnlyDictionary<string, object> properties)
        : ConverterContext
    {
        public override Type TargetType { get; } = target;

        public override object? Source { get; } = source;

        public override FunctionContext FunctionContext { get; } = context;

        public override IReadOnlyDictionary<string, object> Properties { get; } = properties;
    }
}
