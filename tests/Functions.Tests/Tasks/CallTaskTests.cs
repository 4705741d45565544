using System.Text.Json;
using Chard.Calls;
using Chard.Domain.DeadLetters;
using Chard.Domain.Failures;
using Chard.Domain.Identity;
using Chard.Domain.Ledger;
using Chard.Domain.Tasks;
using Chard.Domain.Workflows;
using Microsoft.DurableTask.Client;

namespace Chard.Functions.Tests.Tasks;

/// <summary>Every path of a call, on the engine with time skipped and every turn replayed.</summary>
public sealed class CallTaskTests : IAsyncLifetime
{
    private static readonly Dictionary<string, TaskPolicy> Park = new()
    {
        ["Flaky"] = TaskPolicy.Default with { Attempts = 1, OnExhausted = OnExhausted.Park }
    };

    private EagerHost _host = null!;

    public async Task InitializeAsync() => _host = await EagerHost.StartAsync();

    public async Task DisposeAsync() => await _host.DisposeAsync();

    [Fact]
    public async Task CallTaskAsync_PureTask_GivesTheResultAndOneLedgerWrite()
    {
        OrchestrationMetadata end = await _host.RunAsync("Echo", new { hello = "world" });

        Assert.Equal("""{"hello":"world"}""", end.SerializedOutput);
        Assert.Equal(["add"], _host.Stores.Ledger.Operations);
        Assert.Empty(_host.Stores.DeadLetters);
    }

    [Fact]
    public async Task CallTaskAsync_FailsFiveTimes_WaitsTheSeedsDelaysAndSucceeds()
    {
        DateTimeOffset begun = _host.Now;

        OrchestrationMetadata end = await _host.RunAsync("Flaky", new { failures = 5, value = "at last" });

        Assert.Equal("\"at last\"", end.SerializedOutput);
        Assert.InRange((_host.Now - begun).TotalSeconds, 60 + 120 + 240 + 480 + 960, (60 + 120 + 240 + 480 + 960) * 1.1 + 1);
        LedgerRow row = _host.Stores.Ledger[new(end.InstanceId, null, "0")]!;
        Assert.Equal((LedgerStatus.Succeeded, new CallTurn(0, 6, 0)), (row.Status, row.Turn));
    }

    [Fact]
    public async Task CallTaskAsync_AllAttemptsFail_WritesOneDeadLetterAndFails()
    {
        OrchestrationMetadata end = await _host.RunAsync("Flaky", new { failures = 6 });

        Assert.Equal(OrchestrationRuntimeStatus.Failed, end.RuntimeStatus);
        Assert.Equal(typeof(TaskExhaustedException).FullName, end.FailureDetails!.ErrorType);
        Assert.Equal("flaky: Failure 6 of 6, as asked.", end.FailureDetails.ErrorMessage);
        DeadLetter letter = Assert.Single(_host.Stores.DeadLetters.Values);
        Assert.Equal(
            (end.InstanceId, "TestWorkflow", "Flaky", "0", 0, "flaky", FailureKind.Transient, 6, false),
            (letter.WorkflowId, letter.Workflow, letter.Task, letter.Path, letter.Generation, letter.Class, letter.Kind, letter.Attempts,
                letter.Parked));
        Assert.Equal("Failure 6 of 6, as asked.", letter.Message);
        Assert.Equal(6, letter.Args!.Value.GetProperty("failures").GetInt32());
        Assert.Equal(["stamp-1"], letter.Stamps);
        Assert.Equal(FailureType.Transient, letter.Chain[0].Type);
    }

    [Fact]
    public async Task CallTaskAsync_PermanentFailure_IsNotRetried()
    {
        DateTimeOffset begun = _host.Now;

        OrchestrationMetadata end = await _host.RunAsync("Fail", new { kind = "permanent", message = "no such article" });

        Assert.Equal("fail: no such article", end.FailureDetails!.ErrorMessage);
        Assert.InRange((_host.Now - begun).TotalSeconds, 0, 30);
        Assert.Equal(1, Assert.Single(_host.Stores.DeadLetters.Values).Attempts);
    }

    [Fact]
    public async Task CallTaskAsync_ArgsThatDoNotFit_ArePermanent()
    {
        OrchestrationMetadata end = await _host.RunAsync("Sleep", new { seconds = "soon" });

        Assert.StartsWith(
            "invalid-args: The arguments of Sleep do not fit SleepArgs", end.FailureDetails!.ErrorMessage, StringComparison.Ordinal);
        Assert.Equal(1, Assert.Single(_host.Stores.DeadLetters.Values).Attempts);
    }

