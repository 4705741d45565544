using Chard.Testing;

namespace ChardApp.Tests;

public sealed class GreetTests
{
    [Fact]
    public async Task Greet_AName_GreetsIt()
    {
        await using ChardTestHost app = await ChardTestHost.StartAsync<Program>();

        Assert.Equal("Hello, Ada", await app.RunAsync<string>(Start.Task("Greet", "Ada")));
    }

    [Fact]
    public async Task Greet_NoName_FailsForGoodAndLeavesALetter()
    {
        await using ChardTestHost app = await ChardTestHost.StartAsync<Program>();

        WorkflowRun run = await app.StartAsync(Start.Task("Greet", " "));
        var failed = await Assert.ThrowsAsync<WorkflowFailedException>(() => run.ResultAsync<string>());

        Assert.Equal("nobody", failed.Code);
        Assert.Equal(1, Assert.Single(await run.LettersAsync()).Attempts);
    }
}
