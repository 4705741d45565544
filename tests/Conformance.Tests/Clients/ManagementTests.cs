using Microsoft.DurableTask;
using Microsoft.DurableTask.Client;

namespace Chard.Conformance.Tests.Clients;

/// <summary>Terminate, suspend, resume, purge, restart.</summary>
public sealed class ManagementTests : DurableTest
{
    [Fact]
    public async Task Terminate_WithOutput_EndsTheInstanceWithIt()
    {
        var client = await StartAsync(Waiting);
        var id = await BeginAsync(client);

        await client.TerminateInstanceAsync(id, new { Reason = "no longer" }, Deadline);
        var metadata = await EndAsync(client, id);

        Assert.Equal(OrchestrationRuntimeStatus.Terminated, metadata.RuntimeStatus);
        Assert.Equal("{\"Reason\":\"no longer\"}", metadata.SerializedOutput);
        Assert.True(metadata.IsCompleted);
        Assert.Null(metadata.FailureDetails);
    }

    [Fact]
    public async Task Terminate_WhileAnActivityRuns_DropsItsResult()
    {
        var started = new TaskCompletionSource();
        var release = new TaskCompletionSource();
        var client = await StartAsync(tasks => tasks
            .AddOrchestratorFunc(Main, async context => await context.CallActivityAsync<string>("Work"))
            .AddActivityFunc("Work", async _ =>
            {
                started.SetResult();
                await release.Task.WaitAsync(Deadline);
                return "too late";
            }));
        var id = await BeginAsync(client);
        await started.Task.WaitAsync(Deadline);

        await client.TerminateInstanceAsync(id, "stopped", Deadline);
        var metadata = await EndAsync(client, id);
        release.SetResult();

        Assert.Equal(OrchestrationRuntimeStatus.Terminated, metadata.RuntimeStatus);
        Assert.Equal("stopped", metadata.ReadOutputAs<string>());
    }

    [Fact]
    public async Task Terminate_ASuspendedInstance_EndsIt()
    {
        var client = await StartAsync(Waiting);
        var id = await BeginAsync(client);
        await client.SuspendInstanceAsync(id, "hold", Deadline);
        await UntilAsync(client, id, instance => instance.RuntimeStatus == OrchestrationRuntimeStatus.Suspended);

        await client.TerminateInstanceAsync(id, Deadline);

        Assert.Equal(OrchestrationRuntimeStatus.Terminated, (await EndAsync(client, id)).RuntimeStatus);
    }

    [Fact]
    public async Task Terminate_AParent_LeavesItsChildRunning()
    {
        var started = new TaskCompletionSource();
        var client = await StartAsync(tasks => tasks
            .AddOrchestratorFunc("Child", async context =>
            {
                started.TrySetResult();
                return await context.WaitForExternalEvent<string>("Go");
            })
            .AddOrchestratorFunc(Main, async context => await context.CallSubOrchestratorAsync<string>("Child", new SubOrchestrationOptions(instanceId: "the-child"))));
        var id = await BeginAsync(client);
        await started.Task.WaitAsync(Deadline);

        await client.TerminateInstanceAsync(id, Deadline);
        var parent = await EndAsync(client, id);
        await client.RaiseEventAsync("the-child", "Go", "alive", Deadline);
        var child = await EndAsync(client, "the-child");

        Assert.Equal(OrchestrationRuntimeStatus.Terminated, parent.RuntimeStatus);
        Assert.Equal("alive", Output<string>(child));
    }

    [Fact]
    public async Task Suspend_HoldsEventsUntilResumed()
    {
        var client = await StartAsync(tasks => tasks.AddOrchestratorFunc(Main, async context =>
        {
            var result = string.Empty;
            for (var i = 0; i < 3; i++)
            {
                result += await context.WaitForExternalEvent<string>("Go");
                context.SetCustomStatus(result);
            }

            return result;
        }));
        var id = await BeginAsync(client);
        await client.RaiseEventAsync(id, "Go", "a", Deadline);
        await UntilAsync(client, id, instance => instance.ReadCustomStatusAs<string>() == "a");
        await client.SuspendInstanceAsync(id, "hold", Deadline);
        await UntilAsync(client, id, instance => instance.RuntimeStatus == OrchestrationRuntimeStatus.Suspended);

        await client.RaiseEventAsync(id, "Go", "b", Deadline);
        await client.RaiseEventAsync(id, "Go", "c", Deadline);
        var held = await client.GetInstanceAsync(id, getInputsAndOutputs: true, Deadline);
        await client.ResumeInstanceAsync(id, "go on", Deadline);

        Assert.Equal(OrchestrationRuntimeStatus.Suspended, held!.RuntimeStatus);
        Assert.Equal("a", held.ReadCustomStatusAs<string>());
        Assert.Equal("abc", Output<string>(await EndAsync(client, id)));
    }

    [Fact]
    public async Task Suspend_WhileAnActivityRuns_TakesItsResultAfterResume()
    {
        var started = new TaskCompletionSource();
        var release = new TaskCompletionSource();
        var client = await StartAsync(tasks => tasks
            .AddOrchestratorFunc(Main, async context => await context.CallActivityAsync<string>("Work"))
            .AddActivityFunc("Work", async _ =>
            {
                started.SetResult();
                await release.Task.WaitAsync(Deadline);
                return "kept";
            }));
        var id = await BeginAsync(client);
        await started.Task.WaitAsync(Deadline);
        await client.SuspendInstanceAsync(id, "hold", Deadline);
        await UntilAsync(client, id, instance => instance.RuntimeStatus == OrchestrationRuntimeStatus.Suspended);
        release.SetResult();

        await client.ResumeInstanceAsync(id, "go on", Deadline);

        Assert.Equal("kept", Output<string>(await EndAsync(client, id)));
    }

