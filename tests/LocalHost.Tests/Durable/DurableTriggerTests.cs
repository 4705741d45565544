using System.Text.Json;
using Chard.DurableTask.Sqlite;
using Chard.LocalHost.Tests.App;
using Microsoft.Azure.Functions.Worker;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace Chard.LocalHost.Tests.Durable;

public sealed class DurableTriggerTests
{
    [Fact]
    public async Task Orchestration_WithTypedInput_RunsItsActivities()
    {
        await using var host = await HostApp.StartAsync([typeof(Greetings)]);

        Assert.Equal("Hello Ada, Hello Ada from greet", (await host.RunAsync("greet", new Name("Ada", 2))).GetString());
    }

    [Fact]
    public async Task Json_OfDurableValues_IsPascalCaseWithoutFieldsAndReadWhateverTheCase()
    {
        await using var host = await HostApp.StartAsync([typeof(Greetings)]);

        Assert.Equal("""{"First":"Ada","Times":3}""", (await host.RunAsync("Describe", new { first = "Ada", TIMES = 3 })).GetString());
    }

    [Theory]
    [InlineData("5")]
    [InlineData("\"2026-01-02T03:04:05Z\"")]
    [InlineData("[1,\"a\",{\"B\":[]}]")]
    public async Task ActivityResult_OfAnyJson_ArrivesAsItWas(string json)
    {
        await using var host = await HostApp.StartAsync([typeof(Greetings)]);

        Assert.Equal(json, (await host.RunAsync("Through", JsonElement.Parse(json))).GetString());
    }

    [Fact]
    public async Task ActivityResult_OfNothing_IsNull()
    {
        await using var host = await HostApp.StartAsync([typeof(Greetings)]);

        Assert.Equal("null", (await host.RunAsync("AsksNobody")).GetString());
    }

    [Fact]
    public async Task ActivityFailure_WithInnerExceptions_ArrivesAsItWas()
    {
        await using var host = await HostApp.StartAsync([typeof(Greetings)]);

        Assert.Equal(
            "System.InvalidOperationException: outer <- System.FormatException: inner", (await host.RunAsync("Catches")).GetString());
    }

    [Fact]
    public async Task Entity_DispatchedToAState_KeepsItAcrossCalls()
    {
        await using var host = await HostApp.StartAsync([typeof(Counters)]);

        Assert.Equal(5, (await host.RunAsync("Count")).GetInt32());
    }

    [Fact]
    public async Task Middleware_AroundDurableFunctions_SeesAndChangesResults()
    {
        await using var host = await HostApp.StartAsync([typeof(Greetings)], builder: b => b.UseMiddleware(async (context, next) =>
        {
            await next();
            if (context.FunctionDefinition.Name == "Greet")
            {
                context.GetInvocationResult().Value = "changed";
            }
        }));

        Assert.Equal("changed, changed from greet", (await host.RunAsync("greet", new Name("Ada", 2))).GetString());
    }

    [Fact]
    public async Task Abandoned_InTheMiddle_TheNextHostGoesOn()
    {
        using var store = new MemoryStore();
        await using (var first = await HostApp.StartAsync(
            [typeof(Greetings)], o => o with { Sqlite = new SqliteStorageOptions { Memory = store } }))
        {
            await first.BeginAsync("Waits", "w1");
            await first.StatusAsync("w1", "Running");
            await first.Host.AbandonAsync();
        }

        await using var second = await HostApp.StartAsync(
            [typeof(Greetings)], o => o with { Sqlite = new SqliteStorageOptions { Memory = store } });
        await second.RaiseAsync("w1", "go", "after");

        Assert.Equal("Hello after", (await second.EndAsync("w1")).GetProperty("output").GetString());
    }

    [Fact]
    public async Task Stop_WhileAnActivityRuns_LetsItFinishAndKeepsItsResult()
    {
        using var store = new MemoryStore();
        var once = new Once();
        await using (var first = await StartAsync(store, once))
        {
            await first.BeginAsync("Steps", "s1");
            await once.Begun.Task.WaitAsync(TimeSpan.FromMinutes(2));
            var waitsFor = new TaskCompletionSource<string>();

            var stop = first.Host.StopAsync(running => waitsFor.TrySetResult(string.Join(", ", running.Keys)));

            Assert.Equal("Step", await waitsFor.Task.WaitAsync(TimeSpan.FromMinutes(2)));
            once.Gate.SetResult();
            await stop;
        }

        await using var second = await StartAsync(store, once);
        Assert.Equal("1 run", (await second.EndAsync("s1")).GetProperty("output").GetString());
        Assert.Equal(1, once.Runs);
    }

    [Fact]
    public async Task Hosts_SideBySide_KnowNothingOfEachOther()
    {
        var hosts = await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => HostApp.StartAsync([typeof(Greetings)])));
        try
        {
            var answers = await Task.WhenAll(hosts.Select((host, index) => host.RunAsync("greet", new Name($"{index}", 1))));

            Assert.Equal(
                [.. Enumerable.Range(0, 4).Select(index => $"Hello {index} from greet")], answers.Select(answer => answer.GetString()));
        }
        finally
        {
            await Task.WhenAll(hosts.Select(host => host.DisposeAsync().AsTask()));
        }
    }

    private static Task<TestedHost> StartAsync(MemoryStore store, Once once) => HostApp.StartAsync(
        [typeof(SlowSteps)], o => o with { Sqlite = new SqliteStorageOptions { Memory = store } }, b => b.Services.AddSingleton(once));
}
