//#if (parks)
using Chard.Domain.Workflows;
//#endif
using Chard.Testing;

namespace ChardApp.Tests;

public sealed class NewTaskTests
{
    [Fact]
    public async Task NewTask_AnId_GivesItsResult()
    {
        await using ChardTestHost app = await ChardTestHost.StartAsync<Program>();

        var result = await app.RunAsync<NewTaskResult>(Start.Task("NewTask", new NewTaskArgs("7")));

        Assert.Equal(new NewTaskResult("7"), result);
    }

//#if (fails)
    [Fact]
    public async Task NewTask_NoId_FailsForGood()
    {
        await using ChardTestHost app = await ChardTestHost.StartAsync<Program>();

        var failed = await Assert.ThrowsAsync<WorkflowFailedException>(
            () => app.RunAsync<NewTaskResult>(Start.Task("NewTask", new NewTaskArgs(""))));

        Assert.Equal("no-id", failed.Code);
    }
//#endif
//#if (parks)
    [Fact]
    public async Task NewTask_NoId_WaitsForAnOperator()
    {
        await using ChardTestHost app = await ChardTestHost.StartAsync<Program>();

        WorkflowRun run = await app.StartAsync(Start.Task("NewTask", new NewTaskArgs("")));
        await run.UntilAsync(WorkflowStatus.Parked);

        Assert.Equal("no-id", Assert.Single(await run.LettersAsync()).Class);
    }
//#endif
//#if (skips)
    [Fact]
    public async Task NewTask_NoId_IsSkippedAndLeavesALetter()
    {
        await using ChardTestHost app = await ChardTestHost.StartAsync<Program>();

        WorkflowRun run = await app.StartAsync(Start.Task("NewTask", new NewTaskArgs("")));

        Assert.Null(await run.ResultAsync<NewTaskResult>());
        Assert.Equal("no-id", Assert.Single(await run.LettersAsync()).Class);
    }
//#endif
}
