using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Logging;

namespace Chard.Emulator.Functions.Settings;

/// <summary>
/// The keys host.json may have. The real host ignores a key it does not know, so a section in the wrong place goes unnoticed; here it is a fault.
/// </summary>
internal static class HostJsonSchema
{
    private static readonly string[] TopLevel =
    [
        "$schema", "version", "aggregator", "concurrency", "customHandler", "extensionBundle", "extensions", "functions", "functionTimeout",
        "healthMonitor", "http", "logging", "managedDependency", "queues", "retry", "singleton", "telemetryMode", "watchDirectories", "watchFiles",
    ];

    private static readonly string[] Logging =
        ["applicationInsights", "categoryFilter", "console", "fileLoggingMode", "logger", "logLevel"];

    private static readonly string[] Http =
    [
        "customHeaders", "dynamicThrottlesEnabled", "hsts", "maxConcurrentRequests", "maxOutstandingRequests", "routePrefix",
    ];

    private static readonly string[] Queues =
        ["batchSize", "maxDequeueCount", "maxPollingInterval", "messageEncoding", "newBatchThreshold", "visibilityTimeout"];

    private static readonly string[] Durable =
    [
        "customLifeCycleNotificationHelperType", "defaultVersion", "entityMessageReorderWindowInMinutes", "extendedSessionIdleTimeoutInSeconds",
        "extendedSessionsEnabled", "gracefulTermination", "grpcListenerMode", "httpSettings", "hubName", "localRpcEndpointEnabled",
        "maxConcurrentActivityFunctions", "maxConcurrentEntityFunctions", "maxConcurrentOrchestratorFunctions", "maxEntityOperationBatchSize",
        "maxGrpcMessageSizeInBytes", "grpcHttpClientTimeout", "maxOrchestrationActions", "notifications", "overridableExistingInstanceStates",
        "rollbackEntityOperationsOnExceptions", "storageProvider", "storeInputsInOrchestrationHistory", "throwStatusExceptionsOnRaiseEvent",
        "tracing", "useAppLease", "useGracefulShutdown", "useGrpc", "versionFailureStrategy", "versionMatchStrategy",
    ];

    public static void Check(IConfiguration root, HostJsonReader reader)
    {
        Keys(root, string.Empty, TopLevel, reader);
        Keys(root, "logging", Logging, reader);
        Keys(root, "extensions:http", Http, reader);
        Keys(root, "extensions:queues", Queues, reader);
        Keys(root, "extensions:durableTask", Durable, reader);
        foreach (var level in root.GetSection("logging:logLevel").GetChildren())
        {
            if (!Enum.TryParse<LogLevel>(level.Value, ignoreCase: true, out _))
            {
                reader.Fault($"logging.logLevel.{level.Key} is '{level.Value}'; it must be one of {string.Join(", ", Enum.GetNames<LogLevel>())}");
            }
        }
    }

    private static void Keys(IConfiguration root, string section, string[] known, HostJsonReader reader)
    {
        var children = section.Length == 0 ? root.GetChildren() : root.GetSection(section).GetChildren();
        foreach (var child in children.Where(child => !known.Contains(child.Key, StringComparer.OrdinalIgnoreCase)))
        {
            var place = section.Length == 0 ? "at the top" : $"in {section.Replace(':', '.')}";
            reader.Fault($"'{child.Key}' is no key the host knows {place}; known are {string.Join(", ", known)}");
        }
    }
}