    [Fact]
    public async Task CallTaskAsync_RateLimited_WaitsAsAskedAndSpendsNoAttempt()
    {
        DateTimeOffset begun = _host.Now;

        OrchestrationMetadata end = await _host.RunAsync(
            "Flaky", new { failures = 3, kind = "rateLimited", retryAfterSeconds = 100, value = 1 },
            new TaskCallOptions { Retry = new(Attempts: 1) });

        Assert.Equal("1", end.SerializedOutput);
        Assert.InRange((_host.Now - begun).TotalSeconds, 300, 331);
        Assert.Equal(new CallTurn(0, 1, 3), _host.Stores.Ledger[new(end.InstanceId, null, "0")]!.Turn);
    }

    [Fact]
    public async Task CallTaskAsync_RateLimitedTooOften_IsADeadLetter()
    {
        OrchestrationMetadata end = await _host.RunAsync(
            "Flaky", new { failures = 3, kind = "rateLimited", retryAfterSeconds = 1 },
            policies: new Dictionary<string, TaskPolicy> { ["Flaky"] = TaskPolicy.Default with { MaxRateLimitWaits = 2 } });

        Assert.Equal(OrchestrationRuntimeStatus.Failed, end.RuntimeStatus);
        Assert.Equal(
            (FailureKind.RateLimited, "flaky"),
            (_host.Stores.DeadLetters.Values.Single().Kind, _host.Stores.DeadLetters.Values.Single().Class));
    }

    [Fact]
    public async Task CallTaskAsync_TimeBudget_EndsTheRetries()
    {
        DateTimeOffset begun = _host.Now;

        await _host.RunAsync("Fail", new { kind = "transient" }, new TaskCallOptions
        {
            Retry = new(Attempts: 100, FirstDelaySeconds: 10, Backoff: 1, TimeoutSeconds: 35)
        });

        Assert.Equal(4, _host.Stores.DeadLetters.Values.Single().Attempts);
        Assert.InRange((_host.Now - begun).TotalSeconds, 30, 36);
    }

    [Fact]
    public async Task CallTaskAsync_Deadline_IsNotWaitedPast()
    {
        DateTimeOffset begun = _host.Now;

        OrchestrationMetadata end = await _host.RunAsync(
            "Fail", new { kind = "transient" }, new TaskCallOptions { Deadline = begun.AddSeconds(100) });

        // Tries at 0 and about 60 s; the one after 120 s more would come too late.
        Assert.Equal(OrchestrationRuntimeStatus.Failed, end.RuntimeStatus);
        Assert.Equal(("fail", 2), (_host.Stores.DeadLetters.Values.Single().Class, _host.Stores.DeadLetters.Values.Single().Attempts));
        Assert.True(_host.Now < begun.AddSeconds(100));
    }

    [Fact]
    public async Task CallTaskAsync_AfterItsDeadline_DoesNotRun()
    {
        OrchestrationMetadata end = await _host.RunAsync("Charge", "5", new TaskCallOptions { Deadline = _host.Now.AddSeconds(-1) });

        Assert.StartsWith("expired: ", end.FailureDetails!.ErrorMessage, StringComparison.Ordinal);
        Assert.Empty(_host.Stores.Receiver.Runs);
    }

    [Fact]
    public async Task CallTaskAsync_Skip_GoesOnWithNothing()
    {
        OrchestrationMetadata end = await _host.RunAsync("Fail", new { }, new TaskCallOptions { OnExhausted = OnExhausted.Skip });

        Assert.Equal(OrchestrationRuntimeStatus.Completed, end.RuntimeStatus);
        Assert.Null(end.SerializedOutput);
        Assert.False(Assert.Single(_host.Stores.DeadLetters.Values).Parked);
    }

    [Fact]
    public async Task CallTaskAsync_Park_WaitsThroughRestartsAndGoesOnAfterARetry()
    {
        string id = await _host.StartAsync(async context => new[] { await context.CallTaskAsync<string>("Echo", "first"),
            await context.CallTaskAsync<string>("Flaky", new { failures = 1, value = "mended" }) }, Park);
        await ParkedAsync(1);
        DeadLetter letter = _host.Stores.DeadLetters.Values.Single();
        Assert.Equal((true, id, "1"), (letter.Parked, letter.InstanceId, letter.Path));

        await _host.Host.CrashAsync();
        await _host.Host.StartAsync();
        await _host.Host.RestartAsync();
        await ResolveAsync(id, "1", 0, new(DeadLetterAction.Retry));

        Assert.Equal("""["first","mended"]""", (await _host.EndAsync(id)).SerializedOutput);
        Assert.Equal([WorkflowStatus.Parked, WorkflowStatus.Running], _host.Stores.Statuses);
        Assert.Equal([id], _host.Stores.Unparked);
        Assert.Equal(new CallTurn(1, 2, 0), _host.Stores.Ledger[new(id, null, "1")]!.Turn);
    }

