using System.Text.Json;
using Chard.Calls;
using Chard.Domain.DeadLetters;
using Chard.Domain.Failures;
using Chard.Domain.Tasks;
using Chard.DurableTask.Sqlite;
using Grpc.Core;
using Microsoft.DurableTask.Client;

namespace Chard.Functions.Tests.Tasks;

/// <summary>
/// What is left of a promise when the engine crashes, delivers twice or loses a result: each charge lands once, and nothing is lost.
/// </summary>
[Trait("Category", "Soak")]
public sealed class TaskFaultTests
{
    private static readonly Dictionary<string, TaskPolicy> Policies = new()
    {
        ["Flaky"] = TaskPolicy.Default with { Attempts = 2, OnExhausted = OnExhausted.Park },
        ["Fail"] = TaskPolicy.Default with { OnExhausted = OnExhausted.Skip },
    };

    [Fact]
    public async Task Crash_AtEveryCommit_EndsAsWithoutOneAndChargesOnce()
    {
        // Success, retries, a rate limit, a skipped failure and a parked one: the whole of a call's life.
        (string calm, long commits) = await RunAsync(null, after: false);
        Assert.Equal("""["charged 5",1,2,null,"given"]""", calm);
        Assert.InRange(commits, 8, 100);

        for (long commit = 1; commit <= commits; commit++)
        {
            foreach (bool after in new[] { false, true })
            {
                (string output, _) = await RunAsync(commit, after);
                Assert.True(calm == output, $"Crash {(after ? "after" : "before")} commit {commit} of {commits}: {output}");
            }
        }
    }

    [Fact]
    public async Task Delivery_OfAResultTwice_ChangesNothing()
    {
        await using EagerHost host = await EagerHost.StartAsync();
        host.Host.Faults.DeliverTwice("Charge");

        OrchestrationMetadata end = await host.RunAsync("Charge", "5");

        Assert.Equal("\"charged 5\"", end.SerializedOutput);
        Assert.Single(host.Stores.Receiver.Runs);
    }

    [Fact]
    public async Task Delivery_AgainAfterALostResult_IsAnsweredFromTheRecord()
    {
        await using EagerHost host = await EagerHost.StartAsync();
        host.Host.Faults.LoseResult("Charge", times: 2);

        OrchestrationMetadata end = await host.RunAsync("Charge", "5");

        Assert.Equal("\"charged 5\"", end.SerializedOutput);
        Assert.Single(host.Stores.Receiver.Runs);
    }

    [Fact]
    public async Task Delivery_AgainAfterALostFailure_GivesTheRecordedFailureAndSpendsNoTry()
    {
        await using EagerHost host = await EagerHost.StartAsync();
        host.Stores.Receiver.Script = (context, _) => context.Attempt == 1
            ? throw new PermanentTaskException("declined", "no money") : Task.CompletedTask;
        host.Host.Faults.LoseResult("Charge");

        OrchestrationMetadata end = await host.RunAsync("Charge", "5");

        Assert.Equal("declined: no money", end.FailureDetails!.ErrorMessage);
        Assert.Single(host.Stores.Receiver.Runs);
    }

    [Theory]
    [InlineData(InDoubt.RunAgain, "\"charged 5\"", 2, 0)]
    [InlineData(InDoubt.Probe, "\"probed 5\"", 1, 1)]
    [InlineData(InDoubt.Park, "\"given\"", 1, 0)]
    public async Task RunThatDied_ByPolicy_RunsAgainIsProbedOrParks(InDoubt inDoubt, string output, int runs, int probes)
    {
        await using EagerHost host = await EagerHost.StartAsync();
        host.Stores.Receiver.Script = async (_, token) =>
        {
            // The charge has landed; the first run then hangs until its host is gone.
            if (host.Stores.Receiver.Runs.Count == 1)
            {
                await Task.Delay(Timeout.Infinite, token);
            }
        };
        string id = await host.StartAsync(async context => await context.CallTaskAsync<string>("Charge", "5"), Policy(
            TaskPolicy.Default with { InDoubt = inDoubt, TimeLimitSeconds = null }));
        await Eventually.TrueAsync("the charge has landed", () => host.Stores.Receiver.Runs.Count == 1);

        await host.KillAsync();
        if (inDoubt == InDoubt.Park)
        {
            await Eventually.TrueAsync("it is parked", () => host.Stores.DeadLetters.Count == 1);
            Assert.Equal(TaskFailure.InDoubtCode, host.Stores.DeadLetters.Values.Single().Class);
            await host.Durable.RaiseEventAsync(id, DeadLetterEvents.NameOf("0", 0), new DeadLetterResolution(
                DeadLetterAction.Skip, Result: JsonElement.Parse("\"given\"")));
        }

        Assert.Equal(output, (await host.EndAsync(id)).SerializedOutput);
        Assert.Equal((runs, probes), (host.Stores.Receiver.Runs.Count, host.Stores.Receiver.Probes.Count));
        Assert.Single(host.Stores.Receiver.Charged);
    }

