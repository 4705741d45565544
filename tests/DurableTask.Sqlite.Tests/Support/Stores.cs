namespace Chard.DurableTask.Sqlite.Tests;

/// <summary>Where the engine under test keeps its instances, through crashes and restarts.</summary>
internal sealed class Store(bool onFile) : IDisposable
{
    private readonly DirectoryInfo? folder = onFile ? Directory.CreateTempSubdirectory("chard-engine-") : null;
    private readonly MemoryStore? memory = onFile ? null : new MemoryStore();

    public string? File => folder is null ? null : Path.Combine(folder.FullName, "engine.db");

    public SqliteStorageOptions Options(EngineFaults? faults = null) =>
        new() { File = File, Memory = memory, Faults = faults, Synchronous = "OFF" };

    public void Dispose()
    {
        memory?.Dispose();
        folder?.Delete(recursive: true);
    }
}
