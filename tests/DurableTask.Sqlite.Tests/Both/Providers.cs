namespace Chard.DurableTask.Sqlite.Tests;

/// <summary>Our provider, on a hub that the tests of a class share.</summary>
public abstract class SqliteHub(bool onFile, bool sessions) : IAsyncLifetime
{
    private readonly Store store = new(onFile);

    internal Hub Hub { get; private set; } = null!;

    public async Task InitializeAsync()
    {
        var options = store.Options();
        options.ExtendedSessionIdleTimeout = sessions ? TimeSpan.FromSeconds(2) : TimeSpan.Zero;
        Hub = await Hub.StartAsync(options, BothCode.Make());
    }

    public async Task DisposeAsync()
    {
        await Hub.DisposeAsync();
        store.Dispose();
    }
}

public sealed class MemoryHub() : SqliteHub(onFile: false, sessions: false);

public sealed class FileHub() : SqliteHub(onFile: true, sessions: false);

public sealed class SessionHub() : SqliteHub(onFile: false, sessions: true);

public sealed class OnMemory(MemoryHub hub) : BothFacts, IClassFixture<MemoryHub>
{
    private protected override Hub Hub => hub.Hub;
}

public sealed class OnFile(FileHub hub) : BothFacts, IClassFixture<FileHub>
{
    private protected override Hub Hub => hub.Hub;
}

public sealed class OnSessions(SessionHub hub) : BothFacts, IClassFixture<SessionHub>
{
    private protected override Hub Hub => hub.Hub;
}

[Collection(nameof(AzureHub))]
public sealed class OnAzureStorage(AzureHub hub) : BothFacts
{
    private protected override Hub Hub => hub.Hub;

    private protected override int TransferCount => 3;

    private protected override int RandomProgramCount => 6;

    /// <summary>A storage queue counts in whole seconds.</summary>
    private protected override double TimersMayBeEarly => 1000;
}
