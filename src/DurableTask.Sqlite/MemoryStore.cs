using Microsoft.Data.Sqlite;

namespace Chard.DurableTask.Sqlite;

/// <summary>
/// A store in memory that outlives the service on it, so that a new one can go on where a crashed one stopped. One service at a time.
/// </summary>
public sealed class MemoryStore : IDisposable
{
    private int used;

    /// <summary>The database: in memory it lives as long as its connection.</summary>
    internal SqliteConnection Connection { get; } = new("Data Source=:memory:;Pooling=False");

    public void Dispose() => Connection.Dispose();

    internal void Take()
    {
        if (Interlocked.Exchange(ref used, 1) == 1)
        {
            throw new SqliteStorageException("The memory store is in use by another service.");
        }
    }

    internal void Release() => Volatile.Write(ref used, 0);
}
