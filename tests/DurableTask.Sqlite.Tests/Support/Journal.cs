using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;

namespace Chard.DurableTask.Sqlite.Tests;

/// <summary>Keeps the warnings and errors of a hub, for a test that fails to show, or to look for.</summary>
internal sealed class Journal : ILoggerFactory, ILogger
{
    public ConcurrentQueue<string> Lines { get; } = new();

    public ILogger CreateLogger(string categoryName) => this;

    public void AddProvider(ILoggerProvider provider)
    {
    }

    public bool IsEnabled(LogLevel logLevel) => logLevel >= LogLevel.Warning;

    public IDisposable? BeginScope<TState>(TState state)
        where TState : notnull => null;

    public void Log<TState>(
        LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
    {
        if (IsEnabled(logLevel))
        {
            Lines.Enqueue($"{logLevel}: {formatter(state, exception)} {exception}");
        }
    }

    public override string ToString() => string.Join(Environment.NewLine, Lines.TakeLast(20));

    public void Dispose()
    {
    }
}
