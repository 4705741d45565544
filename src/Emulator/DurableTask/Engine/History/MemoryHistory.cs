using Microsoft.Data.Sqlite;

namespace Chard.Emulator.DurableTask;

/// <summary>
/// A history in memory that outlives engines, for tests: give the same object to the next <see cref="DurableEngine"/>
/// and it goes on where the last one stopped or crashed. Disposing it loses the history.
/// </summary>
public sealed class MemoryHistory : IDisposable
{
    /// <summary>An empty history.</summary>
    public MemoryHistory()
    {
        Connection = new SqliteConnection("Data Source=:memory:");
        Connection.Open();
    }

    internal SqliteConnection Connection { get; }

    /// <summary>Held by whoever uses the connection: readers and the committer share the one there is.</summary>
    internal Lock Gate { get; } = new();

    /// <inheritdoc/>
    public void Dispose() => Connection.Dispose();
}
