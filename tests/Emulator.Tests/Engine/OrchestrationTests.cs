using Microsoft.DurableTask;
using Microsoft.DurableTask.Client;

namespace Chard.Emulator.Tests.Engine;

public sealed class OrchestrationTests
{
    [Fact]
    public async Task Chain_OfThreeActivities_PassesResultsOn()
    {
        await using var test = await EngineUnderTest.StartAsync(new TestFunctions()
            .Activity<int, int>("Add", x => x + 1)
            .Orchestrator("Chain", async context =>
            {
                var x = context.GetInput<int>();
                for (var i = 0; i < 3; i++)
                {
                    x = await context.CallActivityAsync<int>("Add", x);
                }

                return x;
            }));

        var ended = await test.RunAsync("Chain", 4);

        Assert.Equal(OrchestrationRuntimeStatus.Completed, ended.RuntimeStatus);
        Assert.Equal(7, ended.ReadOutputAs<int>());
        Assert.Equal(4, ended.ReadInputAs<int>());
    }

    [Fact]
    public async Task FanOut_OfThousand_GathersInOrder()
    {
        await using var test = await EngineUnderTest.StartAsync(new TestFunctions()
            .Activity<int, int>("Square", x => x * x)
            .Orchestrator("Fan", async context => (await Task.WhenAll(Enumerable.Range(0, 1000).Select(i => context.CallActivityAsync<int>("Square", i)))).Sum()));

        var ended = await test.RunAsync("Fan");

        Assert.Equal(Enumerable.Range(0, 1000).Sum(i => i * i), ended.ReadOutputAs<int>());
    }

    [Fact]
    public async Task Child_ReturnsAndFails_ToItsParent()
    {
        await using var test = await EngineUnderTest.StartAsync(new TestFunctions()
            .Orchestrator<string>("Child", context => context.GetInput<int>() == 0 ? throw new InvalidOperationException("zero") : Task.FromResult($"{context.Parent!.Name} {context.Parent.InstanceId == context.InstanceId}"))
            .Orchestrator("Parent", async context =>
            {
                var good = await context.CallSubOrchestratorAsync<string>("Child", 1);
                try
                {
                    await context.CallSubOrchestratorAsync<string>("Child", 0);
                    return "no failure";
                }
                catch (TaskFailedException failed)
                {
                    return $"{good}; {failed.FailureDetails.ErrorType}: {failed.FailureDetails.ErrorMessage} #{failed.TaskId}";
                }
            }));

        var ended = await test.RunAsync("Parent");

        Assert.Equal("Parent False; System.InvalidOperationException: zero #1", ended.ReadOutputAs<string>());
    }

    [Fact]
    public async Task Retries_UseTimersOfTheSameCounter()
    {
        var tries = 0;
        await using var test = await EngineUnderTest.StartAsync(new TestFunctions()
            .Activity<int, int>("Flaky", x => Interlocked.Increment(ref tries) < 3 ? throw new TimeoutException("again") : x)
            .Activity<int, int>("Broken", int (_) => throw new TimeoutException("never"))
            .Orchestrator("Retry", async context =>
            {
                await context.CallActivityAsync<int>("Flaky", 1, TaskOptions.FromRetryPolicy(new RetryPolicy(3, TimeSpan.FromMilliseconds(1))));
                try
                {
                    await context.CallActivityAsync<int>("Broken", 1, TaskOptions.FromRetryPolicy(new RetryPolicy(1, TimeSpan.FromMilliseconds(1))));
                    return -1;
                }
                catch (TaskFailedException)
                {
                    // 3 tries and 2 timers, then 1 try and the timer after the last failure: 0 to 6.
                    try
                    {
                        await context.CallActivityAsync<int>("Broken", 1);
                        return -1;
                    }
                    catch (TaskFailedException failed)
                    {
                        return failed.TaskId;
                    }
                }
            }));

        var ended = await test.RunAsync("Retry");

        Assert.Equal(7, ended.ReadOutputAs<int>());
    }

    [Fact]
    public async Task ExternalEvents_ComeFirstInFirstOut_AndTimeoutsCancel()
    {
        await using var test = await EngineUnderTest.StartAsync(new TestFunctions()
            .Orchestrator("Listen", async context =>
            {
                var first = await context.WaitForExternalEvent<int>("number");
                var second = await context.WaitForExternalEvent<int>("NUMBER", TimeSpan.FromHours(1));
                try
                {
                    await context.WaitForExternalEvent<int>("number", TimeSpan.FromMilliseconds(1));
                    return "event";
                }
                catch (TaskCanceledException)
                {
                    return $"{first} {second} timeout";
                }
            }));
        var id = await test.Client.ScheduleNewOrchestrationInstanceAsync("Listen");
        await test.Client.RaiseEventAsync(id, "Number", 1);
        await test.Client.RaiseEventAsync(id, "number", 2);

        var ended = await test.EndAsync(id);

        Assert.Equal("1 2 timeout", ended.ReadOutputAs<string>());
        Assert.Null(test.Engine.NextTimerDue);
    }

