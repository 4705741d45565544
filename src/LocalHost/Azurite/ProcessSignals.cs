using System.Diagnostics;
using System.Runtime.InteropServices;

namespace Chard.LocalHost.Azurite;

/// <summary>Asks a process to end.</summary>
internal static partial class ProcessSignals
{
    private const int SigTerm = 15;

    /// <summary>SIGTERM; on Windows, which has none, the process is killed.</summary>
    public static void Terminate(Process process)
    {
        if (OperatingSystem.IsWindows())
        {
            process.Kill();
        }
        else
        {
            _ = Kill(process.Id, SigTerm);
        }
    }

    [DllImport("libc", EntryPoint = "kill")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int Kill(int process, int signal);
}
