using System.Diagnostics;
using Chard.Emulator.Functions.Discovery;
using Chard.Emulator.Functions.Hosting;
using Chard.Emulator.Functions.Invocation;
using Chard.Emulator.Functions.Queues;
using Chard.Emulator.Testing;
using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;
using Microsoft.Extensions.Logging;

namespace Chard.Emulator.Functions.Http;

/// <summary>Runs an HTTP function for a request: key, invocation, answer. An exception that nobody handled is 500 with an empty body.</summary>
internal sealed class HttpFunctionHandler(
    FunctionInvoker invoker,
    FunctionKeys keys,
    OutputSender outputs,
    HostActivity hostActivity,
    IServiceProvider services,
    TimeProvider time,
    ILoggerFactory loggers)
{
    private readonly ILogger logger = loggers.CreateLogger("Host.Http");

    public async Task RunAsync(HttpContext http, FunctionDescriptor function, HttpTriggerAttribute trigger)
    {
        if (!keys.Allows(http.Request, trigger.EffectiveLevel, function.Name))
        {
            http.Response.StatusCode = StatusCodes.Status401Unauthorized;
            return;
        }

        using var running = hostActivity.Begin(isRequest: true);
        if (time is SkippingTimeProvider)
        {
            SkippingTimeProvider.InRequest.Value = true;
        }

        using var cancellation = CancellationTokenSource.CreateLinkedTokenSource(http.RequestAborted, hostActivity.Stopped);
        await using var context = new HostFunctionContext(function, services, http, BindingData(http), cancellation.Token);
        context.Items["HttpRequestContext"] = http;
        http.RequestServices = context.InstanceServices;
        var started = Stopwatch.GetTimestamp();
        try
        {
            await invoker.InvokeAsync(context);
            await outputs.SendAsync(context, cancellation.Token);
            await HttpResults.WriteAsync(http, HttpResults.AnswerOf(context));
        }
        catch (OperationCanceledException) when (http.RequestAborted.IsCancellationRequested)
        {
            logger.LogDebug("{Function}: the caller has gone", function.Name);
        }
        catch (BadHttpRequestException)
        {
            throw;
        }
        catch (Exception error)
        {
            // The boundary of an invocation: any exception is the function's failure, logged here and told to the caller as 500.
            logger.LogError(error, "{Function} failed", function.Name);
            if (!http.Response.HasStarted)
            {
                http.Response.Clear();
                http.Response.StatusCode = StatusCodes.Status500InternalServerError;
            }
            else
            {
                http.Abort();
            }
        }

        if (logger.IsEnabled(LogLevel.Information))
        {
            logger.LogInformation(
                "{Method} {Path} -> {Status} in {Elapsed:0} ms ({Function})",
                http.Request.Method,
                http.Request.Path.Value,
                http.Response.StatusCode,
                Stopwatch.GetElapsedTime(started).TotalMilliseconds,
                function.Name);
        }
    }

    /// <summary>Query values, then route values, which win.</summary>
    private static Dictionary<string, object?> BindingData(HttpContext http)
    {
        var data = new Dictionary<string, object?>(StringComparer.OrdinalIgnoreCase);
        foreach (var (name, value) in http.Request.Query)
        {
            data[name] = value.ToString();
        }

        foreach (var (name, value) in http.Request.RouteValues)
        {
            data[name] = value;
        }

        return data;
    }
}
