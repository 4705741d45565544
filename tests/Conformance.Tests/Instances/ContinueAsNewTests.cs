using System.Collections.Concurrent;
using Microsoft.DurableTask;
using Microsoft.DurableTask.Client;

namespace Chard.Conformance.Tests.Instances;

/// <summary>Instances that start over with a fresh history.</summary>
public sealed class ContinueAsNewTests : DurableTest
{
    [Fact]
    public async Task ContinueAsNew_PassesTheInputOnUnderTheSameId()
    {
        var client = await StartAsync(tasks => tasks.AddOrchestratorFunc<int, string>(Main, (context, round) =>
        {
            if (round < 5)
            {
                context.ContinueAsNew(round + 1);
                return "not yet";
            }

            return $"{context.InstanceId} {round}";
        }));

        var metadata = await RunAsync(client, 0, new StartOrchestrationOptions("one"));

        Assert.Equal("one 5", Output<string>(metadata));
    }

    [Fact]
    public async Task ContinueAsNew_OnlyMarks_TheCodeRunsOn()
    {
        var after = new ConcurrentBag<int>();

        await ResultAsync<int>(
            tasks => tasks
                .AddOrchestratorFunc<int, int>(Main, async (context, round) =>
                {
                    if (round == 0)
                    {
                        context.ContinueAsNew(1);
                        await context.CallActivityAsync("After", round);
                    }

                    return round;
                })
                .AddActivityFunc<int>("After", (_, round) => after.Add(round)),
            0);

        Assert.Equal([0], after);
    }

    [Fact]
    public async Task ContinueAsNew_ThenAnException_Fails()
    {
        var metadata = await RunAsync(tasks => tasks.AddOrchestratorFunc(Main, context =>
        {
            context.ContinueAsNew(1);
            return Throw<string>(new InvalidOperationException("changed my mind"));
        }));

        Assert.Equal("changed my mind", Failure(metadata).ErrorMessage);
    }

    [Fact]
    public async Task ContinueAsNew_Twice_TakesTheLastInput()
    {
        var result = await ResultAsync<int>(
            tasks => tasks.AddOrchestratorFunc<int, int>(Main, (context, round) =>
            {
                if (round == 0)
                {
                    context.ContinueAsNew(1);
                    context.ContinueAsNew(2);
                }

                return round;
            }),
            0);

        Assert.Equal(2, result);
    }

    [Fact]
    public async Task ContinueAsNew_Preserving_CarriesBufferedEventsOnInOrder()
    {
        var client = await StartAsync(tasks => tasks.AddOrchestratorFunc<bool, string>(Main, async (context, again) =>
        {
            if (!again)
            {
                await context.WaitForExternalEvent<string>("Go");
                context.ContinueAsNew(true);
                return "not yet";
            }

            return string.Concat(
                await context.WaitForExternalEvent<string>("Item"), await context.WaitForExternalEvent<string>("Item"), await context.WaitForExternalEvent<string>("Item"));
        }));
        var id = await BeginAsync(client, false);

        await RaiseAsync(client, id, "Item", "a", "b", "c");
        await client.RaiseEventAsync(id, "Go", "now", Deadline);

        Assert.Equal("abc", Output<string>(await EndAsync(client, id)));
    }

    [Fact]
    public async Task ContinueAsNew_NotPreserving_DropsBufferedEvents()
    {
        var client = await StartAsync(tasks => tasks.AddOrchestratorFunc<bool, string>(Main, async (context, again) =>
        {
            if (!again)
            {
                await context.WaitForExternalEvent<string>("Go");
                context.ContinueAsNew(true, preserveUnprocessedEvents: false);
                return "not yet";
            }

            context.SetCustomStatus("again");
            return await context.WaitForExternalEvent<string>("Item");
        }));
        var id = await BeginAsync(client, false);

        await RaiseAsync(client, id, "Item", "early");
        await client.RaiseEventAsync(id, "Go", "now", Deadline);
        await UntilAsync(client, id, instance => instance.SerializedCustomStatus is not null);
        await RaiseAsync(client, id, "Item", "late");

        Assert.Equal("late", Output<string>(await EndAsync(client, id)));
    }

