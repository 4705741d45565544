using Microsoft.DurableTask;
using Microsoft.DurableTask.Client;

namespace Chard.Conformance.Tests.Running;

/// <summary>An instance ends only when every task it began is done; waits for events do not count.</summary>
public sealed class OpenTaskTests : DurableTest
{
    private readonly TaskCompletionSource release = new();
    private readonly TaskCompletionSource returned = new();

    [Fact]
    public async Task Completion_WithOpenActivity_WaitsForIt()
    {
        var client = await StartAsync(tasks => WithBlock(tasks).AddOrchestratorFunc(Main, context =>
        {
            _ = context.CallActivityAsync("Block");
            returned.TrySetResult();
            return "done";
        }));

        var id = await BeginAsync(client);
        await AssertHeldAsync(client, id);

        Assert.Equal("done", Output<string>(await EndAsync(client, id)));
    }

    [Fact]
    public async Task Completion_WithOpenChild_WaitsForIt()
    {
        var client = await StartAsync(tasks => WithBlock(tasks)
            .AddOrchestratorFunc("Child", async context => await context.CallActivityAsync("Block"))
            .AddOrchestratorFunc(Main, context =>
            {
                _ = context.CallSubOrchestratorAsync("Child");
                returned.TrySetResult();
                return "done";
            }));

        var id = await BeginAsync(client);
        await AssertHeldAsync(client, id);

        Assert.Equal("done", Output<string>(await EndAsync(client, id)));
    }

    [Fact]
    public async Task Completion_WithOpenTimer_ComesAfterIt()
    {
        var metadata = await RunAsync(tasks => tasks.AddOrchestratorFunc(Main, context =>
        {
            _ = context.CreateTimer(TimeSpan.FromMilliseconds(300), CancellationToken.None);
            return context.CurrentUtcDateTime.AddMilliseconds(300);
        }));

        var due = Output<DateTime>(metadata);

        Assert.True(metadata.LastUpdatedAt.UtcDateTime >= due, $"completed at {metadata.LastUpdatedAt:O}, timer due {due:O}");
    }

    [Fact]
    public async Task Failure_WithOpenActivity_WaitsForIt()
    {
        var client = await StartAsync(tasks => WithBlock(tasks).AddOrchestratorFunc(Main, context =>
        {
            _ = context.CallActivityAsync("Block");
            returned.TrySetResult();
            return Throw<string>(new InvalidOperationException("after all"));
        }));

        var id = await BeginAsync(client);
        await AssertHeldAsync(client, id);

        Assert.Equal("after all", Failure(await EndAsync(client, id)).ErrorMessage);
    }

    [Fact]
    public async Task ContinueAsNew_WithOpenActivity_WaitsForIt()
    {
        var client = await StartAsync(tasks => WithBlock(tasks).AddOrchestratorFunc<bool, string>(Main, (context, again) =>
        {
            if (again)
            {
                return "second";
            }

            _ = context.CallActivityAsync("Block");
            context.ContinueAsNew(true);
            returned.TrySetResult();
            return "first";
        }));

        var id = await BeginAsync(client, false);
        await AssertHeldAsync(client, id);

        Assert.Equal("second", Output<string>(await EndAsync(client, id)));
    }

    [Fact]
    public async Task Completion_WithOpenActivityThatFails_IsNotAFailure()
    {
        var result = await ResultAsync<string>(tasks => tasks
            .AddOrchestratorFunc(Main, context =>
            {
                _ = context.CallActivityAsync("Fail");
                return "done";
            })
            .AddActivityFunc("Fail", _ => Throw<string>(new InvalidOperationException("nobody listens"))));

        Assert.Equal("done", result);
    }

    [Fact]
    public async Task Completion_WithOpenEventWait_DoesNotWait()
    {
        var result = await ResultAsync<string>(tasks => tasks.AddOrchestratorFunc(Main, context =>
        {
            _ = context.WaitForExternalEvent<string>("Never");
            return "done";
        }));

        Assert.Equal("done", result);
    }

    [Fact]
    public async Task Completion_WithCancelledTimer_DoesNotWait()
    {
        var result = await ResultAsync<string>(tasks => tasks.AddOrchestratorFunc(Main, context =>
        {
            using var stop = new CancellationTokenSource();
            _ = context.CreateTimer(TimeSpan.FromDays(1), stop.Token);
            stop.Cancel();
            return "done";
        }));

        Assert.Equal("done", result);
    }

    [Fact]
    public async Task Completion_WithSentEvent_DoesNotWait()
    {
        var result = await ResultAsync<string>(tasks => tasks.AddOrchestratorFunc(Main, context =>
        {
            context.SendEvent("nobody-of-this-name", "Hello", "there");
            return "done";
        }));

        Assert.Equal("done", result);
    }

    private DurableTaskRegistry WithBlock(DurableTaskRegistry tasks) => tasks.AddActivityFunc("Block", async _ => await release.Task.WaitAsync(Deadline));

    // The code has returned and the activity cannot end: whenever it is looked at, the instance is running.
    private async Task AssertHeldAsync(DurableTaskClient client, string id)
    {
        await returned.Task.WaitAsync(Deadline);
        for (var i = 0; i < 10; i++)
        {
            var metadata = await client.GetInstanceAsync(id, Deadline);
            Assert.Equal(OrchestrationRuntimeStatus.Running, metadata?.RuntimeStatus);
        }

        release.SetResult();
    }
}
