using Microsoft.DurableTask;
using Microsoft.DurableTask.Client;

namespace Chard.Conformance.Tests.Instances;

/// <summary>Ids of instances and starts over one that exists.</summary>
public sealed class StartTests : DurableTest
{
    [Fact]
    public async Task Start_WithoutId_MakesAGuidOf32Digits()
    {
        var client = await StartAsync(Waiting);

        var id = await client.ScheduleNewOrchestrationInstanceAsync(Main, Deadline);

        Assert.True(Guid.TryParseExact(id, "N", out _), id);
    }

    [Fact]
    public async Task Start_WithId_TakesIt()
    {
        var client = await StartAsync(Waiting);

        var id = await client.ScheduleNewOrchestrationInstanceAsync(Main, new StartOrchestrationOptions("my id/with #signs?"), Deadline);

        Assert.Equal("my id/with #signs?", id);
        Assert.NotNull(await client.GetInstanceAsync(id, Deadline));
    }

    [Fact]
    public async Task Start_WithoutEntities_TakesAnIdThatBeginsWithAt()
    {
        var client = await StartAsync(tasks => tasks.AddOrchestratorFunc(Main, context => context.InstanceId));

        Assert.Equal("@name@key", Output<string>(await RunAsync(client, null, new StartOrchestrationOptions("@name@key"))));
    }

    [Fact]
    public async Task Start_OverARunningInstance_ReplacesItByDefault()
    {
        var client = await StartAsync(Waiting);
        await BeginAsync(client, "one", "first");

        await BeginAsync(client, "one", "second");
        await UntilAsync(client, "one", instance => instance.IsRunning && instance.ReadInputAs<string>() == "second");
        await client.RaiseEventAsync("one", "Go", "!", Deadline);

        Assert.Equal("second!", Output<string>(await EndAsync(client, "one")));
    }

    [Fact]
    public async Task Start_OverAFinishedInstance_ReplacesItByDefault()
    {
        var client = await StartAsync(tasks => tasks.AddOrchestratorFunc<string, string>(Main, (_, input) => input));
        await RunAsync(client, "first", new StartOrchestrationOptions("one"));

        await client.ScheduleNewOrchestrationInstanceAsync(Main, "second", new StartOrchestrationOptions("one"), Deadline);
        var metadata = await UntilAsync(client, "one", instance => instance.IsCompleted && instance.ReadInputAs<string>() == "second");

        Assert.Equal("second", Output<string>(metadata));
    }

    [Fact]
    public async Task Start_OverAProtectedState_IsRefused()
    {
        var client = await StartAsync(Waiting);
        await BeginAsync(client, "one", "first");
        var options = new StartOrchestrationOptions("one").WithDedupeStatuses(OrchestrationRuntimeStatus.Running, OrchestrationRuntimeStatus.Pending);

        var exception = await Assert.ThrowsAnyAsync<Exception>(() => client.ScheduleNewOrchestrationInstanceAsync(Main, "second", options, Deadline));

        Assert.Equal("DurableTask.Core.Exceptions.OrchestrationAlreadyExistsException", exception.GetType().FullName);
        Assert.Equal("first", (await client.GetInstanceAsync("one", getInputsAndOutputs: true, Deadline))?.ReadInputAs<string>());
    }

    [Fact]
    public async Task Start_OverAProtectedFinishedState_IsRefused()
    {
        var client = await StartAsync(tasks => tasks.AddOrchestratorFunc<string, string>(Main, (_, input) => input));
        await RunAsync(client, "first", new StartOrchestrationOptions("one"));
        var options = new StartOrchestrationOptions("one").WithDedupeStatuses(OrchestrationRuntimeStatus.Completed);

        var exception = await Assert.ThrowsAnyAsync<Exception>(() => client.ScheduleNewOrchestrationInstanceAsync(Main, "second", options, Deadline));

        Assert.Equal("DurableTask.Core.Exceptions.OrchestrationAlreadyExistsException", exception.GetType().FullName);
    }

    [Fact]
    public async Task Start_OverAnotherState_ReplacesIt()
    {
        var client = await StartAsync(tasks => tasks.AddOrchestratorFunc<string, string>(Main, (_, input) => input));
        await RunAsync(client, "first", new StartOrchestrationOptions("one"));
        var options = new StartOrchestrationOptions("one").WithDedupeStatuses(OrchestrationRuntimeStatus.Failed);

        await client.ScheduleNewOrchestrationInstanceAsync(Main, "second", options, Deadline);
        var metadata = await UntilAsync(client, "one", instance => instance.IsCompleted && instance.ReadInputAs<string>() == "second");

        Assert.Equal("second", Output<string>(metadata));
    }

    [Fact]
    public async Task Start_UnknownDedupeStatus_Throws()
    {
        var client = await StartAsync(Waiting);
        var options = new StartOrchestrationOptions("one") { DedupeStatuses = ["Sleeping"] };

        await Assert.ThrowsAsync<ArgumentException>(() => client.ScheduleNewOrchestrationInstanceAsync(Main, "input", options, Deadline));
    }

    [Fact]
    public void WithDedupeStatuses_NamesTheStatesAndKeepsTheRest()
    {
        var options = new StartOrchestrationOptions("one") { Tags = new Dictionary<string, string> { ["a"] = "b" } };

        var dedupe = options.WithDedupeStatuses(OrchestrationRuntimeStatus.Running, OrchestrationRuntimeStatus.Failed);

        Assert.Equal(["Running", "Failed"], dedupe.DedupeStatuses!);
        Assert.Equal("one", dedupe.InstanceId);
        Assert.Equal("b", dedupe.Tags["a"]);
        Assert.Null(options.DedupeStatuses);
    }

    [Fact]
    public async Task Start_WithTags_KeepsThem()
    {
        var client = await StartAsync(tasks => tasks.AddOrchestratorFunc(Main, _ => 1));
        var options = new StartOrchestrationOptions("one") { Tags = new Dictionary<string, string> { ["customer"] = "Ada", ["batch"] = "7" } };

        var metadata = await RunAsync(client, null, options);

        Assert.Equal("Ada", metadata.Tags["customer"]);
        Assert.Equal("7", metadata.Tags["batch"]);
    }

    [Fact]
    public async Task Start_WithVersion_IsToldToOrchestratorAndActivity()
    {
        var client = await StartAsync(tasks => tasks
            .AddOrchestratorFunc(Main, async context => $"{context.Version} {await context.CallActivityAsync<string>("Version")} {context.CompareVersionTo("2.1")}")
            .AddActivityFunc("Version", context => context.Version));

        var metadata = await RunAsync(client, null, new StartOrchestrationOptions { Version = "2.0" });

        Assert.Equal("2.0 2.0 -1", Output<string>(metadata));
    }

    private static void Waiting(DurableTaskRegistry tasks) => tasks.AddOrchestratorFunc<string, string>(Main, async (context, input) =>
        input + await context.WaitForExternalEvent<string>("Go"));

    private async Task BeginAsync(DurableTaskClient client, string id, string input)
    {
        await client.ScheduleNewOrchestrationInstanceAsync(Main, input, new StartOrchestrationOptions(id), Deadline);
        await client.WaitForInstanceStartAsync(id, Deadline);
    }
}
