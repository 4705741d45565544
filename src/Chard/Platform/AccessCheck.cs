using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Chard.Platform;

/// <summary>Reads the settings of access when the host starts, and says so if they let nobody in.</summary>
internal sealed partial class AccessCheck(AccessSettings access, ILogger<AccessCheck> logger) : IHostedService
{
    /// <inheritdoc/>
    public Task StartAsync(CancellationToken cancellationToken)
    {
        if (!access.CanAnybodyEnter)
        {
            LogClosed(logger, AccessSettings.Section);
        }

        return Task.CompletedTask;
    }

    /// <inheritdoc/>
    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    [LoggerMessage(EventId = 185, EventName = "AccessClosed", Level = LogLevel.Warning,
        Message = "Nobody may call the API: set {Section}:OperatorKey, :StarterKey and :ReaderKey, or have callers signed in by Entra")]
    private static partial void LogClosed(ILogger logger, string section);
}
