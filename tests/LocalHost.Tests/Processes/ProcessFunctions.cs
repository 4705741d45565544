using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Logging;

namespace Chard.LocalHost.Tests.Processes;

/// <summary>What the tests of the process call.</summary>
public sealed class ProcessFunctions(IConfiguration configuration, ILogger<ProcessFunctions> logger)
{
    /// <summary>The worker's process id.</summary>
    [Function("ProcessId")]
    public static IResult Id([HttpTrigger(AuthorizationLevel.Anonymous, "get")] HttpRequest request) =>
        TypedResults.Text($"{Environment.ProcessId}");

    [Function("ProcessSetting")]
    public IResult Setting(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "settings/{name}")] HttpRequest request, string name) =>
        TypedResults.Text($"{configuration[name]}");

    /// <summary>Answers once the file <c>?until</c> is there.</summary>
    [Function("ProcessSlow")]
    public async Task<IResult> SlowAsync([HttpTrigger(AuthorizationLevel.Anonymous, "get")] HttpRequest request)
    {
        logger.LogInformation("slow begins");
        while (!File.Exists(request.Query["until"]))
        {
            await Task.Delay(20, request.HttpContext.RequestAborted);
        }

        return TypedResults.Text("done");
    }

    [Function("ProcessTimer")]
    public static void Timer([TimerTrigger("0 0 0 1 1 *")] TimerInfo timer) => ArgumentNullException.ThrowIfNull(timer);

    [Function("ProcessBrokenTimer")]
    public static void BrokenTimer([TimerTrigger("now and then")] TimerInfo timer) => ArgumentNullException.ThrowIfNull(timer);

    [Function("ProcessBrokenQueue")]
    public static void BrokenQueue([QueueTrigger("%NOWHERE%")] string text) => ArgumentNullException.ThrowIfNull(text);

    /// <summary>Makes the host need a history.</summary>
    [Function("ProcessActivity")]
    public static string Activity([ActivityTrigger] string text) => text;
}
