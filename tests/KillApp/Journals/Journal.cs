using System.Text;

namespace Chard.KillApp.Journals;

/// <summary>
/// The file that tells what has really run, in the order in which it ran. A line is one write to the file and nothing is held back, so kill
/// -9 loses none.
/// </summary>
internal sealed class Journal : IDisposable
{
    private readonly Lock _gate = new();
    private readonly FileStream _file;

    /// <summary>Opens the file at its end.</summary>
    public Journal(string path)
    {
        _file = new FileStream(path, FileMode.Append, FileAccess.Write, FileShare.Read, bufferSize: 0);

        // The line feed ends a line that the process before may not have finished.
        Write("\n" + new JournalLine(JournalKind.Process, $"{Environment.ProcessId}").Write());
    }

    /// <summary>Adds a line.</summary>
    public void Write(JournalLine line) => Write(line.Write());

    /// <inheritdoc/>
    public void Dispose() => _file.Dispose();

    private void Write(string line)
    {
        byte[] bytes = Encoding.UTF8.GetBytes(line + "\n");
        lock (_gate)
        {
            _file.Write(bytes);
        }
    }
}