    [Fact]
    public async Task Manage_AFinishedInstance_ChangesNothing()
    {
        var client = await StartAsync(tasks => tasks.AddOrchestratorFunc(Main, _ => "done"));
        var id = (await RunAsync(client)).InstanceId;

        await client.SuspendInstanceAsync(id, "hold", Deadline);
        await client.ResumeInstanceAsync(id, "go on", Deadline);
        await client.TerminateInstanceAsync(id, "stop", Deadline);

        Assert.Equal("done", Output<string>((await client.GetInstanceAsync(id, getInputsAndOutputs: true, Deadline))!));
    }

    [Fact]
    public async Task Purge_AFinishedInstance_RemovesIt()
    {
        var client = await StartAsync(tasks => tasks.AddOrchestratorFunc(Main, _ => 1));
        var id = (await RunAsync(client)).InstanceId;

        var result = await client.PurgeInstanceAsync(id, Deadline);

        Assert.Equal(1, result.PurgedInstanceCount);
        Assert.Null(await client.GetInstanceAsync(id, Deadline));
    }

    [Fact]
    public async Task Purge_AnUnknownOrRunningInstance_RemovesNothing()
    {
        var client = await StartAsync(Waiting);
        var id = await BeginAsync(client);

        Assert.Equal(0, (await client.PurgeInstanceAsync("nobody-of-this-name", Deadline)).PurgedInstanceCount);
        Assert.Equal(0, (await client.PurgeInstanceAsync(id, Deadline)).PurgedInstanceCount);
        Assert.NotNull(await client.GetInstanceAsync(id, Deadline));
    }

    [Fact]
    public async Task PurgeAll_ByStatus_RemovesThoseOnly()
    {
        var client = await StartAsync(tasks => tasks.AddOrchestratorFunc<bool, int>(Main, (_, fail) => fail ? Throw<int>(new InvalidOperationException("no")) : 1));
        await RunAsync(client, false, new StartOrchestrationOptions("good-1"));
        await RunAsync(client, false, new StartOrchestrationOptions("good-2"));
        await RunAsync(client, true, new StartOrchestrationOptions("bad"));

        var result = await client.PurgeAllInstancesAsync(new PurgeInstancesFilter(DateTimeOffset.UtcNow.AddHours(-1), Statuses: [OrchestrationRuntimeStatus.Completed]), Deadline);

        Assert.Equal(2, result.PurgedInstanceCount);
        Assert.Null(await client.GetInstanceAsync("good-1", Deadline));
        Assert.NotNull(await client.GetInstanceAsync("bad", Deadline));
    }

    [Fact]
    public async Task PurgeAll_ByCreationTime_RemovesThoseOnly()
    {
        var client = await StartAsync(tasks => tasks.AddOrchestratorFunc(Main, _ => 1));
        await RunAsync(client, null, new StartOrchestrationOptions("one"));

        var none = await client.PurgeAllInstancesAsync(new PurgeInstancesFilter(CreatedFrom: DateTimeOffset.UtcNow.AddHours(1)), Deadline);
        var one = await client.PurgeAllInstancesAsync(new PurgeInstancesFilter(CreatedFrom: DateTimeOffset.UtcNow.AddHours(-1)), Deadline);

        Assert.Equal((0, 1), (none.PurgedInstanceCount, one.PurgedInstanceCount));
    }

    [Fact]
    public async Task PurgeAll_TimeoutThatIsNotPositive_Throws()
    {
        var client = await StartAsync(Waiting);
        var filter = new PurgeInstancesFilter(DateTimeOffset.UtcNow.AddHours(-1)) { Timeout = TimeSpan.Zero };

        await Assert.ThrowsAsync<ArgumentOutOfRangeException>(() => client.PurgeAllInstancesAsync(filter, Deadline));
    }

    [Fact]
    public async Task Restart_WithANewId_RunsTheSameInputAgain()
    {
        var client = await StartAsync(tasks => tasks.AddOrchestratorFunc<string, string>(Main, (_, input) => input + "!"));
        var id = (await RunAsync(client, "hello")).InstanceId;

        var again = await client.RestartAsync(id, restartWithNewInstanceId: true, Deadline);

        Assert.NotEqual(id, again);
        Assert.Equal("hello!", Output<string>(await EndAsync(client, again)));
    }

    [Fact]
    public async Task Restart_WithTheSameId_RunsAgain()
    {
        var runs = 0;
        var client = await StartAsync(tasks => tasks
            .AddOrchestratorFunc<string, string>(Main, async (context, input) => input + await context.CallActivityAsync<int>("Count"))
            .AddActivityFunc("Count", _ => Interlocked.Increment(ref runs)));
        var id = (await RunAsync(client, "run ")).InstanceId;

        var again = await client.RestartAsync(id, restartWithNewInstanceId: false, Deadline);
        var metadata = await EndAsync(client, id);

        Assert.Equal(id, again);
        Assert.Equal("run 2", Output<string>(metadata));
        Assert.Equal("run ", metadata.ReadInputAs<string>());
    }

    [Fact]
    public async Task Restart_Unknown_Throws()
    {
        var client = await StartAsync(Waiting);

        await Assert.ThrowsAsync<ArgumentException>(() => client.RestartAsync("nobody-of-this-name", false, Deadline));
    }

    private static void Waiting(DurableTaskRegistry tasks) => tasks.AddOrchestratorFunc(Main, async context => await context.WaitForExternalEvent<string>("Never"));
}
