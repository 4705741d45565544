using Chard.LocalHost.Worker.Protocol;
using Microsoft.Extensions.Logging;

namespace Chard.LocalHost.Worker;

/// <summary>Hands on what the worker logs: under <c>Function.{name}.User</c> where a function's own code logged it, as on Azure.</summary>
internal sealed class WorkerLogs(ILoggerFactory loggers)
{
    private static readonly string[] Frameworks = ["Azure.", "Microsoft.", "System."];

    public void Write(RpcLog log, string? function)
    {
        if (log.LogCategory != RpcLog.Types.Category.CustomMetric)
        {
            var own = function is not null && !Frameworks.Any(prefix => log.Category.StartsWith(prefix, StringComparison.Ordinal));
            var logger = loggers.CreateLogger(own ? $"Function.{function}.User" : log.Category);
            var level = (LogLevel)log.Level;
            if (logger.IsEnabled(level))
            {
                var text = log.Exception is null ? log.Message : $"{log.Message}{Environment.NewLine}{log.Exception.Message}";
                logger.Log(level, default, text, null, static (state, _) => state);
            }
        }
    }
}