    [Fact]
    public async Task ContinueAsNew_Loop_KeepsEventsAndClearsHistory()
    {
        await using var test = await EngineUnderTest.StartAsync(new TestFunctions()
            .Orchestrator("Loop", async context =>
            {
                var seen = context.GetInput<List<int>>() ?? [];
                seen.Add(await context.WaitForExternalEvent<int>("n"));
                if (seen.Count < 5)
                {
                    context.ContinueAsNew(seen);
                }

                return string.Join(',', seen);
            }));
        var id = await test.Client.ScheduleNewOrchestrationInstanceAsync("Loop");
        for (var i = 1; i <= 5; i++)
        {
            await test.Client.RaiseEventAsync(id, "n", i);
        }

        var ended = await test.EndAsync(id);

        Assert.Equal("1,2,3,4,5", ended.ReadOutputAs<string>());
        Assert.True(test.Engine.Runtime.Store.Reader.Size().Rows <= 3);
    }

    [Fact]
    public async Task Terminate_RunningInstance_EndsWithTheOutput()
    {
        await using var test = await EngineUnderTest.StartAsync(new TestFunctions()
            .Orchestrator("Wait", async context => await context.WaitForExternalEvent<int>("never")));
        var id = await test.Client.ScheduleNewOrchestrationInstanceAsync("Wait");
        await test.Client.WaitForInstanceStartAsync(id);

        await test.Client.TerminateInstanceAsync(id, "enough");
        var ended = await test.EndAsync(id);

        Assert.Equal(OrchestrationRuntimeStatus.Terminated, ended.RuntimeStatus);
        Assert.Equal("enough", ended.ReadOutputAs<string>());
    }

    [Theory]
    [InlineData("delay")]
    [InlineData("leave")]
    [InlineData("run")]
    public async Task IllegalAwait_FailsTheInstance_NamingTheFault(string how)
    {
        await using var test = await EngineUnderTest.StartAsync(new TestFunctions()
            .Activity<int, int>("Add", x => x + 1)
            .Orchestrator("Illegal", async context =>
            {
                await context.CallActivityAsync<int>("Add", 1);
                switch (how)
                {
                    case "delay":
                        await Task.Delay(1);
                        break;
                    case "leave":
                        await context.CallActivityAsync<int>("Add", 1).ConfigureAwait(false);
                        break;
                    default:
                        var slow = context.CreateTimer(TimeSpan.FromHours(1), CancellationToken.None);
                        await Task.Run(() => 1);
                        await slow;
                        break;
                }

                return await context.CallActivityAsync<int>("Add", 1);
            }));

        var ended = await test.RunAsync("Illegal");

        Assert.Equal(OrchestrationRuntimeStatus.Failed, ended.RuntimeStatus);
        Assert.Contains("'Illegal'", ended.FailureDetails!.ErrorMessage, StringComparison.Ordinal);
        Assert.Contains("not durable", ended.FailureDetails.ErrorMessage, StringComparison.Ordinal);
        Assert.Contains("TaskCompleted #", ended.FailureDetails.ErrorMessage, StringComparison.Ordinal);
    }

    [Fact]
    public async Task ChangedCode_AfterRestart_IsNamedAsNonDeterministic()
    {
        var activity = "Old";
        var functions = new TestFunctions()
            .Activity<int, int>("Old", x => x)
            .Activity<int, int>("New", x => x)
            .Orchestrator("Changed", async context =>
            {
                await context.CallActivityAsync<int>(activity, 1);
                return await context.WaitForExternalEvent<int>("go");
            });
        await using var test = await EngineUnderTest.StartAsync(functions);
        var id = await test.Client.ScheduleNewOrchestrationInstanceAsync("Changed");
        await EngineUnderTest.UntilAsync(() => Task.FromResult(functions.Runs.ContainsKey("Old") && test.Engine.IsIdle));

        activity = "New";
        await test.StartEngineAsync();
        await test.Client.RaiseEventAsync(id, "go", 1);
        var ended = await test.EndAsync(id);

        Assert.Equal("DurableTask.Core.Exceptions.NonDeterministicOrchestrationException", ended.FailureDetails!.ErrorType);
        Assert.StartsWith("Non-Deterministic workflow detected: A previous execution", ended.FailureDetails.ErrorMessage, StringComparison.Ordinal);
        Assert.Contains("CallActivity 'Old' #0", ended.FailureDetails.ErrorMessage, StringComparison.Ordinal);
    }
}
