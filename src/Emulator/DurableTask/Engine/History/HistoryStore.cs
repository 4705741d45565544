using Microsoft.Data.Sqlite;

namespace Chard.Emulator.DurableTask;

/// <summary>An open history: the committer's writer and the readers' reader, over one file or one memory.</summary>
internal sealed class HistoryStore : IDisposable
{
    private readonly SqliteConnection? writing;
    private readonly SqliteConnection? reading;
    private readonly MemoryHistory? ownMemory;
    private readonly FileStream? claim;

    private HistoryStore(FileStream? claim, SqliteConnection? writing, SqliteConnection? reading, MemoryHistory? memory, bool ownsMemory)
    {
        this.claim = claim;
        this.writing = writing;
        this.reading = reading;
        ownMemory = ownsMemory ? memory : null;
        WriteGate = memory?.Gate ?? new Lock();
        Writer = new HistoryWriter(memory?.Connection ?? writing!);
        Reader = new HistoryReader(memory?.Connection ?? reading!, memory?.Gate ?? new Lock());
    }

    public HistoryWriter Writer { get; }

    public HistoryReader Reader { get; }

    /// <summary>Held over a whole commit, so that readers of a history in memory see no half of one.</summary>
    public Lock WriteGate { get; }

    public static HistoryStore Open(DurableEngineOptions options)
    {
        if (options.HistoryPath is not { } path)
        {
            var memory = options.Memory ?? new MemoryHistory();
            lock (memory.Gate)
            {
                HistorySchema.Prepare(memory.Connection, null);
                return new HistoryStore(null, null, null, memory, options.Memory is null);
            }
        }

        var full = Path.GetFullPath(path);
        Directory.CreateDirectory(Path.GetDirectoryName(full)!);
        var claim = Claim(full);
        SqliteConnection? writing = null;
        SqliteConnection? reading = null;
        try
        {
            writing = Connect(full);
            HistorySchema.Prepare(writing, full);
            reading = Connect(full);
            return new HistoryStore(claim, writing, reading, null, false);
        }
        catch
        {
            reading?.Dispose();
            writing?.Dispose();
            claim.Dispose();
            throw;
        }
    }

    public void Dispose()
    {
        Reader.Dispose();
        lock (WriteGate)
        {
            Writer.Dispose();
        }

        reading?.Dispose();
        writing?.Dispose();
        ownMemory?.Dispose();
        claim?.Dispose();
    }

    /// <summary>Two engines on one file would both run every instance. The claim ends with the process, however it ends.</summary>
    private static FileStream Claim(string path)
    {
        try
        {
            return new FileStream(path + ".lock", FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None, 1);
        }
        catch (IOException inUse)
        {
            throw new InvalidOperationException($"The history {path} is in use by another engine. Stop the other process, or give this one a history of its own.", inUse);
        }
    }

    private static SqliteConnection Connect(string path)
    {
        var connection = new SqliteConnection(new SqliteConnectionStringBuilder { DataSource = path, Pooling = false, DefaultTimeout = 30 }.ToString());
        connection.Open();
        return connection;
    }
}
