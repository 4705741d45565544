using Microsoft.DurableTask;
using Microsoft.DurableTask.Client;

namespace Chard.Conformance.Tests.Clients;

/// <summary>Reading instances and waiting for them.</summary>
public sealed class MetadataTests : DurableTest
{
    [Fact]
    public async Task GetInstance_Unknown_IsNull()
    {
        var client = await StartAsync(Echo);

        Assert.Null(await client.GetInstanceAsync("nobody-of-this-name", Deadline));
    }

    [Fact]
    public async Task GetInstance_WithoutInputsAndOutputs_LeavesThemOutAndReadsThrow()
    {
        var client = await StartAsync(Echo);
        var id = (await RunAsync(client, "hello")).InstanceId;

        var metadata = await client.GetInstanceAsync(id, Deadline);

        Assert.Equal(OrchestrationRuntimeStatus.Completed, metadata!.RuntimeStatus);
        Assert.Null(metadata.SerializedInput);
        Assert.Null(metadata.SerializedOutput);
        Assert.Null(metadata.SerializedCustomStatus);
        Assert.Throws<InvalidOperationException>(() => metadata.ReadInputAs<string>());
        Assert.Throws<InvalidOperationException>(() => metadata.ReadOutputAs<string>());
        Assert.Throws<InvalidOperationException>(() => metadata.ReadCustomStatusAs<string>());
    }

    [Fact]
    public async Task GetInstance_WithInputsAndOutputs_HasAll()
    {
        var client = await StartAsync(Echo);
        var id = (await RunAsync(client, "hello")).InstanceId;

        var metadata = await client.GetInstanceAsync(id, getInputsAndOutputs: true, Deadline);

        Assert.Equal(Main, metadata!.Name);
        Assert.Equal(id, metadata.InstanceId);
        Assert.Equal("hello", metadata.ReadInputAs<string>());
        Assert.Equal("hello!", metadata.ReadOutputAs<string>());
        Assert.Equal("echoing", metadata.ReadCustomStatusAs<string>());
        Assert.True(metadata.LastUpdatedAt >= metadata.CreatedAt);
        Assert.Equal(TimeSpan.Zero, metadata.CreatedAt.Offset);
    }

    [Fact]
    public async Task WaitForStart_OfAFinishedInstance_ReturnsIt()
    {
        var client = await StartAsync(Echo);
        var id = (await RunAsync(client, "hello")).InstanceId;

        var metadata = await client.WaitForInstanceStartAsync(id, getInputsAndOutputs: true, Deadline);

        Assert.Equal("hello!", Output<string>(metadata));
    }

    [Fact]
    public async Task WaitForCompletion_WithoutOutputs_LeavesThemOut()
    {
        var client = await StartAsync(Echo);
        var id = await client.ScheduleNewOrchestrationInstanceAsync(Main, "hello", Deadline);

        var metadata = await client.WaitForInstanceCompletionAsync(id, Deadline);

        Assert.True(metadata.IsCompleted);
        Assert.Null(metadata.SerializedOutput);
    }

    [Fact]
    public async Task WaitForCompletion_ManyWaiters_AllGetIt()
    {
        var client = await StartAsync(tasks => tasks.AddOrchestratorFunc(Main, async context => await context.WaitForExternalEvent<string>("Go")));
        var id = await BeginAsync(client);
        var waits = Enumerable.Range(0, 5).Select(_ => EndAsync(client, id)).ToArray();

        await client.RaiseEventAsync(id, "Go", "gone", Deadline);

        Assert.All(await Task.WhenAll(waits), metadata => Assert.Equal("gone", Output<string>(metadata)));
    }

    [Fact]
    public async Task WaitForCompletion_Cancelled_Throws()
    {
        var client = await StartAsync(tasks => tasks.AddOrchestratorFunc(Main, async context => await context.WaitForExternalEvent<string>("Never")));
        var id = await BeginAsync(client);
        using var stop = new CancellationTokenSource();
        var wait = client.WaitForInstanceCompletionAsync(id, stop.Token);

        await stop.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => wait.WaitAsync(Deadline));
    }

    [Fact]
    public async Task WaitForStart_OfAnUnknownInstance_WaitsUntilItIsThere()
    {
        var client = await StartAsync(Echo);
        var wait = client.WaitForInstanceStartAsync("later", Deadline);

        await client.ScheduleNewOrchestrationInstanceAsync(Main, "hello", new StartOrchestrationOptions("later"), Deadline);

        Assert.Equal("later", (await wait).InstanceId);
    }

    [Fact]
    public async Task Entities_WhenOff_AreNotSupported()
    {
        var client = await StartAsync(tasks => tasks.AddOrchestratorFunc(Main, context =>
        {
            try
            {
                _ = context.Entities;
                return "on";
            }
            catch (NotSupportedException)
            {
                return "off";
            }
        }));

        Assert.Equal("off", Output<string>(await RunAsync(client)));
        Assert.Throws<NotSupportedException>(() => client.Entities);
    }

    private static void Echo(DurableTaskRegistry tasks) => tasks.AddOrchestratorFunc<string, string>(Main, (context, input) =>
    {
        context.SetCustomStatus("echoing");
        return input + "!";
    });
}
