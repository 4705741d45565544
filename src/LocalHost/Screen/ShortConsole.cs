using System.Globalization;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Logging.Console;

namespace Chard.LocalHost.Screen;

/// <summary>One line an entry: time, level unless Information, category without its namespace, message; an exception below it.</summary>
internal sealed class ShortConsole() : ConsoleFormatter(FormatterName)
{
    private const string FormatterName = "short";

    /// <summary>Until it is, exceptions are not written: what keeps the host from starting is told in a sentence, once.</summary>
    public bool IsStarted { get; set; }

    public void AddTo(ILoggingBuilder logging)
    {
        logging.AddConsole(options => options.FormatterName = FormatterName);
        logging.Services.AddSingleton<ConsoleFormatter>(this);
    }

    public override void Write<TState>(in LogEntry<TState> logEntry, IExternalScopeProvider? scopeProvider, TextWriter textWriter)
    {
        if (logEntry.Exception is not null && !IsStarted)
        {
            return;
        }

        var level = logEntry.LogLevel switch
        {
            LogLevel.Trace => "trace ",
            LogLevel.Debug => "debug ",
            LogLevel.Warning => "WARN  ",
            LogLevel.Error => "ERROR ",
            LogLevel.Critical => "FATAL ",
            _ => string.Empty,
        };
        textWriter.Write(TimeProvider.System.GetLocalNow().ToString("[HH:mm:ss.fff] ", CultureInfo.InvariantCulture));
        textWriter.Write(level);
        textWriter.Write(Shortened(logEntry.Category));
        textWriter.Write(": ");
        textWriter.WriteLine(logEntry.Formatter(logEntry.State, logEntry.Exception));
        if (logEntry.Exception is not null)
        {
            textWriter.WriteLine(logEntry.Exception);
        }
    }

    /// <summary>What a function logs has the category <c>Function.{name}.User</c>: the name says it.</summary>
    private static ReadOnlySpan<char> Shortened(string category)
    {
        var name = category.AsSpan();
        if (name.StartsWith("Function."))
        {
            name = name["Function.".Length..];
            return name.EndsWith(".User") ? name[..^".User".Length] : name;
        }

        return name[(name.LastIndexOf('.') + 1)..];
    }
}