    [Fact]
    public async Task CallTaskAsync_ParkedAgain_NeedsADecisionOfItsOwn()
    {
        string id = await _host.StartAsync(
            async context => await context.CallTaskAsync<string>("Flaky", new { failures = 2, value = "mended" }), Park);
        await ParkedAsync(1);
        await ResolveAsync(id, "0", 0, new(DeadLetterAction.Retry));
        await ParkedAsync(2);

        // The first click once more: it cannot resolve the second failure.
        await ResolveAsync(id, "0", 0, new(DeadLetterAction.Skip, Result: JsonElement.Parse("\"wrong\"")));
        await ResolveAsync(id, "0", 1, new(DeadLetterAction.Retry));

        Assert.Equal("\"mended\"", (await _host.EndAsync(id)).SerializedOutput);
        Assert.Equal([0, 1], _host.Stores.DeadLetters.Values.Select(l => l.Generation).Order());
    }

    [Fact]
    public async Task CallTaskAsync_ParkedAndGivenOtherArgs_UsesThemWithAKeyOfTheirOwn()
    {
        string id = await _host.StartAsync(async context =>
            await context.CallTaskAsync<string>("Flaky", new { failures = 9, value = "old" }, new() { IdempotencyKey = "charge-1" }), Park);
        await ParkedAsync(1);
        Assert.Equal("charge-1", _host.Stores.DeadLetters.Values.Single().IdempotencyKey);
        await ResolveAsync(id, "0", 0, new(DeadLetterAction.Retry, JsonElement.Parse("""{"failures":9,"value":"new"}""")));
        await ParkedAsync(2);
        Assert.Equal("charge-1:1", _host.Stores.DeadLetters.Values.Single(l => l.Generation == 1).IdempotencyKey);
        await ResolveAsync(id, "0", 1, new(DeadLetterAction.Retry, JsonElement.Parse("""{"failures":0,"value":"new"}""")));

        Assert.Equal("\"new\"", (await _host.EndAsync(id)).SerializedOutput);
    }

    [Theory]
    [InlineData(DeadLetterAction.Skip, "\"given\"")]
    [InlineData(DeadLetterAction.Fail, null)]
    [InlineData(DeadLetterAction.Discard, null)]
    public async Task CallTaskAsync_ParkedAndDecided_EndsAsDecided(DeadLetterAction action, string? output)
    {
        string id = await _host.StartAsync(async context => await context.CallTaskAsync<string>("Flaky", new { failures = 9 }), Park);
        await ParkedAsync(1);
        await ResolveAsync(id, "0", 0, new(action, Result: JsonElement.Parse("\"given\"")));

        OrchestrationMetadata end = await _host.EndAsync(id);
        Assert.Equal(output is null ? OrchestrationRuntimeStatus.Failed : OrchestrationRuntimeStatus.Completed, end.RuntimeStatus);
        Assert.Equal(
            output ?? "flaky: Failure 1 of 9, as asked.", output is null ? end.FailureDetails!.ErrorMessage : end.SerializedOutput);
    }

    [Fact]
    public async Task CallTaskAsync_TwoParkedAtOnce_RunsAgainWithTheLast()
    {
        string id = await _host.StartAsync(
            async context => await Task.WhenAll(Enumerable.Range(0, 3)
                .Select(i => context.CallTaskAsync<int>("Flaky", new { failures = i == 0 ? 0 : 1, value = i }))), Park);
        await ParkedAsync(2);
        await ResolveAsync(id, "2", 0, new(DeadLetterAction.Retry));
        await ResolveAsync(id, "1", 0, new(DeadLetterAction.Retry));

        Assert.Equal("[0,1,2]", (await _host.EndAsync(id)).SerializedOutput);
        Assert.Equal([WorkflowStatus.Parked, WorkflowStatus.Running], _host.Stores.Statuses);
    }

    [Fact]
    public async Task CallTaskAsync_LargeResult_TravelsByReferenceAndIntoTheNextCall()
    {
        string id = await _host.StartAsync(async context =>
        {
            string[] parts = [.. Enumerable.Repeat(new string('x', 20_000), 1)];
            TaskValue small = (await context.CallTaskAsync<TaskValue>("Echo", parts))!;
            TaskValue large = (await context.CallTaskAsync<TaskValue>("Grow", new { text = "abc", times = 50_000 }))!;
            int length = await context.CallTaskAsync<int>("Measure", large);
            return new { small = small.Reference is null, large = large.Reference is not null, length };
        });

        Assert.Equal("""{"small":true,"large":true,"length":150000}""", (await _host.EndAsync(id)).SerializedOutput);
    }

    private async Task ParkedAsync(int letters) =>
        await Eventually.TrueAsync(
            $"{letters} dead letters are parked", () => _host.Stores.DeadLetters.Count == letters
                && _host.Stores.Statuses.LastOrDefault() == WorkflowStatus.Parked);

    private Task ResolveAsync(string id, string path, int generation, DeadLetterResolution resolution) =>
        _host.Durable.RaiseEventAsync(id, DeadLetterEvents.NameOf(path, generation), resolution);
}