    [Fact]
    public async Task RunThatWasKilled_WithItsLeaseAlive_IsWaitedForOnADurableTimer()
    {
        await using EagerHost host = await EagerHost.StartAsync();
        host.Stores.Receiver.Script = (_, token) => host.Stores.Receiver.Runs.Count == 1
            ? Task.Delay(Timeout.Infinite, token) : Task.CompletedTask;
        string id = await host.StartAsync(async context => await context.CallTaskAsync<string>("Charge", "5"), Policy(
            TaskPolicy.Default with { TimeLimitSeconds = null }));
        await Eventually.TrueAsync("the charge has landed", () => host.Stores.Receiver.Runs.Count == 1);
        DateTimeOffset lease = host.Stores.Ledger[new(id, null, "0")]!.LeaseUntil;

        await host.KillAsync();

        Assert.Equal("\"charged 5\"", (await host.EndAsync(id)).SerializedOutput);
        Assert.True(host.Now >= lease, "The second run began while the first one's lease was alive.");
        Assert.Equal([1, 1], host.Stores.Receiver.Runs.Select(r => r.Attempt));
    }

    [Fact]
    public async Task RunThatDied_ParkedAndRetried_RunsAgainWithTheSameKey()
    {
        await using EagerHost host = await EagerHost.StartAsync();
        host.Stores.Receiver.Script = (_, token) => host.Stores.Receiver.Runs.Count == 1
            ? Task.Delay(Timeout.Infinite, token) : Task.CompletedTask;
        string id = await host.StartAsync(async context => await context.CallTaskAsync<string>("Charge", "5"), Policy(
            TaskPolicy.Default with { InDoubt = InDoubt.Park, TimeLimitSeconds = null }));
        await Eventually.TrueAsync("the charge has landed", () => host.Stores.Receiver.Runs.Count == 1);
        await host.KillAsync();
        await Eventually.TrueAsync("it is parked", () => host.Stores.DeadLetters.Count == 1);

        await host.Durable.RaiseEventAsync(id, DeadLetterEvents.NameOf("0", 0), new DeadLetterResolution(DeadLetterAction.Retry));

        Assert.Equal("\"charged 5\"", (await host.EndAsync(id)).SerializedOutput);
        Assert.Equal([$"{id}:0", $"{id}:0"], host.Stores.Receiver.Runs.Select(r => r.Key));
    }

    [Fact]
    public async Task TimeLimit_TaskThatObeysItsToken_IsTriedAgain()
    {
        await using EagerHost host = await EagerHost.StartAsync();
        host.Stores.Receiver.Script = (context, token) => context.Attempt == 1 ? Task.Delay(Timeout.Infinite, token) : Task.CompletedTask;

        string id = await host.StartAsync(
            async context => await context.CallTaskAsync<string>("Charge", "5", new() { TimeLimitSeconds = 0.2 }));
        OrchestrationMetadata end = await host.EndAsync(id);

        Assert.Equal("\"charged 5\"", end.SerializedOutput);
        Assert.Equal([1, 2], host.Stores.Receiver.Runs.Select(r => r.Attempt));
        Assert.Single(host.Stores.Receiver.Charged);
    }

    [Fact]
    public async Task TimeLimit_TaskThatIgnoresItsToken_IsLeftBehind()
    {
        await using EagerHost host = await EagerHost.StartAsync(options => options.Settings["Chard:Ledger:AbandonSeconds"] = "0.1");
        var never = new TaskCompletionSource();
        host.Stores.Receiver.Script = (context, _) => context.Attempt == 1 ? never.Task : Task.CompletedTask;

        string id = await host.StartAsync(
            async context => await context.CallTaskAsync<string>("Charge", "5", new() { TimeLimitSeconds = 0.1 }));

        Assert.Equal("\"charged 5\"", (await host.EndAsync(id)).SerializedOutput);
        never.SetException(new InvalidOperationException("much too late"));
    }

