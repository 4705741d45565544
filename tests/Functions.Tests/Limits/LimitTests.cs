using Chard.Domain.DeadLetters;
using Chard.Domain.Failures;
using Chard.Domain.Tasks;
using Chard.Limits;
using Microsoft.DurableTask.Client;

namespace Chard.Functions.Tests.Limits;

/// <summary>Limited calls on the engine, time skipped, every turn replayed.</summary>
public sealed class LimitTests
{
    private static readonly TaskPolicy Limited = TaskPolicy.Default with { Limit = "database" };

    [Fact]
    public async Task Concurrency_SeveralWorkflows_AtMostSoManyAtWorkFirstComeFirstServed()
    {
        await using LimitHost host = await LimitHost.StartAsync(("database:Concurrency", "2"));
        host.Gated = true;
        for (int workflow = 0; workflow < 4; workflow++)
        {
            await host.StartAsync($"wf{workflow}", 3);
            int asked = (workflow + 1) * 3;
            await host.UntilAsync($"{asked} have asked", state => state.Taken + state.Waiting.Count == asked);
        }

        string[] asking = [.. Enumerable.Range(0, 12).Select(i => $"wf{i / 3}:{i % 3}")];
        for (int done = 0; done < asking.Length; done++)
        {
            await Eventually.TrueAsync($"{asking[done]} has begun", () => host.Order.Contains(asking[done]));
            host.Open(asking[done]);
            if (done + 2 < asking.Length)
            {
                // One permit at a time changes hands: of two at once, either bearer may be the quicker.
                await Eventually.TrueAsync($"{asking[done + 2]} has begun", () => host.Order.Contains(asking[done + 2]));
            }
        }

        foreach (string id in asking.Select(a => a.Split(':')[0]).Distinct())
        {
            Assert.Equal(OrchestrationRuntimeStatus.Completed, (await host.Eager.EndAsync(id)).RuntimeStatus);
        }

        Assert.Equal(2, host.Most);
        Assert.Equal(asking[..2].Order(), host.Order.Take(2).Order()); // two permits at once: either may be quicker
        Assert.Equal(asking[2..], host.Order.Skip(2));
        await host.UntilAsync("the limiter is gone", state => state.IsEmpty(host.Eager.Now));
        Assert.Null(await host.Eager.Durable.Entities.GetEntityAsync(Limiter.IdOf("database")));
    }

    [Theory]
    [InlineData("transient")]
    [InlineData("rateLimited")]
    [InlineData("parked")]
    public async Task Waiting_ForARetryALaterTimeOrAnOperator_HoldsNoPermit(string why)
    {
        await using LimitHost host = await LimitHost.StartAsync(("database:Concurrency", "1"));
        host.Gated = true;
        host.Open("wfA:0");
        host.Script = context =>
        {
            // The other one asks while this one is at work, and goes when this one waits.
            if (context.WorkflowId == "wfA" && context is { Attempt: 1, Waits: 0 } && host.Begun.Count == 1)
            {
                host.UntilAsync("B has asked", state => state.Waiting.Count == 1).GetAwaiter().GetResult();
                throw why switch
                {
                    "transient" => new TransientTaskException("io", "broken"),
                    "rateLimited" => new RateLimitedTaskException("http-429", "later", TimeSpan.FromSeconds(60)),
                    _ => new PermanentTaskException("declined", "no"),
                };
            }
        };
        await host.StartAsync("wfA", 1, Limited with { OnExhausted = OnExhausted.Park, FirstDelaySeconds = 60 });
        await Eventually.TrueAsync("A has begun", () => host.AtWork == 1);
        await host.StartAsync("wfB", 1);
        await Eventually.TrueAsync("B has begun", () => host.Order.Contains("wfB:0"));

        // Not only once A's wait is over.
        (string Key, DateTimeOffset At)[] begun = [.. host.Begun];
        Assert.True(begun[1].At - begun[0].At < TimeSpan.FromSeconds(60));

        // While something runs the clock goes like any other, so the wait is let pass.
        await host.Eager.Host.Time!.AdvanceAsync(TimeSpan.FromSeconds(70));
        if (why == "parked")
        {
            await Eventually.TrueAsync("A is parked", () => !host.Eager.Stores.DeadLetters.IsEmpty);
            await host.Eager.Durable.RaiseEventAsync(
                "wfA", DeadLetterEvents.NameOf("0", 0), new DeadLetterResolution(DeadLetterAction.Retry));
        }

        await host.UntilAsync("A has asked again", state => state.Waiting.Count == 1);
        Assert.Equal(1, host.AtWork);
        host.Open("wfB:0");

        await host.Eager.EndAsync("wfB");
        Assert.Equal("""["charged 0"]""", (await host.Eager.EndAsync("wfA")).SerializedOutput);
        Assert.Equal(["wfA:0", "wfB:0", "wfA:0"], host.Order);
        Assert.Equal(1, host.Most);
    }

