using Microsoft.DurableTask.Client;
using Microsoft.DurableTask.Entities;

namespace Chard.Emulator.Tests.Engine;

public sealed class EntityTests
{
    private static readonly EntityInstanceId A = new("account", "a");
    private static readonly EntityInstanceId B = new("account", "b");

    [Fact]
    public async Task Signals_FromAClient_SurviveARestart()
    {
        await using var test = await EngineUnderTest.StartAsync(Accounts());
        for (var i = 0; i < 10; i++)
        {
            await test.Client.Entities.SignalEntityAsync(A, "add", 1);
        }

        await test.StartEngineAsync();
        await test.Engine.WhenIdleAsync(CancellationToken.None);

        Assert.Equal(10, (await test.Client.Entities.GetEntityAsync<int>(A))!.State);
    }

    [Fact]
    public async Task FailedOperation_ChangesNothing_AndTellsItsCaller()
    {
        await using var test = await EngineUnderTest.StartAsync(Accounts().Orchestrator("Overdraw", async context =>
        {
            await context.Entities.CallEntityAsync(A, "add", 5);
            try
            {
                await context.Entities.CallEntityAsync(A, "add", -6);
                return "no failure";
            }
            catch (EntityOperationFailedException failed)
            {
                return $"{failed.FailureDetails.ErrorMessage} {await context.Entities.CallEntityAsync<int>(A, "get")}";
            }
        }));

        var ended = await test.RunAsync("Overdraw");

        Assert.Equal("overdrawn 5", ended.ReadOutputAs<string>());
    }

    [Fact]
    public async Task Transfers_UnderLocks_NeverLoseMoney()
    {
        await using var test = await EngineUnderTest.StartAsync(Accounts().Orchestrator("Transfer", async context =>
        {
            await using (await context.Entities.LockEntitiesAsync(B, A))
            {
                var left = await context.Entities.CallEntityAsync<int>(A, "get");
                var right = await context.Entities.CallEntityAsync<int>(B, "get");
                await context.Entities.CallEntityAsync(A, "set", left - 1);
                await context.Entities.CallEntityAsync(B, "set", right + 1);
            }

            return context.Entities.InCriticalSection();
        }));
        await test.Client.Entities.SignalEntityAsync(A, "add", 100);
        var ids = await Task.WhenAll(Enumerable.Range(0, 30).Select(_ => test.Client.ScheduleNewOrchestrationInstanceAsync("Transfer")));
        foreach (var id in ids)
        {
            Assert.Equal(OrchestrationRuntimeStatus.Completed, (await test.EndAsync(id)).RuntimeStatus);
        }

        await test.Engine.WhenIdleAsync(CancellationToken.None);

        Assert.Equal(70, (await test.Client.Entities.GetEntityAsync<int>(A))!.State);
        Assert.Equal(30, (await test.Client.Entities.GetEntityAsync<int>(B))!.State);
        Assert.Null((await test.Client.Entities.GetEntityAsync(A))!.LockedBy);
    }

    [Fact]
    public async Task TerminatedOwner_GivesItsLockBack()
    {
        await using var test = await EngineUnderTest.StartAsync(Accounts().Orchestrator("Hold", async context =>
        {
            await using (await context.Entities.LockEntitiesAsync(A))
            {
                context.SetCustomStatus("locked");
                return await context.WaitForExternalEvent<int>("never");
            }
        }));
        var id = await test.Client.ScheduleNewOrchestrationInstanceAsync("Hold");
        await EngineUnderTest.UntilAsync(async () => (await test.Client.GetInstanceAsync(id, true))!.SerializedCustomStatus is not null);
        await test.Client.Entities.SignalEntityAsync(A, "add", 1);

        await test.Client.TerminateInstanceAsync(id);
        await test.EndAsync(id);
        await test.Engine.WhenIdleAsync(CancellationToken.None);

        Assert.Equal(1, (await test.Client.Entities.GetEntityAsync<int>(A))!.State);
    }

    [Fact]
    public async Task DeletedState_EndsTheEntity()
    {
        await using var test = await EngineUnderTest.StartAsync(Accounts());
        await test.Client.Entities.SignalEntityAsync(A, "add", 1);
        await test.Client.Entities.SignalEntityAsync(A, "delete");
        await test.Engine.WhenIdleAsync(CancellationToken.None);

        Assert.Null(await test.Client.Entities.GetEntityAsync(A));
        Assert.Null(test.Engine.Runtime.Instances.Find(A.ToString()));
    }

    [Fact]
    public async Task PutOffSignal_WaitsForItsTime_ThroughARestart()
    {
        var time = new ManualTime();
        await using var test = await EngineUnderTest.StartAsync(Accounts(), options => options.TimeProvider = time);
        var due = time.GetUtcNow().AddDays(1);
        await test.Client.Entities.SignalEntityAsync(A, "add", 5, new SignalEntityOptions { SignalTime = due });
        await test.Client.Entities.SignalEntityAsync(A, "add", 1);
        await test.StartEngineAsync();
        await test.Engine.WhenIdleAsync(CancellationToken.None);
        Assert.Equal(1, (await test.Client.Entities.GetEntityAsync<int>(A))!.State);
        Assert.Equal(due, test.Engine.NextTimerDue);

        time.MoveTo(due);
        await test.Engine.WhenIdleAsync(CancellationToken.None);

        Assert.Equal(6, (await test.Client.Entities.GetEntityAsync<int>(A))!.State);
        Assert.Null(test.Engine.NextTimerDue);
    }

    private static TestFunctions Accounts() => new TestFunctions().Entity("account", operation =>
    {
        var state = operation.State.GetState<int>();
        switch (operation.Name)
        {
            case "add":
                // The state is set before the check: a failure has to undo it.
                operation.State.SetState(state + operation.GetInput<int>());
                return state + operation.GetInput<int>() < 0 ? throw new InvalidOperationException("overdrawn") : default;
            case "set":
                operation.State.SetState(operation.GetInput<int>());
                return default;
            case "delete":
                operation.State.SetState(null);
                return default;
            default:
                return new ValueTask<object?>(state);
        }
    });
}
