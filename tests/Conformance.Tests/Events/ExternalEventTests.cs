namespace Chard.Conformance.Tests.Events;

/// <summary>Events from outside: buffering, names, payloads.</summary>
public sealed class ExternalEventTests : DurableTest
{
    [Fact]
    public async Task Event_WithWaiter_IsDelivered()
    {
        var client = await StartAsync(tasks => tasks.AddOrchestratorFunc(Main, async context => await context.WaitForExternalEvent<string>("Go")));
        var id = await BeginAsync(client);

        await client.RaiseEventAsync(id, "Go", "payload", Deadline);

        Assert.Equal("payload", Output<string>(await EndAsync(client, id)));
    }

    [Fact]
    public async Task Event_NameInOtherCase_IsTheSame()
    {
        var client = await StartAsync(tasks => tasks.AddOrchestratorFunc(Main, async context =>
            await context.WaitForExternalEvent<string>("APPROVAL") + await context.WaitForExternalEvent<string>("approval")));
        var id = await BeginAsync(client);

        await client.RaiseEventAsync(id, "Approval", "a", Deadline);
        await client.RaiseEventAsync(id, "aPPROVAL", "b", Deadline);

        Assert.Equal("ab", Output<string>(await EndAsync(client, id)));
    }

    [Fact]
    public async Task Event_WithoutWaiter_IsBufferedFirstInFirstOut()
    {
        var client = await StartAsync(tasks => tasks.AddOrchestratorFunc(Main, async context =>
        {
            await context.WaitForExternalEvent<string>("Go");
            return string.Concat(
                await context.WaitForExternalEvent<string>("Item"), await context.WaitForExternalEvent<string>("Item"), await context.WaitForExternalEvent<string>("Item"));
        }));
        var id = await BeginAsync(client);

        foreach (var item in new[] { "a", "b", "c" })
        {
            await client.RaiseEventAsync(id, "Item", item, Deadline);
        }

        await client.RaiseEventAsync(id, "Go", "now", Deadline);

        Assert.Equal("abc", Output<string>(await EndAsync(client, id)));
    }

    [Fact]
    public async Task Event_OfAnotherName_IsNotTaken()
    {
        var client = await StartAsync(tasks => tasks.AddOrchestratorFunc(Main, async context =>
        {
            var two = await context.WaitForExternalEvent<string>("Two");
            return two + await context.WaitForExternalEvent<string>("One");
        }));
        var id = await BeginAsync(client);

        await client.RaiseEventAsync(id, "One", "1", Deadline);
        await client.RaiseEventAsync(id, "Two", "2", Deadline);

        Assert.Equal("21", Output<string>(await EndAsync(client, id)));
    }

    [Fact]
    public async Task Event_WhileAnActivityRuns_IsKept()
    {
        var started = new TaskCompletionSource();
        var release = new TaskCompletionSource();
        var client = await StartAsync(tasks => tasks
            .AddOrchestratorFunc(Main, async context => await context.CallActivityAsync<string>("Work") + await context.WaitForExternalEvent<string>("Go"))
            .AddActivityFunc("Work", async _ =>
            {
                started.SetResult();
                await release.Task.WaitAsync(Deadline);
                return "work ";
            }));
        var id = await BeginAsync(client);
        await started.Task.WaitAsync(Deadline);

        await client.RaiseEventAsync(id, "Go", "event", Deadline);
        release.SetResult();

        Assert.Equal("work event", Output<string>(await EndAsync(client, id)));
    }

    [Fact]
    public async Task Event_Payload_IsReadAsTheWaitersType()
    {
        var client = await StartAsync(tasks => tasks.AddOrchestratorFunc(Main, async context =>
        {
            var decision = await context.WaitForExternalEvent<Decision>("Decide");
            return $"{decision.Approved} by {decision.By}";
        }));
        var id = await BeginAsync(client);

        await client.RaiseEventAsync(id, "Decide", new Decision(true, "Ada"), Deadline);

        Assert.Equal("True by Ada", Output<string>(await EndAsync(client, id)));
    }

    [Fact]
    public async Task Event_WithoutPayload_IsNullForAReferenceType()
    {
        var client = await StartAsync(tasks => tasks.AddOrchestratorFunc(Main, async context => await context.WaitForExternalEvent<string?>("Go") is null));
        var id = await BeginAsync(client);

        await client.RaiseEventAsync(id, "Go", Deadline);

        Assert.True(Output<bool>(await EndAsync(client, id)));
    }

    [Fact]
    public async Task Event_WithoutPayload_FailsAWaiterOfAValueType()
    {
        var client = await StartAsync(tasks => tasks.AddOrchestratorFunc(Main, async context => await context.WaitForExternalEvent<int>("Go")));
        var id = await BeginAsync(client);

        await client.RaiseEventAsync(id, "Go", Deadline);

        Assert.Equal(typeof(NullReferenceException).FullName, Failure(await EndAsync(client, id)).ErrorType);
    }

    [Fact]
    public async Task Event_PayloadOfAnotherShape_FailsTheInstance()
    {
        var client = await StartAsync(tasks => tasks.AddOrchestratorFunc(Main, async context => await context.WaitForExternalEvent<int>("Go")));
        var id = await BeginAsync(client);

        await client.RaiseEventAsync(id, "Go", "no number", Deadline);

        Assert.Equal("System.Text.Json.JsonException", Failure(await EndAsync(client, id)).ErrorType);
    }

    [Fact]
    public async Task Event_ForAnUnknownInstance_IsSilent()
    {
        var client = await StartAsync(tasks => tasks.AddOrchestratorFunc(Main, _ => "alive"));

        await client.RaiseEventAsync("nobody-of-this-name", "Go", "payload", Deadline);

        Assert.Equal("alive", Output<string>(await RunAsync(client)));
    }

    [Fact]
    public async Task Event_ForAFinishedInstance_IsSilent()
    {
        var client = await StartAsync(tasks => tasks.AddOrchestratorFunc(Main, _ => "done"));
        var id = (await RunAsync(client)).InstanceId;

        await client.RaiseEventAsync(id, "Go", "payload", Deadline);

        Assert.Equal("done", Output<string>(await EndAsync(client, id)));
    }

    [Theory]
    [InlineData("", "Go")]
    [InlineData("one", "")]
    public async Task RaiseEvent_EmptyIdOrName_Throws(string id, string name)
    {
        var client = await StartAsync(tasks => tasks.AddOrchestratorFunc(Main, _ => 1));

        await Assert.ThrowsAnyAsync<ArgumentException>(() => client.RaiseEventAsync(id, name, "payload", Deadline));
    }

    private sealed record Decision(bool Approved, string By);
}
