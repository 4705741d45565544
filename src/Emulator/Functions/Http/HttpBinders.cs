using System.Reflection;
using Chard.Emulator.Functions.Invocation;
using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker.Converters;
using Microsoft.Azure.Functions.Worker.Http;
using Microsoft.Extensions.DependencyInjection;

namespace Chard.Emulator.Functions.Http;

/// <summary>Fills the parameters of HTTP functions.</summary>
internal static class HttpBinders
{
    public static ParameterBinder? ForRequest(ParameterInfo parameter, bool aspNetCore, List<string> faults)
    {
        if (Request(parameter.ParameterType, aspNetCore) is { } binder)
        {
            return binder;
        }

        faults.Add(parameter.ParameterType == typeof(HttpRequest)
            ? $"parameter '{parameter.Name}' is an HttpRequest, which needs builder.ConfigureFunctionsWebApplication()"
            : $"[HttpTrigger] belongs on an HttpRequest or an HttpRequestData, not on '{parameter.Name}' ({parameter.ParameterType})");
        return ParameterBinders.Context;
    }

    public static ParameterBinder? ForOther(ParameterInfo parameter, bool aspNetCore, List<string> faults)
    {
        if (parameter.ParameterType == typeof(HttpRequest) || parameter.ParameterType == typeof(HttpRequestData))
        {
            return ForRequest(parameter, aspNetCore, faults);
        }

        if (parameter.GetCustomAttribute<FromBodyAttribute>() is not null)
        {
            return context => BodyAsync(context, parameter);
        }

        return ValueConversion.IsSimple(parameter.ParameterType) || parameter.HasDefaultValue ? ParameterBinders.ByName(parameter) : null;
    }

    private static ParameterBinder? Request(Type type, bool aspNetCore)
    {
        if (type == typeof(HttpRequest) && aspNetCore)
        {
            return context => new ValueTask<object?>(((HttpContext)context.TriggerValue!).Request);
        }

        return type == typeof(HttpRequestData)
            ? context => new ValueTask<object?>(HttpRequestFeature.RequestData(context))
            : null;
    }

    private static async ValueTask<object?> BodyAsync(HostFunctionContext context, ParameterInfo parameter)
    {
        var request = ((HttpContext)context.TriggerValue!).Request;
        if (parameter.ParameterType == typeof(string))
        {
            using var reader = new StreamReader(request.Body, leaveOpen: true);
            return await reader.ReadToEndAsync(context.CancellationToken);
        }

        using var buffer = new MemoryStream();
        await request.Body.CopyToAsync(buffer, context.CancellationToken);
        if (buffer.Length == 0)
        {
            return ParameterBinders.Missing(context, parameter);
        }

        try
        {
            var serializer = context.RootServices.GetRequiredService<WorkerSerializer>();
            return serializer.Deserialize(buffer.GetBuffer().AsMemory(0, (int)buffer.Length), parameter.ParameterType);
        }
        catch (System.Text.Json.JsonException error)
        {
            throw ParameterBinders.Failure(context, parameter, error.Message, error);
        }
    }
}

/// <summary>What [FromBody] names as its converter. The host reads the body itself, so this one never has anything to do.</summary>
internal sealed class BodyConverter : IInputConverter
{
    public ValueTask<ConversionResult> ConvertAsync(ConverterContext context) => new(ConversionResult.Unhandled());
}