    [Fact]
    public async Task LedgerUnavailable_AtTheEnd_LeavesTheOutcomeInDoubtAndTriesAgain()
    {
        await using EagerHost host = await EagerHost.StartAsync();
        int writes = 0;
        host.Stores.Ledger.Throws = () => Interlocked.Increment(ref writes) == 2 ? new IOException("storage is away") : null;

        OrchestrationMetadata end = await host.RunAsync("Charge", "5");

        Assert.Equal("\"charged 5\"", end.SerializedOutput);
        Assert.Equal([1, 2], host.Stores.Receiver.Runs.Select(r => r.Attempt));
        Assert.Single(host.Stores.Receiver.Charged);
    }

    [Fact]
    public async Task Payload_LostBetweenTwoCalls_IsADeadLetterThatNamesIt()
    {
        await using EagerHost host = await EagerHost.StartAsync();
        string id = await host.StartAsync(async context =>
        {
            TaskValue large = (await context.CallTaskAsync<TaskValue>("Grow", new { text = "abc", times = 50_000 }))!;
            await context.WaitForExternalEvent<string>("go");
            return await context.CallTaskAsync<int>("Measure", large);
        });
        await Eventually.TrueAsync("the payload is there", () => host.Stores.Payloads.Names.Any());
        host.Stores.Payloads.Remove(host.Stores.Payloads.Names.Single());

        await host.Durable.RaiseEventAsync(id, "go", "now");

        Assert.Equal(OrchestrationRuntimeStatus.Failed, (await host.EndAsync(id)).RuntimeStatus);
        DeadLetter letter = host.Stores.DeadLetters.Values.Single();
        Assert.Equal(("payload-missing", "Measure", 1), (letter.Class, letter.Task, letter.Attempts));
        Assert.NotNull(letter.ArgsReference);
    }

    private static Dictionary<string, TaskPolicy> Policy(TaskPolicy charge) => new() { ["Charge"] = charge };

    /// <summary>
    /// Runs the workflow of every kind of call, with a crash at a commit, and gives its output and the number of commits.
    /// </summary>
    private static async Task<(string Output, long Commits)> RunAsync(long? crash, bool after)
    {
        await using EagerHost host = await EagerHost.StartAsync();
        EngineFaults faults = host.Host.Faults;
        if (crash is { } commit)
        {
            if (after)
            {
                faults.CrashAfterCommit(commit);
            }
            else
            {
                faults.CrashBeforeCommit(commit);
            }
        }

        const string id = "crash";
        await host.SurviveAsync(() => StartAsync(host, id));
        await host.SurviveAsync(async () =>
        {
            await Eventually.TrueAsync(
                "it is parked", () => host.Host.Faults.Crashed.IsCompleted || host.Stores.DeadLetters.Values.Any(l => l.Parked));
            if (host.Host.Faults.Crashed.IsCompleted)
            {
                return;
            }

            try
            {
                await host.Durable.RaiseEventAsync(id, DeadLetterEvents.NameOf("4", 0), new DeadLetterResolution(
                    DeadLetterAction.Skip, Result: JsonElement.Parse("\"given\"")));
            }
            catch (RpcException e) when (e.StatusCode == StatusCode.FailedPrecondition)
            {
                // The event had come before the crash, and the workflow has ended.
            }
        });
        OrchestrationMetadata? end = null;
        await host.SurviveAsync(async () => end = await host.EndAsync(id));

        // A crash in the very last commit is not seen by whoever waits; then nothing was to be restarted.
        Assert.Single(host.Stores.Receiver.Charged);
        Assert.Equal(2, host.Stores.DeadLetters.Count);
        return (end!.SerializedOutput!, faults.Commits);
    }

    private static async Task StartAsync(EagerHost host, string id)
    {
        if (await host.Durable.GetInstanceAsync(id) is not null)
        {
            return;
        }

        await host.StartAsync(
            async context => new object?[]
            {
                await context.CallTaskAsync<string>("Charge", "5"),
                await context.CallTaskAsync<int>("Flaky", new { failures = 1, value = 1 }),
                await context.CallTaskAsync<int>("Flaky", new { failures = 1, kind = "rateLimited", retryAfterSeconds = 5, value = 2 }),
                await context.CallTaskAsync<JsonElement?>("Fail", new { }),
                await context.CallTaskAsync<string>("Flaky", new { failures = 2 }),
            },
            Policies, id);
    }
}
