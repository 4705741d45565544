using Chard.DurableTask.Sqlite;
using Chard.LocalHost.Functions;
using Microsoft.Azure.WebJobs.Extensions.DurableTask;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace Chard.LocalHost.Durable;

/// <summary>Makes the engine known to the durable extension, which picks it by the name of its type.</summary>
internal static class DurableEngines
{
    private const string FileName = "history.db";

    public static void Register(IServiceCollection services, FunctionsHostOptions options, IConfiguration configuration)
    {
        if (options.Engine != DurableEngine.Sqlite)
        {
            return;
        }

        var provider = configuration.GetSection($"{HostConfiguration.Section}:extensions:durableTask:storageProvider");
        var storage = options.Sqlite ?? new SqliteStorageOptions
        {
            File = provider["file"] ?? Path.Combine(options.DataFolder, FileName),
            Synchronous = provider["synchronous"] ?? "FULL",
        };
        storage.Faults ??= new EngineFaults();
        services.AddSingleton(storage);
        services.RemoveAll<IDurabilityProviderFactory>();
        services.AddSingleton<IDurabilityProviderFactory, SqliteDurabilityProviderFactory>();
    }

    /// <summary>
    /// Begins no more durable work; done when none runs. The engine in SQLite lets what has begun be committed. Of Azure Storage's, whose
    /// workers the extension stops without waiting, invocations are held back, and a turn that ends just then may run again.
    /// </summary>
    public static Task DrainAsync(IServiceProvider services, RunningWork running, CancellationToken cancellation) =>
        services.GetService<IDurabilityProviderFactory>() is SqliteDurabilityProviderFactory sqlite
            ? sqlite.Service.DrainAsync(cancellation)
            : running.DrainDurableAsync();

    /// <summary>Lets the engine commit nothing more. Of Azure Storage's engine only the worker's outcomes are lost.</summary>
    public static void Abandon(IServiceProvider services) => services.GetService<SqliteStorageOptions>()?.Faults?.Crash();
}
