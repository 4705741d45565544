using System.Diagnostics;

namespace Chard.LocalHost.Tests.Processes;

public sealed class HostProcessTests : IDisposable
{
    private readonly string data = Directory.CreateTempSubdirectory("host-process-").FullName;

    private string Until => Path.Combine(data, "until");

    public void Dispose() => Directory.Delete(data, recursive: true);

    [Fact]
    public async Task Start_PrintsFunctionsByTriggerWithUrlsLast_ThenThatItIsReadyAndWhatToTry()
    {
        await using var host = HostProcess.Start(data, ["ProcessId", "ProcessTimer", "ProcessActivity"]);
        await host.ReadyAsync();

        var lines = host.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.Contains(lines, line => line == "Activities      ProcessActivity");
        Assert.Contains(lines, line => line == "Timers          0 0 0 1 1 *: ProcessTimer");
        Assert.Equal($"GET             {host.Http.BaseAddress}api/ProcessId  ProcessId", lines[^2]);
        Assert.StartsWith("Ready after", lines[^1], StringComparison.Ordinal);
        Assert.EndsWith($"Try: curl {host.Http.BaseAddress}api/ProcessId", lines[^1], StringComparison.Ordinal);
        Assert.Equal(0, await StopAsync(host));
        Assert.Empty(host.Errors.Trim());
    }

    [Fact]
    public async Task Start_SettingsOfTheEnvironment_ReachAppAndHost()
    {
        await using var host = HostProcess.Start(
            data, ["ProcessSetting"], [("A__B", "nested"), ("AzureFunctionsJobHost__extensions__http__routePrefix", "pre")]);
        await host.ReadyAsync();

        Assert.Equal("nested", await host.Http.GetStringAsync("/pre/settings/A:B"));
        Assert.Equal(data, await host.Http.GetStringAsync("/pre/settings/LOCALHOST_DATA"));
    }

    [Fact]
    public async Task Terminate_WhileARequestRuns_SaysSoAndLetsItFinish()
    {
        await using var host = HostProcess.Start(data, ["ProcessSlow"]);
        await host.ReadyAsync();
        var slow = host.Http.GetStringAsync($"/api/ProcessSlow?until={Until}");
        await host.PrintsAsync("slow begins");

        host.Signal(HostProcess.Terminate);
        await host.PrintsAsync("Stopping, waits for 1 request");
        // Supervisors repeat it: no reason to hurry.
        host.Signal(HostProcess.Terminate);
        await File.WriteAllTextAsync(Until, "now");

        Assert.Equal("done", await slow);
        Assert.Equal(0, await host.EndAsync());
        Assert.Contains("Stopped", host.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Interrupt_ASecondTime_EndsAtOnceAndTheWorkerToo()
    {
        await using var host = HostProcess.Start(data, ["ProcessSlow", "ProcessId"]);
        await host.ReadyAsync();
        var worker = await WorkerAsync(host);
        var slow = host.Http.GetStringAsync($"/api/ProcessSlow?until={Until}");
        await host.PrintsAsync("slow begins");

        host.SignalGroup(HostProcess.Interrupt);
        await host.PrintsAsync("Stopping, waits for 1 request");
        Assert.False(HasEnded(worker));
        host.SignalGroup(HostProcess.Interrupt);

        Assert.Equal(130, await host.EndAsync());
        await Eventually.TrueAsync("the worker ends", () => HasEnded(worker));
        await Assert.ThrowsAnyAsync<HttpRequestException>(() => slow);
    }

    [Fact]
    public async Task Kill_OfTheHost_EndsTheWorker()
    {
        await using var host = HostProcess.Start(data, ["ProcessId"]);
        await host.ReadyAsync();
        var worker = await WorkerAsync(host);

        host.Signal(HostProcess.Kill);

        await Eventually.TrueAsync("the worker ends", () => HasEnded(worker));
    }

    [Fact]
    public async Task Help_ListsTheOptions()
    {
        await using var host = HostProcess.Start(data, [], null, "--help");

        Assert.Equal(0, await host.EndAsync());
        Assert.Contains("--engine NAME", host.Output, StringComparison.Ordinal);
    }

    internal static async Task<int> StopAsync(HostProcess host)
    {
        host.Signal(HostProcess.Terminate);
        return await host.EndAsync();
    }

    /// <summary>True also for one that nobody has collected.</summary>
    internal static bool HasEnded(int process)
    {
        try
        {
            using var found = Process.GetProcessById(process);
            var status = File.ReadAllText($"/proc/{process}/stat");
            return status[(status.LastIndexOf(')') + 2)..].StartsWith('Z');
        }
        catch (Exception error) when (error is ArgumentException or IOException)
        {
            return true;
        }
    }

    private static async Task<int> WorkerAsync(HostProcess host) =>
        int.Parse(await host.Http.GetStringAsync("/api/ProcessId"), System.Globalization.CultureInfo.InvariantCulture);
}
