using System.Security.Cryptography;
using System.Text;
using Chard.Emulator.Functions.Settings;
using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Logging;

namespace Chard.Emulator.Functions.Http;

/// <summary>
/// Keys as on Azure: the master key passes everywhere, function and host keys are Function, system keys are System, and otherwise the level must match.
/// Off unless the host runs with <c>--enableAuth</c>, as in the Core Tools.
/// </summary>
/// <remarks>
/// Keys are settings: <c>FunctionKeys:Master</c>, <c>FunctionKeys:Host:{name}</c>, <c>FunctionKeys:System:{name}</c>, <c>FunctionKeys:Function:{function}:{name}</c>.
/// </remarks>
internal sealed class FunctionKeys
{
    public const string Section = "FunctionKeys";

    private readonly bool enabled;
    private readonly IConfigurationSection keys;

    public FunctionKeys(HostSettings settings, IConfiguration configuration, ILoggerFactory loggers)
    {
        enabled = settings.EnableAuth;
        keys = configuration.GetSection(Section);
        if (enabled && string.IsNullOrEmpty(keys["Master"]))
        {
            loggers.CreateLogger("Host.Keys").LogWarning(
                "--enableAuth without the setting {Setting}: only function, host and system keys from the settings are accepted.",
                $"{Section}:Master");
        }
    }

    /// <summary>The key that URLs of the durable webhooks carry; null where none is needed.</summary>
    public string? WebhookKey => enabled ? keys["System:durabletask"] ?? keys["Master"] : null;

    public bool Allows(HttpRequest request, AuthorizationLevel level, string? function)
    {
        if (!enabled || level == AuthorizationLevel.Anonymous)
        {
            return true;
        }

        // A header that is there wins over the query, even when it is wrong.
        string? key = request.Headers.TryGetValue("x-functions-key", out var header) ? header.ToString() : request.Query["code"];
        if (string.IsNullOrEmpty(key))
        {
            return false;
        }

        if (Same(keys["Master"], key))
        {
            return true;
        }

        return level switch
        {
            AuthorizationLevel.Function or AuthorizationLevel.User =>
                Any(keys.GetSection("Host"), key) || (function is not null && Any(keys.GetSection($"Function:{function}"), key)),
            AuthorizationLevel.System => Any(keys.GetSection("System"), key),
            _ => false,
        };
    }

    private static bool Any(IConfigurationSection section, string key) => section.GetChildren().Any(child => Same(child.Value, key));

    private static bool Same(string? known, string given) =>
        !string.IsNullOrEmpty(known) && CryptographicOperations.FixedTimeEquals(Encoding.UTF8.GetBytes(known), Encoding.UTF8.GetBytes(given));
}
