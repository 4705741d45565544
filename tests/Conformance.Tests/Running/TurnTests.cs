using System.Collections.Concurrent;
using Microsoft.DurableTask;
using Microsoft.DurableTask.Client;
using Microsoft.DurableTask.Testing;
using Microsoft.Extensions.DependencyInjection;

namespace Chard.Conformance.Tests.Running;

/// <summary>How an orchestrator's code is run, turn by turn.</summary>
public sealed class TurnTests : DurableTest
{
    [Fact]
    public async Task Run_ChainOfActivities_PassesEachResultOn()
    {
        var result = await ResultAsync<int>(
            tasks => tasks
                .AddOrchestratorFunc<int, int>(Main, async (context, input) =>
                {
                    var one = await context.CallActivityAsync<int>("Double", input);
                    var two = await context.CallActivityAsync<int>("Double", one);
                    return await context.CallActivityAsync<int>("Double", two);
                })
                .AddActivityFunc<int, int>("Double", (_, value) => value * 2),
            5);

        Assert.Equal(40, result);
    }

    [Fact]
    public async Task Run_FanOut_GivesResultsInTheOrderOfTheCalls()
    {
        var result = await ResultAsync<int[]>(tasks => tasks
            .AddOrchestratorFunc(Main, async context => await Task.WhenAll(Enumerable.Range(0, 20).Select(i => context.CallActivityAsync<int>("Square", i))))
            .AddActivityFunc<int, int>("Square", (_, value) => value * value));

        Assert.Equal(Enumerable.Range(0, 20).Select(i => i * i), result);
    }

    [Fact]
    public async Task Run_WideFanOut_LosesNothing()
    {
        var result = await ResultAsync<int>(tasks => tasks
            .AddOrchestratorFunc(Main, async context => (await Task.WhenAll(Enumerable.Range(1, 60).Select(i => context.CallActivityAsync<int>("Echo", i)))).Sum())
            .AddActivityFunc<int, int>("Echo", (_, value) => value));

        Assert.Equal(60 * 61 / 2, result);
    }

    [Fact]
    public async Task Run_WhenAny_GoesOnWithTheFirstThatIsDone()
    {
        var release = new TaskCompletionSource();

        var result = await ResultAsync<string>(tasks => tasks
            .AddOrchestratorFunc(Main, async context =>
            {
                var slow = context.CallActivityAsync<string>("Slow");
                var quick = context.CallActivityAsync<string>("Quick");
                var first = await await Task.WhenAny(slow, quick);
                await context.CallActivityAsync("Release");
                return first + await slow;
            })
            .AddActivityFunc<string>("Slow", async _ =>
            {
                await release.Task.WaitAsync(Deadline);
                return "slow";
            })
            .AddActivityFunc<string>("Quick", _ => "quick")
            .AddActivityFunc("Release", _ => release.SetResult()));

        Assert.Equal("quickslow", result);
    }

    [Fact]
    public async Task Run_LocalAsyncFunctions_MayAwaitDurableTasks()
    {
        var result = await ResultAsync<int>(tasks => tasks
            .AddOrchestratorFunc(Main, async context =>
            {
                async Task<int> TwiceAsync(int value)
                {
                    var once = await context.CallActivityAsync<int>("Increment", value);
                    return await context.CallActivityAsync<int>("Increment", once);
                }

                var both = await Task.WhenAll(TwiceAsync(0), TwiceAsync(10));
                return both.Sum();
            })
            .AddActivityFunc<int, int>("Increment", (_, value) => value + 1));

        Assert.Equal(14, result);
    }

    [Fact]
    public async Task IsReplaying_GuardedEffects_HappenOnce()
    {
        var effects = new ConcurrentQueue<string>();

        await ResultAsync<object>(tasks => tasks
            .AddOrchestratorFunc(Main, async context =>
            {
                for (var i = 0; i < 3; i++)
                {
                    if (!context.IsReplaying)
                    {
                        effects.Enqueue($"before {i}");
                    }

                    await context.CallActivityAsync("Nothing");
                }

                if (!context.IsReplaying)
                {
                    effects.Enqueue("end");
                }
            })
            .AddActivityFunc("Nothing", _ => { }));

        Assert.Equal(["before 0", "before 1", "before 2", "end"], effects);
    }

