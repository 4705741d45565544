namespace Chard.LocalHost.Azurite;

/// <summary>Files that processes lock; the system frees what a dead process held.</summary>
internal static class LockFile
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(50);

    /// <summary>Waits until nobody else holds the file, then holds it until disposed.</summary>
    public static async Task<FileStream> WaitAsync(string path, CancellationToken cancellation)
    {
        while (true)
        {
            if (TryAlone(path) is { } held)
            {
                return held;
            }

            await Task.Delay(Pause, TimeProvider.System, cancellation);
        }
    }

    /// <summary>Null while somebody else holds the file, alone or with others.</summary>
    public static FileStream? TryAlone(string path)
    {
        try
        {
            return new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
        }
        catch (IOException error) when (error.GetType() == typeof(IOException))
        {
            return null;
        }
    }

    /// <summary>Holds the file together with others who do the same.</summary>
    public static FileStream WithOthers(string path) => new(path, FileMode.OpenOrCreate, FileAccess.Read, FileShare.Read);
}
