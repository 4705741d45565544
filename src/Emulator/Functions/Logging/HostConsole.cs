using System.Globalization;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Logging.Console;

namespace Chard.Emulator.Functions.Logging;

/// <summary>One line an entry: time, level, category without its namespace, message; exceptions below it.</summary>
internal sealed class HostConsoleFormatter(TimeProvider time) : ConsoleFormatter(FormatterName)
{
    public const string FormatterName = "chard";

    public override void Write<TState>(in LogEntry<TState> logEntry, IExternalScopeProvider? scopeProvider, TextWriter textWriter)
    {
        ArgumentNullException.ThrowIfNull(textWriter);
        if (logEntry.Exception is StartException)
        {
            // Told on standard error, without a stack trace.
            return;
        }

        textWriter.Write(time.GetLocalNow().ToString("[HH:mm:ss.fff] ", CultureInfo.InvariantCulture));
        var level = logEntry.LogLevel switch
        {
            LogLevel.Trace => "trace ",
            LogLevel.Debug => "debug ",
            LogLevel.Warning => "WARN  ",
            LogLevel.Error => "ERROR ",
            LogLevel.Critical => "FATAL ",
            _ => string.Empty,
        };
        textWriter.Write(level);
        textWriter.Write(logEntry.Category.AsSpan(logEntry.Category.LastIndexOf('.') + 1));
        textWriter.Write(": ");
        textWriter.WriteLine(logEntry.Formatter(logEntry.State, logEntry.Exception));
        if (logEntry.Exception is not null)
        {
            textWriter.WriteLine(logEntry.Exception);
        }
    }
}

internal static class HostConsole
{
    /// <summary>Adds the console as the host's log.</summary>
    public static ILoggingBuilder AddHostConsole(this ILoggingBuilder logging)
    {
        logging.AddConsole(options => options.FormatterName = HostConsoleFormatter.FormatterName);
        logging.Services.AddSingleton<ConsoleFormatter, HostConsoleFormatter>();
        return logging;
    }
}
