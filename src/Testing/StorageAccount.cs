using Chard.LocalHost.Azurite;

namespace Chard.Testing;

/// <summary>
/// An account of its own on the test process's one Azurite, which starts with the first and ends with the process. What one account
/// holds, no other sees, so names need no prefixes.
/// </summary>
public sealed class StorageAccount : IDisposable
{
    private const int Most = 2_000;

    private const string Key = "a2V5";

    private static readonly Lazy<Task<StorageProxy>> Shared = new(StartAsync);
    private static int opened;

    private readonly StorageProxy proxy;

    private StorageAccount(StorageProxy proxy, string name)
    {
        this.proxy = proxy;
        Name = name;
        App = proxy.Open(name, Key, StorageClient.App);
        Host = proxy.Open(name, Key, StorageClient.Host);
        Engine = proxy.Open(name, Key, StorageClient.Engine);
    }

    /// <summary>Its name, such as <c>test7</c>.</summary>
    public string Name { get; }

    /// <summary>The calls of the app, or of a client that a test makes with <see cref="ConnectionString"/>.</summary>
    public StoragePlan App { get; }

    /// <summary>The calls of the Functions host.</summary>
    public StoragePlan Host { get; }

    /// <summary>The calls of the durable engine.</summary>
    public StoragePlan Engine { get; }

    /// <summary>The app's connection string.</summary>
    public string ConnectionString => App.ConnectionString;

    /// <summary>Leads past the proxy, for looks that must not be counted.</summary>
    internal string Aside => proxy.ConnectionString(Name, Key);

    /// <summary>Grows whenever a message may have become visible in a queue.</summary>
    internal int Messages => App.Messages + Host.Messages;

    /// <summary>Opens an account that nobody has used.</summary>
    public static async Task<StorageAccount> OpenAsync()
    {
        var number = Interlocked.Increment(ref opened);
        return number > Most
            ? throw new InvalidOperationException($"A test process has {Most} storage accounts and all are used.")
            : new StorageAccount(await Shared.Value, NameOf(number));
    }

    /// <summary>Forgets its calls and faults.</summary>
    public void Dispose() => proxy.Close(Name);

    /// <summary>Whoever uses the account is dead: nothing reaches storage.</summary>
    internal void Cut() => App.IsCut = Host.IsCut = Engine.IsCut = true;

    internal void Restore() => App.IsCut = Host.IsCut = Engine.IsCut = false;

    private static string NameOf(int number) => $"test{number}";

    private static Task<StorageProxy> StartAsync()
    {
        // Neither the first test's context nor its hosts' is to go on in the calls of all the others.
        using (ExecutionContext.SuppressFlow())
        {
            return Task.Run(async () => await StorageProxy.StartAsync(await AzuriteProcess.StartAsync(new AzuriteOptions
            {
                Accounts = [.. Enumerable.Range(1, Most).Select(NameOf)],
                AccountKey = Key,
                DataFolder = Path.Combine(AppContext.BaseDirectory, "azurite"),
                InMemory = true,
            })));
        }
    }
}
