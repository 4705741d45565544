using Microsoft.DurableTask;

namespace Chard.Conformance.Tests.Events;

/// <summary>Several waiters, cancelled waiters, waits with a timeout.</summary>
public sealed class WaiterTests : DurableTest
{
    [Fact]
    public async Task Waiters_OfOneName_AreServedNewestFirst()
    {
        var result = await WithEventsAsync(["first", "second"], async context =>
        {
            var older = context.WaitForExternalEvent<string>("Item");
            var newer = context.WaitForExternalEvent<string>("Item");
            await Task.WhenAll(older, newer);
            return $"older {older.Result}, newer {newer.Result}";
        });

        Assert.Equal("older second, newer first", result);
    }

    [Fact]
    public async Task Waiters_OfOneNameAndTwoTypes_AreRefusedAtTheCall()
    {
        var result = await ResultAsync<string>(tasks => tasks.AddOrchestratorFunc(Main, context =>
        {
            _ = context.WaitForExternalEvent<string>("Item");
            try
            {
                _ = context.WaitForExternalEvent<int>("ITEM");
                return "taken";
            }
            catch (ArgumentException)
            {
                return "refused";
            }
        }));

        Assert.Equal("refused", result);
    }

    [Fact]
    public async Task Waiters_OfOneNameAndTwoTypesOneAfterTheOther_AreFine()
    {
        var client = await StartAsync(tasks => tasks.AddOrchestratorFunc(Main, async context =>
            await context.WaitForExternalEvent<string>("Item") + await context.WaitForExternalEvent<int>("Item")));
        var id = await BeginAsync(client);

        await client.RaiseEventAsync(id, "Item", "a", Deadline);
        await client.RaiseEventAsync(id, "Item", 1, Deadline);

        Assert.Equal("a1", Output<string>(await EndAsync(client, id)));
    }

    [Fact]
    public async Task Waiter_Cancelled_Throws()
    {
        var result = await ResultAsync<string>(tasks => tasks.AddOrchestratorFunc(Main, async context =>
        {
            using var stop = new CancellationTokenSource();
            var wait = context.WaitForExternalEvent<string>("Item", stop.Token);
            stop.Cancel();
            return (await CatchAsync<OperationCanceledException>(wait)).GetType().Name;
        }));

        Assert.Equal(nameof(TaskCanceledException), result);
    }

    [Fact]
    public async Task Waiter_Cancelled_SwallowsTheNextEvent()
    {
        var result = await WithEventsAsync(["lost", "found"], async context =>
        {
            using var stop = new CancellationTokenSource();
            var older = context.WaitForExternalEvent<string>("Item");
            _ = context.WaitForExternalEvent<string>("Item", stop.Token);
            stop.Cancel();
            return await older;
        });

        Assert.Equal("found", result);
    }

    [Fact]
    public async Task Waiter_Cancelled_StillHoldsTheTypeOfItsName()
    {
        var result = await ResultAsync<string>(tasks => tasks.AddOrchestratorFunc(Main, context =>
        {
            using var stop = new CancellationTokenSource();
            _ = context.WaitForExternalEvent<string>("Item", stop.Token);
            stop.Cancel();
            try
            {
                _ = context.WaitForExternalEvent<int>("Item");
                return "taken";
            }
            catch (ArgumentException)
            {
                return "refused";
            }
        }));

        Assert.Equal("refused", result);
    }

    [Fact]
    public async Task Waiter_TokenThatHasFired_Throws()
    {
        var result = await ResultAsync<string>(tasks => tasks.AddOrchestratorFunc(Main, async context =>
            (await CatchAsync<OperationCanceledException>(context.WaitForExternalEvent<string>("Item", new CancellationToken(canceled: true)))).GetType().Name));

        Assert.Equal(nameof(TaskCanceledException), result);
    }

    [Fact]
    public async Task Waiter_CancelledAfterItsEvent_KeepsIt()
    {
        var result = await WithEventsAsync(["kept"], async context =>
        {
            using var stop = new CancellationTokenSource();
            var wait = context.WaitForExternalEvent<string>("Item", stop.Token);
            await wait;
            stop.Cancel();
            return await wait;
        });

        Assert.Equal("kept", result);
    }

    [Fact]
    public async Task Waiter_AfterACancelledOne_IsServedFirst()
    {
        var result = await WithEventsAsync(["found"], async context =>
        {
            using var stop = new CancellationTokenSource();
            _ = context.WaitForExternalEvent<string>("Item", stop.Token);
            stop.Cancel();
            return await context.WaitForExternalEvent<string>("Item");
        });

        Assert.Equal("found", result);
    }

