using System.Diagnostics;
using System.Globalization;
using System.Net;
using Microsoft.Extensions.Logging;

namespace Chard.LocalHost.Tests.Processes;

public sealed class WorkerProcessTests
{
    private static readonly string[] Functions = ["WhichProcess", "Setting", "Dies", "NeverEnds", "Survives", "DiesOnce"];

    [Fact]
    public async Task Worker_OfAHost_IsAProcessOfItsOwnWithTheAppsSettings()
    {
        await using var host = await HostApp.StartProcessAsync(Functions, o => o.Setting("FROM_THE_HOST", "here"));

        Assert.Equal(host.Host.WorkerProcessId, await ProcessIdAsync(host));
        Assert.NotEqual(Environment.ProcessId, host.Host.WorkerProcessId);
        Assert.Equal("here", await host.Http.GetStringAsync("/api/mortal/settings/FROM_THE_HOST"));
        Assert.DoesNotContain(
            "Chard", await host.Http.GetStringAsync("/api/mortal/settings/DOTNET_STARTUP_HOOKS"), StringComparison.Ordinal);
        Assert.Equal(Functions.Order(), host.Host.Functions.Select(function => function.Name).Order());
    }

    [Fact]
    public async Task Worker_ThatIsLost_IsStartedAgainAndItsCallerIsTold()
    {
        await using var host = await HostApp.StartProcessAsync(Functions);
        var before = await ProcessIdAsync(host);

        using var lost = await host.Http.GetAsync("/api/Dies");

        Assert.Equal(HttpStatusCode.BadGateway, lost.StatusCode);
        await AnotherAsync(host, before);
    }

    [Fact]
    public async Task Worker_ThatIsLostInTheMiddleOfAnOrchestration_FailsNothing()
    {
        await using var host = await HostApp.StartProcessAsync(Functions);

        var output = await host.RunAsync("Survives", host.Options.DataFolder);

        Assert.Equal("a b c", output.GetString());
    }

    [Fact]
    public async Task FunctionTimeout_OfAFunctionThatGoesOn_EndsTheWorkerForIt()
    {
        await using var host = await HostApp.StartProcessAsync(Functions, o => o.Json("functionTimeout", "00:00:05"));
        var before = await ProcessIdAsync(host);

        using var response = await host.Http.GetAsync("/api/NeverEnds").WaitAsync(TimeSpan.FromMinutes(2));

        Assert.Equal(HttpStatusCode.InternalServerError, response.StatusCode);
        await AnotherAsync(host, before);
    }

    [Fact]
    public async Task Stop_InOrder_EndsTheWorkerInOrder()
    {
        await using var host = await HostApp.StartProcessAsync(Functions);
        using var worker = Process.GetProcessById(host.Host.WorkerProcessId!.Value);

        await host.Host.StopAsync();

        Assert.True(worker.HasExited);
    }

    [Fact]
    public async Task Kill_OfTheHost_EndsTheWorkerToo()
    {
        using var host = Process.Start(new ProcessStartInfo("dotnet", [typeof(HostApp).Assembly.Location, TestProgram.HostArgument])
        {
            RedirectStandardOutput = true,
            RedirectStandardInput = true,
        })!;
        var line = await host.StandardOutput.ReadLineAsync().WaitAsync(TimeSpan.FromSeconds(60));
        using var worker = Process.GetProcessById(int.Parse(line!, CultureInfo.InvariantCulture));

        host.Kill();

        await worker.WaitForExitAsync().WaitAsync(TimeSpan.FromMinutes(2));
    }

    [Fact]
    public async Task Logs_OfAFunction_ArriveUnderItsNameAndTheHostsOwnAreQuiet()
    {
        await using var host = await HostApp.StartProcessAsync(Functions);

        await ProcessIdAsync(host);

        await Eventually.TrueAsync(
            "the log", () => host.Logs.All.Contains(("Function.WhichProcess.User", LogLevel.Information, "asked for the process")));
        Assert.All(host.Logs.All, log => Assert.True(
            log.Level >= LogLevel.Warning || log.Category.EndsWith(".User", StringComparison.Ordinal), $"{log}"));
    }

    private static Task AnotherAsync(TestedHost host, int before) => Eventually.TrueAsync(
        "another worker",
        async () =>
        {
            using var response = await host.Http.GetAsync("/api/WhichProcess");
            return response.IsSuccessStatusCode && await response.Content.ReadAsStringAsync() != $"{before}";
        });

    private static async Task<int> ProcessIdAsync(TestedHost host) =>
        int.Parse(await host.Http.GetStringAsync("/api/WhichProcess"), CultureInfo.InvariantCulture);
}
