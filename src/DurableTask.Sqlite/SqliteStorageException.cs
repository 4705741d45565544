namespace Chard.DurableTask.Sqlite;

/// <summary>
/// The store cannot be used as asked: in use by another process, of a newer version, full, or damaged. The message is one line for a user.
/// </summary>
public sealed class SqliteStorageException : Exception
{
    public SqliteStorageException()
    {
    }

    public SqliteStorageException(string message)
        : base(message)
    {
    }

    public SqliteStorageException(string message, Exception? innerException)
        : base(message, innerException)
    {
    }
}
