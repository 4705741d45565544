using System.Diagnostics;
using System.Runtime.InteropServices;

namespace Chard.LocalHost;

/// <summary>Ends this process when the one that started it does: its end closes this one's standard input, also after a kill -9.</summary>
public static class EndWithParent
{
    private const string Variable = "DOTNET_STARTUP_HOOKS";

    internal static void Begin()
    {
        // What this process starts shall not look for a parent of its own.
        var own = typeof(EndWithParent).Assembly.Location;
        var others = (Environment.GetEnvironmentVariable(Variable) ?? string.Empty).Split(Path.PathSeparator).Where(hook => hook != own);
        Environment.SetEnvironmentVariable(Variable, string.Join(Path.PathSeparator, others));
        LeaveTerminal();
        new Thread(Watch) { IsBackground = true, Name = nameof(EndWithParent) }.Start();
    }

    private static void Watch()
    {
        using var input = Console.OpenStandardInput();
        Span<byte> nothing = stackalloc byte[1];
        while (input.Read(nothing) > 0)
        {
        }

        Process.GetCurrentProcess().Kill();
    }

    /// <summary>Ctrl-C is the host's to hear: it lets running work finish, for which it needs this process.</summary>
    private static void LeaveTerminal()
    {
        if (OperatingSystem.IsWindows())
        {
            _ = SetConsoleCtrlHandler(0, true);
        }
        else
        {
            _ = SetProcessGroup(0, 0);
        }
    }

    [DllImport("libc", EntryPoint = "setpgid")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int SetProcessGroup(int process, int group);

    [DllImport("kernel32")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.System32)]
    [return: MarshalAs(UnmanagedType.Bool)]
    private static extern bool SetConsoleCtrlHandler(nint handler, [MarshalAs(UnmanagedType.Bool)] bool ignore);
}