    [Fact]
    public async Task ContinueAsNew_InALoopOfEvents_LosesNone()
    {
        var client = await StartAsync(tasks => tasks.AddOrchestratorFunc<string, string>(Main, async (context, soFar) =>
        {
            var item = await context.WaitForExternalEvent<string>("Item");
            if (item == ".")
            {
                return soFar;
            }

            context.ContinueAsNew(soFar + item);
            return "not yet";
        }));
        var id = await BeginAsync(client, string.Empty);

        await RaiseAsync(client, id, "Item", "a", "b", "c", "d", "e", "f", ".");

        Assert.Equal("abcdef", Output<string>(await EndAsync(client, id)));
    }

    [Fact]
    public async Task ContinueAsNew_CustomStatus_IsNullAgain()
    {
        var client = await StartAsync(tasks => tasks.AddOrchestratorFunc<bool, string>(Main, async (context, again) =>
        {
            if (again)
            {
                return await context.WaitForExternalEvent<string>("Go");
            }

            context.SetCustomStatus("first");
            await context.WaitForExternalEvent<string>("Go");
            context.ContinueAsNew(true);
            return "not yet";
        }));
        var id = await BeginAsync(client, false);
        await UntilAsync(client, id, instance => instance.ReadCustomStatusAs<string>() == "first");

        await client.RaiseEventAsync(id, "Go", "on", Deadline);
        await UntilAsync(client, id, instance => instance.SerializedCustomStatus is null);
        await client.RaiseEventAsync(id, "Go", "out", Deadline);
        var metadata = await EndAsync(client, id);

        Assert.Equal("out", Output<string>(metadata));
        Assert.Null(metadata.SerializedCustomStatus);
    }

    [Fact]
    public async Task ContinueAsNew_NewGuid_CountsFromZeroAgain()
    {
        var client = await StartAsync(tasks => tasks.AddOrchestratorFunc<bool, Drawn>(Main, (context, again) =>
        {
            context.NewGuid();
            if (!again)
            {
                context.ContinueAsNew(true);
            }

            return new Drawn(context.CurrentUtcDateTime, context.NewGuid());
        }));

        var drawn = Output<Drawn>(await RunAsync(client, false, new StartOrchestrationOptions("one")));

        Assert.Equal(DeterministicGuid.Of("one", drawn!.Now, 1), drawn.Guid);
    }

    [Fact]
    public async Task ContinueAsNew_KeepsTagsAndShowsTheNewInput()
    {
        var client = await StartAsync(tasks => tasks.AddOrchestratorFunc<int, string>(Main, (context, round) =>
        {
            if (round == 0)
            {
                context.ContinueAsNew(1);
            }

            return "done";
        }));

        var metadata = await RunAsync(client, 0, new StartOrchestrationOptions("one") { Tags = new Dictionary<string, string> { ["customer"] = "Ada" } });

        Assert.Equal("Ada", metadata.Tags["customer"]);
        Assert.Equal(1, metadata.ReadInputAs<int>());
    }

    [Fact]
    public async Task ContinueAsNew_NewVersion_IsTheNextExecutions()
    {
        var client = await StartAsync(tasks => tasks.AddOrchestratorFunc<string, string>(Main, (context, before) =>
        {
            if (context.Version != "2")
            {
                context.ContinueAsNew(new ContinueAsNewOptions { NewInput = context.Version, NewVersion = "2" });
            }

            return $"{before} then {context.Version}";
        }));

        var metadata = await RunAsync(client, "none", new StartOrchestrationOptions { Version = "1" });

        Assert.Equal("1 then 2", Output<string>(metadata));
    }

    private async Task RaiseAsync(DurableTaskClient client, string id, string name, params string[] items)
    {
        foreach (var item in items)
        {
            await client.RaiseEventAsync(id, name, item, Deadline);
        }
    }

    private sealed record Drawn(DateTime Now, Guid Guid);
}
