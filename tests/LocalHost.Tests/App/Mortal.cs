using System.Diagnostics;
using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;
using Microsoft.DurableTask;
using Microsoft.Extensions.Logging;

namespace Chard.LocalHost.Tests.App;

/// <summary>Functions for a worker of its own: some end it.</summary>
public sealed class Mortal(ILogger<Mortal> logger)
{
    [Function("WhichProcess")]
    public IResult WhichProcess([HttpTrigger("get")] HttpRequest request)
    {
        logger.LogInformation("asked for the process");
        return TypedResults.Text($"{Environment.ProcessId}");
    }

    [Function("Setting")]
    public static IResult Setting([HttpTrigger("get", Route = "mortal/settings/{name}")] HttpRequest request, string name) =>
        TypedResults.Text(Environment.GetEnvironmentVariable(name) ?? "none");

    [Function("Dies")]
    public static void Dies([HttpTrigger("get")] HttpRequest request) => Process.GetCurrentProcess().Kill();

    [Function("NeverEnds")]
    public static Task NeverEnds([HttpTrigger("get")] HttpRequest request) => Task.Delay(Timeout.Infinite);

    [Function("Survives")]
    public static async Task<string> Survives([OrchestrationTrigger] TaskOrchestrationContext context)
    {
        var results = new List<string>();
        foreach (var name in (string[])["a", "b", "c"])
        {
            results.Add(await context.CallActivityAsync<string>("DiesOnce", Path.Combine(context.GetInput<string>()!, name)));
        }

        return string.Join(' ', results);
    }

    /// <summary>Ends the worker the first time.</summary>
    [Function("DiesOnce")]
    public static string DiesOnce([ActivityTrigger] string path)
    {
        if (!File.Exists(path))
        {
            File.WriteAllText(path, string.Empty);
            Process.GetCurrentProcess().Kill();
        }

        return Path.GetFileName(path);
    }
}
