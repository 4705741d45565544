using System.Net;
using Chard.LocalHost.Tests.App;
using Microsoft.Azure.WebJobs.Host;
using Microsoft.Extensions.DependencyInjection;

namespace Chard.LocalHost.Tests.Functions;

public sealed class RetryAndTimeoutTests
{
    [Fact]
    public async Task Retry_WithFixedDelay_RunsUntilItSucceedsAndTellsWhichTryItIs()
    {
        var once = new Once();
        await using var host = await StartAsync(once);

        await host.Host.RunTimerAsync("Retried");

        Assert.Equal(["0 of 2", "1 of 2", "2 of 2"], once.Notes);
    }

    [Fact]
    public async Task Retry_WithBackoff_EndsWithTheFailure()
    {
        var once = new Once();
        await using var host = await StartAsync(once);

        await Assert.ThrowsAsync<FunctionInvocationException>(() => host.Host.RunTimerAsync("BacksOff"));

        Assert.Equal(["again", "again"], once.Notes);
    }

    [Fact]
    public async Task FunctionTimeout_OfARequest_EndsTheFunctionAndAnswersTheCaller()
    {
        var once = new Once();
        await using var host = await StartAsync(once, o => o.Json("functionTimeout", "00:00:05"));

        using var response = await host.Http.GetAsync("/api/TakesLong").WaitAsync(TimeSpan.FromMinutes(2));

        Assert.Equal(HttpStatusCode.InternalServerError, response.StatusCode);
        await once.Gate.Task.WaitAsync(TimeSpan.FromMinutes(2));
    }

    private static Task<TestedHost> StartAsync(Once once, Func<FunctionsHostOptions, FunctionsHostOptions>? change = null) =>
        HostApp.StartAsync([typeof(Stubborn)], change, b => b.Services.AddSingleton(once));
}