    [Fact]
    public async Task Rate_Starts_AreSpacedByTheClockInTheirOrder()
    {
        await using LimitHost host = await LimitHost.StartAsync(("database:PerSecond", "0.1"));
        DateTimeOffset begun = host.Eager.Now;
        foreach (string id in (string[])["wf0", "wf1"])
        {
            await host.StartAsync(id, 5);
        }

        await host.Eager.EndAsync("wf0");
        await host.Eager.EndAsync("wf1");

        (string Key, DateTimeOffset At)[] starts = [.. host.Begun];
        Assert.All(Enumerable.Range(0, 10), i => Assert.InRange((starts[i].At - begun).TotalSeconds, i * 10, (i * 10) + 9.9));
        Assert.Equal(10, host.Operations);
        foreach (IGrouping<string, string> workflow in starts.Select(s => s.Key).GroupBy(k => k.Split(':')[0]))
        {
            Assert.Equal(workflow.Order(StringComparer.Ordinal), workflow);
        }
    }

    [Fact]
    public async Task Call_UnderALimit_CostsTwoOperationsAndTheSameLedgerWrites()
    {
        await using LimitHost host = await LimitHost.StartAsync(("database:Concurrency", "1"));

        await host.StartAsync("wf", 5);
        Assert.Equal(OrchestrationRuntimeStatus.Completed, (await host.Eager.EndAsync("wf")).RuntimeStatus);

        // Those that waited cost no more: the event that tells them is no operation.
        Assert.Equal(2 * 5, host.Operations);
        Assert.Equal(2 * 5, host.Eager.Stores.Ledger.Operations.Count);
        Assert.Equal(1, host.Most);
    }

    [Fact]
    public async Task Call_OfAKeyThatNoSettingDefines_IsNotHeldUp()
    {
        await using LimitHost host = await LimitHost.StartAsync();

        await host.StartAsync("wf", 3);

        Assert.Equal("""["charged 0","charged 1","charged 2"]""", (await host.Eager.EndAsync("wf")).SerializedOutput);
    }

    [Fact]
    public async Task Deadline_WhileWaitingForAPermit_IsTheFailureOfACallThatIsTooLate()
    {
        await using LimitHost host = await LimitHost.StartAsync(("database:Concurrency", "1"));
        host.Gated = true;
        await host.StartAsync("wfA", 1);
        await Eventually.TrueAsync("A is at work", () => host.AtWork == 1);

        await host.StartAsync("wfB", 1, options: new() { Deadline = host.Eager.Now.AddSeconds(20) });
        await host.UntilAsync("B waits", state => state.Waiting.Count == 1);
        await host.Eager.Host.Time!.AdvanceAsync(TimeSpan.FromSeconds(21));

        Assert.StartsWith("expired: ", (await host.Eager.EndAsync("wfB")).FailureDetails!.ErrorMessage, StringComparison.Ordinal);
        await host.UntilAsync("B has left the queue", state => state.Waiting.Count == 0 && state.Taken == 1);
        host.Open("wfA:0");
        await host.Eager.EndAsync("wfA");
        Assert.Equal(["wfA:0"], host.Order);
    }

    [Fact]
    public async Task Deadline_BeforeTheTimeOfARate_IsNotWaitedFor()
    {
        await using LimitHost host = await LimitHost.StartAsync(("database:PerSecond", "0.001"));
        DateTimeOffset begun = host.Eager.Now;
        await host.StartAsync("wfA", 1);
        await host.Eager.EndAsync("wfA");

        await host.StartAsync("wfB", 1, options: new() { Deadline = begun.AddSeconds(500) });

        Assert.StartsWith("expired: ", (await host.Eager.EndAsync("wfB")).FailureDetails!.ErrorMessage, StringComparison.Ordinal);
        Assert.InRange((host.Eager.Now - begun).TotalSeconds, 0, 400);
    }

    [Fact]
    public async Task TimeBudget_OverBeforeTheRetryHasItsPermit_EndsWithTheLastFailure()
    {
        await using LimitHost host = await LimitHost.StartAsync(("database:PerSecond", "0.01"));
        host.Script = _ => throw new TransientTaskException("io", "broken");

        await host.StartAsync("wf", 1, Limited with { FirstDelaySeconds = 1, RetryTimeoutSeconds = 150 });

        // Tries at 0 and 100 s; the one at 200 s would come too late.
        Assert.Equal("io: broken", (await host.Eager.EndAsync("wf")).FailureDetails!.ErrorMessage);
        Assert.Equal(2, host.Begun.Count);
        Assert.Equal(2, host.Eager.Stores.DeadLetters.Values.Single().Attempts);
    }
}
