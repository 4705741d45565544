using Chard.LocalHost.Worker.Protocol;

namespace Chard.LocalHost.Functions;

/// <summary>The function threw. The text has the form in which the durable extension looks for the details of a failure.</summary>
internal sealed class FunctionFailedException(StatusResult result)
    : Exception($"Result: {result.Status}\nException: {result.Exception?.Message}\nStack: {result.Exception?.StackTrace}");
