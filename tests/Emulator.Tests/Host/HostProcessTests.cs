using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Logging;

namespace Chard.Emulator.Tests.Host;

public sealed class HostProcessTests : IDisposable
{
    private readonly string data = Directory.CreateTempSubdirectory("chard-host-").FullName;

    public void Dispose() => Directory.Delete(data, recursive: true);

    [Fact]
    public async Task Settings_FromFileAndEnvironment_HaveTheCoreToolsPrecedence()
    {
        await using var host = HostProcess.Start(
            data,
            ["ProcessSettings", "ProcessTimer"],
            new Dictionary<string, string> { ["FIXTURE_BOTH"] = "environment", ["AzureFunctionsJobHost__extensions__http__routePrefix"] = "pre" });
        await host.ReadyAsync();

        var answer = await host.Http.GetStringAsync("/pre/settings");

        Assert.Equal("local local environment nested connection Development", answer);
        Assert.Contains($"ProcessSettings: [GET] http://localhost:{host.Http.BaseAddress!.Port}/pre/settings", host.Output, StringComparison.Ordinal);
        Assert.Contains("ProcessTimer: timerTrigger", host.Output, StringComparison.Ordinal);
        Assert.DoesNotContain("Greet:", host.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Terminate_WhileARequestRuns_LetsItFinishAndExitsWithZero()
    {
        await using var host = HostProcess.Start(data, ["ProcessSlow"]);
        await host.ReadyAsync();
        var slow = host.Http.GetStringAsync("/api/ProcessSlow");
        await Eventually.TrueAsync(() => host.Output.Contains("slow begins", StringComparison.Ordinal), "the request");

        host.Terminate();

        Assert.Equal("done", await slow);
        Assert.Equal(0, await host.EndAsync());
    }

    [Fact]
    public async Task Mistakes_OfTheAuthor_AreToldAllAtOnceWithoutAStackTrace()
    {
        await using var host = HostProcess.Start(
            data,
            ["Broken-Timer", "Broken-Client"],
            new Dictionary<string, string> { ["AzureFunctionsJobHost__extensions__queues__batchSize"] = "99" });

        Assert.Equal(1, await host.EndAsync());
        Assert.Contains("3 reasons", host.Errors, StringComparison.Ordinal);
        Assert.Contains("extensions.queues.batchSize is '99'", host.Errors, StringComparison.Ordinal);
        Assert.Contains("Broken-Timer", host.Errors, StringComparison.Ordinal);
        Assert.Contains("Broken-Client", host.Errors, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", host.Errors + host.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Port_ThatIsTaken_IsNamed()
    {
        using var taken = new System.Net.Sockets.TcpListener(System.Net.IPAddress.Loopback, 0);
        taken.Start();
        var port = ((System.Net.IPEndPoint)taken.LocalEndpoint).Port;
        await using var host = HostProcess.Start(data, ["ProcessSlow"], port: port);

        Assert.Equal(1, await host.EndAsync());
        Assert.Contains($"Port {port}", host.Errors, StringComparison.Ordinal);
        Assert.Contains("--port", host.Errors, StringComparison.Ordinal);
    }

    public sealed class ProcessFunctions(IConfiguration configuration, Microsoft.Extensions.Hosting.IHostEnvironment environment, ILogger<ProcessFunctions> logger)
    {
        [Function("ProcessSettings")]
        public IResult Settings([HttpTrigger("get", Route = "settings")] HttpRequest request) => TypedResults.Text(string.Join(
            ' ',
            configuration["FIXTURE_LOCAL"],
            Environment.GetEnvironmentVariable("FIXTURE_LOCAL"),
            configuration["FIXTURE_BOTH"],
            configuration["Fixture:Nested"],
            configuration.GetConnectionString("Fixture"),
            environment.EnvironmentName));

        [Function("ProcessTimer")]
        public static void Timer([TimerTrigger("0 0 0 1 1 *")] TimerInfo timer) => ArgumentNullException.ThrowIfNull(timer);

        [Function("ProcessSlow")]
        public async Task<IResult> Slow([HttpTrigger("get")] HttpRequest request)
        {
            logger.LogInformation("slow begins");
            await Task.Delay(1000, request.HttpContext.RequestAborted);
            return TypedResults.Text("done");
        }
    }
}
