using Microsoft.Azure.Functions.Worker;
using Microsoft.Azure.Functions.Worker.Middleware;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Logging;

namespace Chard.Platform;

/// <summary>
/// Ends HTTP functions whose callers have gone before the request came from the host: the worker waits for it, gives up, and would
/// log an error with a stack. Stands before the worker's own middleware for HTTP, which does the waiting; what happens later is
/// <see cref="ProblemMiddleware"/>'s.
/// </summary>
public sealed partial class CallerGoneMiddleware(ILogger<CallerGoneMiddleware> logger) : IFunctionsWorkerMiddleware
{
    /// <inheritdoc/>
    public async Task Invoke(FunctionContext context, FunctionExecutionDelegate next)
    {
        ArgumentNullException.ThrowIfNull(context);
        ArgumentNullException.ThrowIfNull(next);
        try
        {
            await next(context);
        }
        catch (OperationCanceledException) when (IsHttp(context)
            && context.GetHttpContext() is null
            && context.CancellationToken.IsCancellationRequested)
        {
            LogGone(logger, context.FunctionDefinition.Name, context.InvocationId);
        }
    }

    private static bool IsHttp(FunctionContext context) =>
        context.FunctionDefinition.InputBindings.Values.Any(b => b.Type.Equals("httpTrigger", StringComparison.OrdinalIgnoreCase));

    /// <summary>Puts it before all other middleware, wherever in the app's start it is called.</summary>
    /// <exception cref="InvalidOperationException">The services are those of no Functions worker.</exception>
    internal static void AddFirst(IServiceCollection services)
    {
        Func<IServiceProvider, object> pipeline =
            services.LastOrDefault(s => s.ServiceType == typeof(FunctionExecutionDelegate))?.ImplementationFactory
            ?? throw new InvalidOperationException(
                "Chard runs in a Functions worker: begin with FunctionsApplication.CreateBuilder(args).");
        services.Replace(ServiceDescriptor.Singleton<FunctionExecutionDelegate>(provider =>
        {
            var others = (FunctionExecutionDelegate)pipeline(provider);
            CallerGoneMiddleware first = ActivatorUtilities.CreateInstance<CallerGoneMiddleware>(provider);
            return context => first.Invoke(context, others);
        }));
    }

    [LoggerMessage(EventId = 133, EventName = "CallerGoneBefore", Level = LogLevel.Information,
        Message = "{Function} was not begun: its caller has gone, or the host stops (invocation {Invocation})")]
    private static partial void LogGone(ILogger logger, string function, string invocation);
}