    [Fact]
    public async Task Timeout_Passed_Throws()
    {
        var result = await ResultAsync<string>(tasks => tasks.AddOrchestratorFunc(Main, async context =>
            (await CatchAsync<OperationCanceledException>(context.WaitForExternalEvent<string>("Item", TimeSpan.FromMilliseconds(5)))).GetType().Name));

        Assert.Equal(nameof(TaskCanceledException), result);
    }

    [Fact]
    public async Task Timeout_EventFirst_GivesItAndHoldsNothingUp()
    {
        var result = await WithEventsAsync(["in time"], context => context.WaitForExternalEvent<string>("Item", TimeSpan.FromDays(30)));

        Assert.Equal("in time", result);
    }

    [Fact]
    public async Task Timeout_BufferedEvent_GivesItAtOnce()
    {
        var client = await StartAsync(tasks => tasks.AddOrchestratorFunc(Main, async context =>
        {
            await context.WaitForExternalEvent<string>("Go");
            return await context.WaitForExternalEvent<string>("Item", TimeSpan.FromDays(1));
        }));
        var id = await BeginAsync(client);

        await client.RaiseEventAsync(id, "Item", "buffered", Deadline);
        await client.RaiseEventAsync(id, "Go", "now", Deadline);

        Assert.Equal("buffered", Output<string>(await EndAsync(client, id)));
    }

    [Fact]
    public async Task Timeout_TokenCancelled_Throws()
    {
        var result = await ResultAsync<string>(tasks => tasks.AddOrchestratorFunc(Main, async context =>
        {
            using var stop = new CancellationTokenSource();
            var wait = context.WaitForExternalEvent<string>("Item", TimeSpan.FromDays(1), stop.Token);
            stop.Cancel();
            return (await CatchAsync<OperationCanceledException>(wait)).GetType().Name;
        }));

        Assert.Equal(nameof(TaskCanceledException), result);
    }

    [Fact]
    public async Task SendEvent_ToAnotherInstance_IsReceivedThere()
    {
        var client = await StartAsync(tasks => tasks
            .AddOrchestratorFunc("Receiver", async context => await context.WaitForExternalEvent<Parcel>("Parcel"))
            .AddOrchestratorFunc<string, string>(Main, (context, target) =>
            {
                context.SendEvent(target, "parcel", new Parcel("book", 2));
                return "sent";
            }));
        var receiver = await client.ScheduleNewOrchestrationInstanceAsync("Receiver", Deadline);
        await client.WaitForInstanceStartAsync(receiver, Deadline);

        var sender = await RunAsync(client, receiver);

        Assert.Equal("sent", Output<string>(sender));
        Assert.Equal(new Parcel("book", 2), Output<Parcel>(await EndAsync(client, receiver)));
    }

    [Fact]
    public async Task SendEvent_WithoutPayload_IsNull()
    {
        var result = await ResultAsync<bool>(tasks => tasks.AddOrchestratorFunc(Main, async context =>
        {
            context.SendEvent(context.InstanceId, "Note", null!);
            return await context.WaitForExternalEvent<string?>("Note") is null;
        }));

        Assert.True(result);
    }

    [Fact]
    public async Task SendEvent_ToItself_IsReceived()
    {
        var result = await ResultAsync<string>(tasks => tasks.AddOrchestratorFunc(Main, async context =>
        {
            context.SendEvent(context.InstanceId, "Note", "to self");
            return await context.WaitForExternalEvent<string>("Note");
        }));

        Assert.Equal("to self", result);
    }

    [Fact]
    public async Task SendEvent_BetweenParentAndChild_GoesBothWays()
    {
        var result = await ResultAsync<string>(tasks => tasks
            .AddOrchestratorFunc("Child", async context =>
            {
                context.SendEvent(context.Parent!.InstanceId, "Ready", context.InstanceId);
                return await context.WaitForExternalEvent<string>("Answer");
            })
            .AddOrchestratorFunc(Main, async context =>
            {
                var child = context.CallSubOrchestratorAsync<string>("Child");
                var id = await context.WaitForExternalEvent<string>("Ready");
                context.SendEvent(id, "Answer", "from parent");
                return await child;
            }));

        Assert.Equal("from parent", result);
    }

    // Runs the code as Main, lets it begin its waits, and raises the events of the name "Item" one after another.
    private async Task<string?> WithEventsAsync(string[] items, Func<TaskOrchestrationContext, Task<string>> code)
    {
        var client = await StartAsync(tasks => tasks.AddOrchestratorFunc(Main, code));
        var id = await BeginAsync(client);
        foreach (var item in items)
        {
            await client.RaiseEventAsync(id, "Item", item, Deadline);
        }

        return Output<string>(await EndAsync(client, id));
    }

    private sealed record Parcel(string What, int Count);
}
