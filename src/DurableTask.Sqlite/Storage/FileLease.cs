namespace Chard.DurableTask.Sqlite;

/// <summary>
/// The right to use a database file: a lock of the operating system on a file beside it, which goes when the process goes, however that
/// ends.
/// </summary>
internal sealed class FileLease : IDisposable
{
    private readonly FileStream stream;

    private FileLease(FileStream stream) => this.stream = stream;

    /// <summary>Null when another process, or another service of this one, has it.</summary>
    public static FileLease? TryTake(string file)
    {
        try
        {
            return new FileLease(
                new FileStream(file + ".lock", FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None, bufferSize: 1));
        }
        catch (IOException e) when (e is not (FileNotFoundException or DirectoryNotFoundException or PathTooLongException))
        {
            return null;
        }
    }

    public void Dispose() => stream.Dispose();
}
