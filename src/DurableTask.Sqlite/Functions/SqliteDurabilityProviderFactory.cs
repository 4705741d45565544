using System.Globalization;
using Microsoft.Azure.WebJobs.Extensions.DurableTask;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Chard.DurableTask.Sqlite;

/// <summary>
/// Makes the engine known to the Durable extension of Functions, as <c>extensions.durableTask.storageProvider.type</c> <c>Sqlite</c> in
/// host.json. Beside the type: <c>file</c> (none: in memory) and <c>synchronous</c>. A registered <see cref="SqliteStorageOptions"/> comes
/// before host.json. There is one provider for all names of hubs and connections. Disposing the factory lets go of the store.
/// </summary>
public sealed class SqliteDurabilityProviderFactory(
    IOptions<DurableTaskOptions> options, ILoggerFactory loggers, SqliteStorageOptions? given = null)
    : IDurabilityProviderFactory, IDisposable
{
    /// <summary>The name in host.json.</summary>
    public const string ProviderName = "Sqlite";

    // As many as Azure Storage's provider takes where host.json says nothing.
    private static readonly int DefaultConcurrency = 10 * Environment.ProcessorCount;

    private readonly Lock gate = new();
    private SqliteDurabilityProvider? provider;
    private bool separatesEntities = true;

    public string Name => ProviderName;

    /// <summary>The engine, made on first use.</summary>
    public SqliteOrchestrationService Service => Provider.Service;

    private SqliteDurabilityProvider Provider
    {
        get
        {
            lock (gate)
            {
                return provider ??= Make();
            }
        }
    }

    public DurabilityProvider GetDurabilityProvider() => Provider;

    public DurabilityProvider GetDurabilityProvider(DurableClientAttribute attribute) => Provider;

    public DurabilityProvider GetDurabilityProvider(
        DurableClientAttribute attribute, Microsoft.Azure.WebJobs.Host.Scale.TriggerMetadata triggerMetadata) => Provider;

    public void SetUseSeparateQueueForEntityWorkItems(bool newValue) => separatesEntities = newValue;

    public void Dispose()
    {
        lock (gate)
        {
            provider?.Service.Dispose();
        }
    }

    private SqliteDurabilityProvider Make()
    {
        var host = options.Value;
        host.MaxConcurrentOrchestratorFunctions ??= DefaultConcurrency;
        host.MaxConcurrentActivityFunctions ??= DefaultConcurrency;
        host.MaxConcurrentEntityFunctions ??= DefaultConcurrency;
        host.MaxEntityOperationBatchSize ??= 5000;
        var storage = given ?? new SqliteStorageOptions { File = Setting("file"), Synchronous = Setting("synchronous") ?? "FULL" };
        storage.MaxConcurrentOrchestrations = host.MaxConcurrentOrchestratorFunctions.Value;
        storage.MaxConcurrentActivities = host.MaxConcurrentActivityFunctions.Value;
        storage.MaxConcurrentEntities = host.MaxConcurrentEntityFunctions.Value;
        storage.MaxEntityOperationBatchSize = host.MaxEntityOperationBatchSize;

        // The worker forgets a session after the time of host.json: the engine must have ended it by then.
        storage.ExtendedSessionIdleTimeout = host.ExtendedSessionsEnabled
            ? TimeSpan.FromSeconds(0.8 * host.ExtendedSessionIdleTimeoutInSeconds) : TimeSpan.Zero;
        var service = new SqliteOrchestrationService(storage, loggers) { UseSeparateQueueForEntityWorkItems = separatesEntities };
        return new SqliteDurabilityProvider(service, storage);
    }

    private string? Setting(string name) => options.Value.StorageProvider
        .Where(pair => string.Equals(pair.Key, name, StringComparison.OrdinalIgnoreCase))
        .Select(pair => Convert.ToString(pair.Value, CultureInfo.InvariantCulture))
        .FirstOrDefault(value => !string.IsNullOrEmpty(value));
}
