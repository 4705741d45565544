using Chard.Emulator.Functions;
using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;
using Microsoft.DurableTask;
using Microsoft.DurableTask.Client;
using Microsoft.Extensions.DependencyInjection;

namespace Chard.Emulator.Tests.Host;

public sealed class StartFaultTests
{
    [Theory]
    [InlineData(typeof(NoTrigger), "no parameter has a trigger")]
    [InlineData(typeof(TwoTriggers), "exactly one")]
    [InlineData(typeof(Hidden), "must be public")]
    [InlineData(typeof(BadName), "1 to 128 letters")]
    [InlineData(typeof(AsyncVoid), "async void")]
    [InlineData(typeof(BadRoute), "no route template")]
    [InlineData(typeof(BadRequestType), "belongs on an HttpRequest")]
    [InlineData(typeof(BadQueue), "no queue name")]
    [InlineData(typeof(MissingSetting), "'%NOWHERE%' names no setting")]
    [InlineData(typeof(BadTimer), "is no schedule")]
    [InlineData(typeof(BadClient), "fills a DurableTaskClient")]
    [InlineData(typeof(UnmarkedClient), "without [DurableClient]")]
    [InlineData(typeof(BadContext), "belongs on a TaskOrchestrationContext")]
    [InlineData(typeof(Unfilled), "nothing fills parameter 'nobody'")]
    [InlineData(typeof(Stray), "no [Function]")]
    [InlineData(typeof(Twice), "taken 2 times")]
    public async Task Signature_WithAMistake_IsAnErrorThatNamesIt(Type functions, string expected)
    {
        var error = await Assert.ThrowsAsync<StartException>(() => HostApp.StartAsync([functions]));

        Assert.Contains(expected, Assert.Single(error.Faults), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("extensions:queues:batchSize", "33", "extensions.queues.batchSize is '33'")]
    [InlineData("extensions:queues:visibilityTimeout", "soon", "extensions.queues.visibilityTimeout is 'soon'")]
    [InlineData("extensions:queues:messageEncoding", "rot13", "base64 or none")]
    [InlineData("extensions:queue:batchSize", "1", null)]
    [InlineData("extensions:durableTask:hubname2", "x", "'hubname2' is no key")]
    [InlineData("extensions:durableTask:maxConcurrentActivityFunctions", "0", "at least 1")]
    [InlineData("logging:extensions:durableTask:hubName", "x", "'extensions' is no key the host knows in logging")]
    [InlineData("logging:logLevel:default", "Loud", "logging.logLevel.default is 'Loud'")]
    [InlineData("functionTimeout", "never", "functionTimeout is 'never'")]
    [InlineData("extension", "x", "'extension' is no key")]
    public async Task HostJson_WithAMistake_IsAnErrorThatNamesIt(string key, string value, string? expected)
    {
        if (expected is null)
        {
            // Sections of extensions the emulator does not have are theirs to check.
            await using var host = await HostApp.StartAsync([], o => o.HostJson[key] = value);
            return;
        }

        var error = await Assert.ThrowsAsync<StartException>(() => HostApp.StartAsync([], o => o.HostJson[key] = value));

        Assert.Contains(expected, Assert.Single(error.Faults), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Services_ThatCannotBeMade_AreNamedEachOnce()
    {
        var error = await Assert.ThrowsAsync<StartException>(() => HostApp.StartAsync(
            [],
            builder: b => b.Services.AddSingleton<NeedsMore>().AddScoped<NeedsMore>()));

        Assert.Contains(nameof(NeedsMore), Assert.Single(error.Faults), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Mistakes_InManyPlaces_AreReportedTogether()
    {
        var error = await Assert.ThrowsAsync<StartException>(() => HostApp.StartAsync(
            [typeof(NoTrigger), typeof(BadRoute), typeof(BadTimer)],
            o => o.HostJson["extensions:queues:batchSize"] = "0"));

        Assert.Equal(4, error.Faults.Count);
    }

    [Fact]
    public async Task HttpRequest_WithoutAspNetCore_IsAnErrorThatSaysWhatToCall()
    {
        var error = await Assert.ThrowsAsync<StartException>(() => Testing.FunctionsTestHost.StartAsync(
            args => Microsoft.Extensions.Hosting.HostingAbstractionsHostExtensions.RunAsync(
                Microsoft.Azure.Functions.Worker.Builder.FunctionsApplication.CreateBuilder(args).Build()),
            typeof(StartFaultTests).Assembly,
            o =>
            {
                o.UseStorage = false;
                o.FunctionTypes = [typeof(HttpTriggerTests.Items)];
            }));

        Assert.All(error.Faults, fault => Assert.Contains("ConfigureFunctionsWebApplication", fault, StringComparison.Ordinal));
    }

    public sealed class NeedsMore(Uri missing)
    {
        public Uri Missing { get; } = missing;
    }

    public static class NoTrigger
    {
        [Function("Broken-NoTrigger")]
        public static void Run(string text) => ArgumentNullException.ThrowIfNull(text);
    }

    public static class TwoTriggers
    {
        [Function("Broken-Two")]
        public static void Run([ActivityTrigger] string a, [QueueTrigger("q-q")] string b) => ArgumentNullException.ThrowIfNull(a + b);
    }

    public static class Hidden
    {
        [Function("Broken-Hidden")]
        internal static void Run([ActivityTrigger] string a) => ArgumentNullException.ThrowIfNull(a);
    }

    public static class BadName
    {
        [Function("1st function")]
        public static void Run([ActivityTrigger] string a) => ArgumentNullException.ThrowIfNull(a);
    }

    public static class AsyncVoid
    {
        [Function("Broken-Async")]
        public static async void Run([ActivityTrigger] string a) => await Task.FromResult(a);
    }

    public static class BadRoute
    {
        [Function("Broken-Route")]
        public static IResult Run([HttpTrigger("get", Route = "a/{b")] HttpRequest request) => TypedResults.Ok();
    }

    public static class BadRequestType
    {
        [Function("Broken-Request")]
        public static IResult Run([HttpTrigger("get")] Uri request) => TypedResults.Ok();
    }

    public static class BadQueue
    {
        [Function("Broken-Queue")]
        public static void Run([QueueTrigger("Has_Upper")] string text) => ArgumentNullException.ThrowIfNull(text);
    }

    public static class MissingSetting
    {
        [Function("Broken-Setting")]
        public static void Run([QueueTrigger("%NOWHERE%")] string text) => ArgumentNullException.ThrowIfNull(text);
    }

    public static class BadTimer
    {
        [Function("Broken-Timer")]
        public static void Run([TimerTrigger("every day")] TimerInfo timer) => ArgumentNullException.ThrowIfNull(timer);
    }

    public static class BadClient
    {
        [Function("Broken-Client")]
        public static void Run([ActivityTrigger] string a, [DurableClient] object client) => ArgumentNullException.ThrowIfNull(client);
    }

    public static class UnmarkedClient
    {
        [Function("Broken-Unmarked")]
        public static void Run([ActivityTrigger] string a, DurableTaskClient client) => ArgumentNullException.ThrowIfNull(client);
    }

    public static class BadContext
    {
        [Function("Broken-Context")]
        public static void Run([OrchestrationTrigger] string context) => ArgumentNullException.ThrowIfNull(context);
    }

    public static class Unfilled
    {
        [Function("Broken-Unfilled")]
        public static void Run([ActivityTrigger] string a, Uri nobody) => ArgumentNullException.ThrowIfNull(nobody);
    }

    public static class Stray
    {
        public static void Run([OrchestrationTrigger] TaskOrchestrationContext context) => ArgumentNullException.ThrowIfNull(context);
    }

    public static class Twice
    {
        [Function("Broken-Twice")]
        public static void One([ActivityTrigger] string a) => ArgumentNullException.ThrowIfNull(a);

        [Function("broken-twice")]
        public static void Two([ActivityTrigger] string a) => ArgumentNullException.ThrowIfNull(a);
    }
}
