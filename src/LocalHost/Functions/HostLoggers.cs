using Microsoft.Extensions.Logging;

namespace Chard.LocalHost.Functions;

/// <summary>
/// The loggers of the WebJobs SDK. The durable extension logs each of its steps as if the function did; under the host's own category for
/// the function
/// they are as quiet as the rest of the host.
/// </summary>
internal sealed class HostLoggers(ILoggerFactory inner) : ILoggerFactory
{
    private const string UserSuffix = ".User";

    public ILogger CreateLogger(string categoryName) =>
        inner.CreateLogger(categoryName.EndsWith(UserSuffix, StringComparison.Ordinal) ? categoryName[..^UserSuffix.Length] : categoryName);

    /// <summary>The SDK brings one that keeps what functions log in memory, for a dashboard that is not there.</summary>
    public void AddProvider(ILoggerProvider provider)
    {
    }

    /// <summary>The loggers are the process's.</summary>
    public void Dispose()
    {
    }
}
