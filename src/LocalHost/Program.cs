using Chard.LocalHost.Lifetime;
using Chard.LocalHost.Screen;

namespace Chard.LocalHost;

/// <summary>
/// The host as a program. In a namespace and not public, for the assembly lies beside apps whose own start is named Program.
/// </summary>
internal static class Program
{
    private static async Task<int> Main(string[] args)
    {
        using var signals = new StopSignals();
        return await new HostRun(new HostScreen(Console.Out, Console.Error), signals).RunAsync(args);
    }
}
