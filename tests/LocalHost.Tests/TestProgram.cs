using System.Globalization;
using Chard.DurableTask.Sqlite;
using Chard.LocalHost.Tests.Processes;

namespace Chard.LocalHost.Tests;

/// <summary>The app that the tests' functions are; or a host of it, for a test that kills one.</summary>
internal static class TestProgram
{
    public const string HostArgument = "--be-a-host";

    private static async Task Main(string[] args)
    {
        if (args is not [HostArgument])
        {
            await HostApp.RunAsync(args, ProcessOptions.Configure);
            return;
        }

        await using var host = await HostApp.StartProcessAsync(["WhichProcess"], o => o with { Sqlite = new SqliteStorageOptions() });
        await Console.Out.WriteLineAsync(host.Host.WorkerProcessId!.Value.ToString(CultureInfo.InvariantCulture));
        await Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System);
    }
}
