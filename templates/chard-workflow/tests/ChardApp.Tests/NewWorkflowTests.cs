using Chard.Testing;

namespace ChardApp.Tests;

public sealed class NewWorkflowTests
{
//#if (chain)
    private static readonly NewWorkflowArgs Args = new("a");
    private const string Expected = "a done, ended";
//#endif
//#if (chord)
    private static readonly NewWorkflowArgs Args = new(["a", "b"]);
    private const string Expected = "a done, b done";
//#endif
//#if (lists)
    private static readonly NewWorkflowArgs Args = new(["a", "b"]);
    private static readonly string[] Expected = ["a done", "b done"];
//#endif

    [Fact]
    public async Task NewWorkflow_Completes()
    {
        await using ChardTestHost app = await ChardTestHost.StartAsync<Program>();

//#if (lists)
        Assert.Equal(Expected, await app.RunAsync<string[]>(Start.Workflow("NewWorkflow", Args)));
//#else
        Assert.Equal(Expected, await app.RunAsync<string>(Start.Workflow("NewWorkflow", Args)));
//#endif
    }

    /// <summary>The host dies after the third commit, as by kill -9, and is started again: each task has succeeded once.</summary>
    [Fact]
    public async Task NewWorkflow_CompletesAfterACrash()
    {
        await using ChardTestHost app = await ChardTestHost.StartAsync<Program>();
        app.Faults.CrashAfterCommit(3);

        WorkflowRun run = await app.StartAsync(Start.Workflow("NewWorkflow", Args));

//#if (lists)
        Assert.Equal(Expected, await run.ResultAsync<string[]>());
//#else
        Assert.Equal(Expected, await run.ResultAsync<string>());
//#endif
        Assert.Equal(1, app.Crashes);
        Assert.All(await run.TasksAsync(), task => Assert.Null(task.Failure));
    }
}
