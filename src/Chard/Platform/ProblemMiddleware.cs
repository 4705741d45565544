using Azure;
using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;
using Microsoft.Azure.Functions.Worker.Middleware;
using Microsoft.Extensions.Logging;

namespace Chard.Platform;

/// <summary>
/// Turns what an HTTP function throws into a problem document: nobody outside gets an empty 500 or a stack trace. Other triggers
/// are left alone: their exceptions have to reach the host, which retries by them.
/// </summary>
public sealed partial class ProblemMiddleware(ILogger<ProblemMiddleware> logger) : IFunctionsWorkerMiddleware
{
    /// <inheritdoc/>
    public async Task Invoke(FunctionContext context, FunctionExecutionDelegate next)
    {
        ArgumentNullException.ThrowIfNull(context);
        ArgumentNullException.ThrowIfNull(next);
        if (context.GetHttpContext() is not { } http)
        {
            await next(context);
            return;
        }

        http.Request.Body = new CallerStream(http.Request.Body);
        try
        {
            await next(context);

            // The worker runs a result outside of this middleware.
            if (context.GetInvocationResult().Value is IResult result)
            {
                context.GetInvocationResult().Value = new Guarded(result, e => Answer(context, http, e), context.CancellationToken);
            }
        }
        catch (Exception e) when (IsGone(e, http, context.CancellationToken))
        {
            LogGone(logger, context.FunctionDefinition.Name, context.InvocationId);

            // Nobody reads it, unless it is the host that stops: then it is no success.
            context.GetInvocationResult().Value = Results.StatusCode(StatusCodes.Status503ServiceUnavailable);
        }
        catch (Exception e) when (!http.Response.HasStarted && !http.RequestAborted.IsCancellationRequested)
        {
            context.GetInvocationResult().Value = Answer(context, http, e);
        }
    }

    /// <summary>
    /// True if the caller has gone, which the server or the host may tell first: nobody is there to be answered,
    /// and nothing of ours has failed.
    /// </summary>
    private static bool IsGone(Exception exception, HttpContext http, CancellationToken cancelled) =>
        exception is CallerGoneException
        || ((http.RequestAborted.IsCancellationRequested || cancelled.IsCancellationRequested)
            && exception is OperationCanceledException or IOException);

    private IResult Answer(FunctionContext context, HttpContext http, Exception exception)
    {
        Exception cause = exception is AggregateException { InnerException: { } inner } ? inner : exception;
        switch (cause)
        {
            case BadHttpRequestException { StatusCode: StatusCodes.Status413PayloadTooLarge } tooLarge:
                return Problems.Problem(
                    StatusCodes.Status413PayloadTooLarge, "body-too-large", "The body is too large.", tooLarge.Message);
            case BadHttpRequestException bad:
                return Problems.InvalidRequest(bad.Message);
            case RequestFailedException { Status: 0 or 408 or 429 or >= 500 }:
                LogUnavailable(logger, cause, context.FunctionDefinition.Name, context.InvocationId);
                http.Response.Headers.RetryAfter = "5";
                return Problems.StorageUnavailable();
            default:
                LogFailed(logger, cause, context.FunctionDefinition.Name, context.InvocationId);
                return Problems.InternalError(context.InvocationId);
        }
    }

    [LoggerMessage(EventId = 130, EventName = "StorageUnavailable", Level = LogLevel.Warning,
        Message = "{Function} got no answer from storage (invocation {Invocation})")]
    private static partial void LogUnavailable(ILogger logger, Exception exception, string function, string invocation);

    [LoggerMessage(EventId = 131, EventName = "RequestFailed", Level = LogLevel.Error,
        Message = "{Function} failed (invocation {Invocation})")]
    private static partial void LogFailed(ILogger logger, Exception exception, string function, string invocation);

    [LoggerMessage(EventId = 132, EventName = "CallerGone", Level = LogLevel.Information,
        Message = "{Function} was left by its caller before the end (invocation {Invocation})")]
    private static partial void LogGone(ILogger logger, string function, string invocation);

    /// <summary>A result, or a problem if it fails before a byte of it is out.</summary>
    private sealed class Guarded(IResult result, Func<Exception, IResult> problem, CancellationToken cancelled) : IResult
    {
        public async Task ExecuteAsync(HttpContext httpContext)
        {
            try
            {
                await result.ExecuteAsync(httpContext);
            }
            catch (Exception e) when (IsGone(e, httpContext, cancelled))
            {
                // Most readers of an event stream leave before its end: not worth a line in the log.
            }
            catch (Exception e) when (!httpContext.Response.HasStarted && !httpContext.RequestAborted.IsCancellationRequested)
            {
                await problem(e).ExecuteAsync(httpContext);
            }
        }
    }
}