    [Fact]
    public async Task CurrentUtcDateTime_IsUtcAndStandsStillWithinATurn()
    {
        var result = await ResultAsync<bool[]>(tasks => tasks.AddOrchestratorFunc(Main, async context =>
        {
            var early = context.CurrentUtcDateTime;
            var spin = 0;
            while (spin < 100_000)
            {
                spin++;
            }

            var late = context.CurrentUtcDateTime;
            await context.CreateTimer(TimeSpan.FromMilliseconds(5), CancellationToken.None);
            return new[] { early.Kind == DateTimeKind.Utc, early == late, context.CurrentUtcDateTime > late };
        }));

        Assert.Equal(new[] { true, true, true }, result!);
    }

    [Fact]
    public async Task CurrentUtcDateTime_AtOnePlaceInTheCode_IsTheSameOnEveryReplay()
    {
        var seen = new ConcurrentDictionary<int, ConcurrentBag<DateTime>>();

        await ResultAsync<object>(tasks => tasks
            .AddOrchestratorFunc(Main, async context =>
            {
                for (var i = 0; i < 4; i++)
                {
                    seen.GetOrAdd(i, _ => []).Add(context.CurrentUtcDateTime);
                    await context.CallActivityAsync("Nothing");
                }
            })
            .AddActivityFunc("Nothing", _ => { }));

        Assert.Equal(4, seen.Count);
        Assert.All(seen.Values, times => Assert.Single(times.Distinct()));
    }

    [Fact]
    public async Task Context_TellsNameIdAndInput()
    {
        var client = await StartAsync(tasks => tasks.AddOrchestratorFunc<string, string>(Main, (context, input) =>
            $"{context.Name} {context.InstanceId} {input} {context.GetInput<string>()} {context.Parent is null}"));

        var metadata = await RunAsync(client, "in", new StartOrchestrationOptions("the-id"));

        Assert.Equal("Main the-id in in True", Output<string>(metadata));
    }

    [Fact]
    public async Task Context_InActivity_TellsNameAndCaller()
    {
        var client = await StartAsync(tasks => tasks
            .AddOrchestratorFunc(Main, async context => await context.CallActivityAsync<string>("Who"))
            .AddActivityFunc<string>("Who", context => $"{context.Name} of {context.InstanceId}"));

        var metadata = await RunAsync(client, null, new StartOrchestrationOptions("caller"));

        Assert.Equal("Who of caller", Output<string>(metadata));
    }

    [Fact]
    public async Task Run_WithoutAwaits_CompletesInItsFirstTurn()
    {
        var metadata = await RunAsync(tasks => tasks.AddOrchestratorFunc<int, int>(Main, (_, input) => input + 1), 41);

        Assert.Equal(42, Output<int>(metadata));
        Assert.Equal(OrchestrationRuntimeStatus.Completed, metadata.RuntimeStatus);
    }

    [Fact]
    public async Task Run_ClassesWithServices_AreMadeFromTheContainer()
    {
        var client = await StartAsync(
            tasks => tasks.AddOrchestrator<Greeter>(Main).AddActivity<Greeting>(),
            new DurableTaskTestHostOptions { ConfigureServices = services => services.AddSingleton(new Phrase("Hello")) });

        Assert.Equal("Hello, Ada", Output<string>(await RunAsync(client, "Ada")));
    }

    [Fact]
    public async Task Registry_NameTwice_Throws() => await Assert.ThrowsAsync<ArgumentException>(() => StartAsync(tasks => tasks
        .AddOrchestratorFunc("Twice", _ => 1)
        .AddOrchestratorFunc("TWICE", _ => 2)));

    [Fact]
    public async Task Run_NamesInAnotherCase_AreFound()
    {
        var client = await StartAsync(tasks => tasks
            .AddOrchestratorFunc("ORCHESTRATOR", async context => await context.CallActivityAsync<string>("activity"))
            .AddActivityFunc<string>("Activity", _ => "found"));

        var id = await client.ScheduleNewOrchestrationInstanceAsync("orchestrator", Deadline);

        Assert.Equal("found", Output<string>(await EndAsync(client, id)));
    }

    private sealed class Greeter : TaskOrchestrator<string, string>
    {
        public override Task<string> RunAsync(TaskOrchestrationContext context, string input) => context.CallActivityAsync<string>(nameof(Greeting), input);
    }

    private sealed class Greeting(Phrase phrase) : TaskActivity<string, string>
    {
        public override Task<string> RunAsync(TaskActivityContext context, string input) => Task.FromResult($"{phrase.Text}, {input}");
    }

    private sealed record Phrase(string Text);
}
