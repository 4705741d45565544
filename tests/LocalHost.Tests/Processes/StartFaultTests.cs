using System.Net;
using System.Net.Sockets;

namespace Chard.LocalHost.Tests.Processes;

/// <summary>Whatever keeps the host from starting is a line on standard error and exit code 1.</summary>
public sealed class StartFaultTests : IDisposable
{
    private readonly string data = Directory.CreateTempSubdirectory("start-faults-").FullName;

    public void Dispose() => Directory.Delete(data, recursive: true);

    [Fact]
    public async Task Option_ThatIsNotKnown_IsRefusedWithTheNearest()
    {
        await using var host = HostProcess.Start(data, [], null, "--enginge", "azure");

        await FailsAsync(host, "'--enginge' is no option: did you mean --engine?", "'azure' is no option.");
    }

    [Fact]
    public async Task Mistakes_OfTheAuthor_AreToldAllAtOnce()
    {
        await using var host = HostProcess.Start(
            data,
            ["ProcessBrokenTimer", "ProcessBrokenQueue"],
            [("AzureFunctionsJobHost__extensions__queues__batchSize", "99")]);

        await FailsAsync(
            host,
            "setting AzureFunctionsJobHost__extensions__queues__batchSize is '99': it must be at least 1 and at most 32.",
            "Function ProcessBrokenQueue (Chard.LocalHost.Tests.Processes.ProcessFunctions.BrokenQueue): %NOWHERE% names no setting.",
            "Function ProcessBrokenTimer (Chard.LocalHost.Tests.Processes.ProcessFunctions.BrokenTimer): 'now and then' is no schedule");
    }

    [Theory]
    [InlineData("0", "ProcessOptions")]
    [InlineData("many", "Failed to convert configuration value 'many' at 'Process:Count'")]
    public async Task Setting_ThatTheAppCannotUse_IsNamed(string value, string fault)
    {
        await using var host = HostProcess.Start(data, ["ProcessId"], [("Process__Count", value)]);

        await FailsAsync(host, fault, "The app ended with exit code 1 before it was ready.");
    }

    [Fact]
    public async Task Port_ThatIsTaken_IsNamed()
    {
        using var taken = new TcpListener(IPAddress.Loopback, 0);
        taken.Start();
        var port = ((IPEndPoint)taken.LocalEndpoint).Port;
        await using var host = HostProcess.Start(data, ["ProcessId"], null, "--port", $"{port}");

        await FailsAsync(host, $"Port {port} is in use");
    }

    [Fact]
    public async Task History_ThatAnotherHostUses_IsNamed()
    {
        await using var first = HostProcess.Start(data, ["ProcessActivity"]);
        await first.ReadyAsync();
        await using var second = HostProcess.Start(data, ["ProcessActivity"]);

        await FailsAsync(second, data);
        Assert.Equal(0, await HostProcessTests.StopAsync(first));
    }

    [Fact]
    public async Task Azurite_ThatIsNotThere_IsToldWithWhatToDo()
    {
        using var storage = new OwnStorage();
        await using var host = HostProcess.Start(data, ["ProcessId"], [.. storage.Settings, ("LOCALHOST_AZURITE", data)]);

        await FailsAsync(host, $"LOCALHOST_AZURITE is '{data}', which holds no package.json of Azurite.");
    }

    [Fact]
    public async Task Azurite_ThatDoesNotStart_IsToldWithItsReason()
    {
        var folder = Path.Combine(data, "azurite");
        WriteIn(folder, "package.json", """{"dependencies":{"azurite":"1.0.0"}}""");
        WriteIn(folder, "node_modules/.package-lock.json", "{}");
        WriteIn(folder, "node_modules/azurite/package.json", """{"version":"1.0.0"}""");
        WriteIn(folder, "node_modules/azurite/dist/src/azurite.js", "throw new Error('no such disk');");
        var start = Path.Combine(SolutionFolder(), "tools", "azurite", "start.js");
        File.Copy(start, Path.Combine(folder, "start.js"));
        using var storage = new OwnStorage();
        await using var host = HostProcess.Start(data, ["ProcessId"], [.. storage.Settings, ("LOCALHOST_AZURITE", folder)]);

        await FailsAsync(host, "Error: no such disk");
    }

    [Fact]
    public async Task Node_ThatIsNotThere_IsToldWithWhatToDo()
    {
        // A folder that holds what starts the host, and no node.
        var path = Directory.CreateDirectory(Path.Combine(data, "path")).FullName;
        foreach (var program in (string[])["setsid", "env", "dotnet"])
        {
            var found = Environment.GetEnvironmentVariable("PATH")!.Split(':')
                .Select(folder => Path.Combine(folder, program)).First(File.Exists);
            File.CreateSymbolicLink(Path.Combine(path, program), found);
        }

        using var storage = new OwnStorage();
        await using var host = HostProcess.Start(data, ["ProcessId"], [.. storage.Settings, ("PATH", path)]);

        await FailsAsync(host, "Azurite needs Node.js");
    }

    private static void WriteIn(string folder, string file, string text)
    {
        var path = Path.Combine(folder, file);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        File.WriteAllText(path, text);
    }

    private static string SolutionFolder()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(folder.FullName, "Functions.sln")))
        {
            folder = folder.Parent!;
        }

        return folder.FullName;
    }

    /// <summary>Each line of standard error is one of the faults.</summary>
    private static async Task FailsAsync(HostProcess host, params string[] faults)
    {
        Assert.Equal(1, await host.EndAsync());
        var lines = host.Errors.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.True(faults.Length == lines.Length, host.Errors);
        Assert.All(faults, fault => Assert.Contains(lines, line => line.Contains(fault, StringComparison.Ordinal)));
        Assert.DoesNotContain("   at ", host.Output, StringComparison.Ordinal);
        Assert.DoesNotContain("Ready", host.Output, StringComparison.Ordinal);
    }
}
