using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;

namespace Chard.LocalHost.Tests;

/// <summary>What was logged, for tests to look at.</summary>
internal sealed class RecordedLogs : ILoggerProvider
{
    public ConcurrentQueue<(string Category, LogLevel Level, string Text)> All { get; } = new();

    public ILogger CreateLogger(string categoryName) => new Logger(this, categoryName);

    public void Dispose()
    {
    }

    private sealed class Logger(RecordedLogs logs, string category) : ILogger
    {
        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(
            LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
            logs.All.Enqueue((category, logLevel, formatter(state, exception)));
    }
}
