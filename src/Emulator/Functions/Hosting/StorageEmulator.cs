using Chard.Emulator.Azurite;
using Chard.Emulator.Functions.Settings;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Logging;

namespace Chard.Emulator.Functions.Hosting;

/// <summary>Sees to it that development storage answers: where the settings name it and nobody serves it, Azurite is started, and stopped with the host.</summary>
internal sealed class StorageEmulator(HostSettings settings, IConfiguration configuration, ILoggerFactory loggers)
{
    public const string Setting = "AzureWebJobsStorage";
    public const string DevelopmentStorage = "UseDevelopmentStorage=true";

    private AzuriteProcess? azurite;

    public async Task EnsureAsync(CancellationToken cancellation)
    {
        var connection = configuration[Setting];
        if (connection is null || !connection.TrimEnd(';').Equals(DevelopmentStorage, StringComparison.OrdinalIgnoreCase))
        {
            return;
        }

        azurite = await AzuriteProcess.EnsureAsync(
            AzuriteEndpoint.WellKnown,
            Path.Combine(settings.DataFolder, "azurite"),
            configuration[AzuriteInstallation.Setting],
            loggers.CreateLogger("Host.Azurite"),
            cancellation);
    }

    public async Task StopAsync()
    {
        if (Interlocked.Exchange(ref azurite, null) is { } running)
        {
            await running.DisposeAsync();
        }
    }
}
