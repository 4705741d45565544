using System.Net.Http.Json;
using System.Text.Json;
using Azure.Storage.Queues;
using Chard.Calls;
using Chard.DeadLetters;
using Chard.Domain.DeadLetters;
using Chard.Domain.Failures;
using Chard.Domain.Identity;
using Chard.Domain.Ledger;
using Chard.Domain.Routes;
using Chard.Functions.Tests.Flows;
using Chard.Functions.Tests.Storage;
using Chard.Functions.Tests.Tasks;
using Chard.Testing;
using Microsoft.Extensions.DependencyInjection;

namespace Chard.Functions.Tests.Routes;

/// <summary>Slow tasks through the whole app: queue, ledger, events, retries, and what is left of them when something is lost.</summary>
public sealed class SlowTaskFlowTests : IAsyncLifetime
{
    private readonly Receiver _receiver = new();
    private readonly SlowTroubles _troubles = new();
    private FlowHost? _host;
    private FunctionsTestHostOptions _options = null!;

    public Task InitializeAsync() => Task.CompletedTask;

    public async Task DisposeAsync()
    {
        if (_host is not null)
        {
            await _host.DisposeAsync();
        }
    }

    [Fact]
    public async Task Task_OfTheSlowRoute_GivesItsResultByQueueAndLedger()
    {
        FlowHost host = await StartAsync();
        string id = await host.StartAsync("""{"task":"Charge","args":"5","route":"slow"}""");

        Assert.Equal("charged 5", (await host.ResultAsync(id)).GetString());
        Assert.Equal(1, Messages(host));
        Assert.Equal((LedgerStatus.Succeeded, CallTurn.First), (Row(host, id).Status, Row(host, id).Turn));
    }

    [Fact]
    public async Task Task_WhoseSettingSaysSlow_GoesByTheQueue()
    {
        await using FlowHost host = await FlowHost.StartAsync(options =>
        {
            options.Settings["Chard:Tasks:Echo:Route"] = "slow";
        });

        Assert.Equal(7, (await host.ResultAsync(await host.StartAsync("""{"task":"Echo","args":7}"""))).GetInt32());
        Assert.Equal(49, (await host.ResultAsync(await host.StartAsync("""{"task":"Square","args":7}"""))).GetInt32());
        Assert.Equal(1, Messages(host));
    }

    [Fact]
    public async Task Task_FailsAndIsRateLimited_IsRetriedAsOnTheFastRoute()
    {
        FlowHost host = await StartAsync();
        DateTimeOffset begun = host.App.Time!.GetUtcNow();
        string failing = await host.StartAsync("""{"task":"Flaky","args":{"failures":2,"value":1},"route":"slow"}""");
        Assert.Equal(1, (await host.ResultAsync(failing)).GetInt32());
        Assert.InRange((host.App.Time.GetUtcNow() - begun).TotalSeconds, 180, 230);
        Assert.Equal(new CallTurn(0, 3, 0), Row(host, failing).Turn);

        string limited = await host.StartAsync("""
            {"task":"Flaky","args":{"failures":2,"kind":"rateLimited","retryAfterSeconds":100,"value":2},
             "retry":{"attempts":1},"route":"slow"}
            """);
        Assert.Equal(2, (await host.ResultAsync(limited)).GetInt32());
        Assert.Equal(new CallTurn(0, 1, 2), Row(host, limited).Turn);
    }

    [Fact]
    public async Task Task_FailsForGood_IsADeadLetterWithItsCauses()
    {
        FlowHost host = await StartAsync();
        string id = await host.StartAsync("""{"task":"Fail","args":{"kind":"permanent","message":"no such article"},"route":"slow"}""");

        Assert.Equal("fail", await host.FailureAsync(id));
        DeadLetter letter = await LetterAsync(host, id);
        Assert.Equal(("fail", FailureKind.Permanent, "no such article", 1), (letter.Class, letter.Kind, letter.Message, letter.Attempts));
        Assert.Equal(FailureType.Permanent, letter.Chain[0].Type);
    }

    [Fact]
    public async Task Task_Parked_GoesOnAfterAnOperatorsRetryWithTheSameKey()
    {
        FlowHost host = await StartAsync();
        _receiver.Script = (context, _) => context.Attempt == 1
            ? throw new PermanentTaskException("declined", "no money") : Task.CompletedTask;
        string id = await host.StartAsync("""{"task":"Charge","args":"5","route":"slow","onExhausted":"park"}""");
        await host.UntilAsync(id, "parked");

        using HttpResponseMessage retried = await host.App.Http.PostAsJsonAsync(
            $"/api/dead-letters/{DeadLetterId.OfTask(id, "0", 0)}/retry", new { by = "ann" });
        retried.EnsureSuccessStatusCode();

        Assert.Equal("charged 5", (await host.ResultAsync(id)).GetString());
        Assert.Equal([($"{id}:0", 1), ($"{id}:0", 2)], _receiver.Runs);
        Assert.Equal(new CallTurn(1, 2, 0), Row(host, id).Turn);
    }

    [Fact]
    public async Task Task_PastItsTimeLimit_IsTriedAgain()
    {
        FlowHost host = await StartAsync(timeLimit: "0.2");
        _receiver.Script = (context, token) => context.Attempt == 1 ? Task.Delay(Timeout.Infinite, token) : Task.CompletedTask;

        string id = await host.StartAsync("""{"task":"Charge","args":"5","route":"slow"}""");

        Assert.Equal("charged 5", (await host.ResultAsync(id)).GetString());
        Assert.Equal([1, 2], _receiver.Runs.Select(r => r.Attempt));
    }

    [Fact]
    public async Task Task_ArgumentsThatGrowOnTheWay_AreStoredAndArrive()
    {
        FlowHost host = await StartAsync();
        string text = string.Concat(Enumerable.Repeat("😀", 8_000)); // 32,000 bytes of UTF-8, 96,000 as JSON writes them

        string id = await host.StartAsync($$"""{"task":"Echo","args":"{{text}}","route":"slow"}""");

        Assert.Equal(text, (await host.ResultAsync(id)).GetString());
    }

    [Fact]
    public async Task Event_Lost_IsMadeUpForFromTheRow()
    {
        FlowHost host = await StartAsync(o => o.Replace<TroubledSlowTask>());
        _troubles.LostEvents = 1;

        string id = await host.StartAsync("""{"task":"Charge","args":"5","route":"slow"}""");

        Assert.Equal("charged 5", (await host.ResultAsync(id)).GetString());
        Assert.Equal((1, 1), (_receiver.Runs.Count, Messages(host)));
    }

    [Fact]
    public async Task Event_OfAFailureLost_StillSpendsOneTry()
    {
        FlowHost host = await StartAsync(o => o.Replace<TroubledSlowTask>());
        _troubles.LostEvents = 1;

        string id = await host.StartAsync("""{"task":"Flaky","args":{"failures":1,"value":1},"route":"slow"}""");

        Assert.Equal(1, (await host.ResultAsync(id)).GetInt32());
        Assert.Equal((new CallTurn(0, 2, 0), 2), (Row(host, id).Turn, Messages(host)));
    }

    [Fact]
    public async Task Event_LostOfATaskWithoutLedger_RunsItAgain()
    {
        FlowHost host = await StartAsync(o => o.Replace<TroubledSlowTask>(), ledger: false);
        _troubles.LostEvents = 1;

        string id = await host.StartAsync("""{"task":"Charge","args":"5","route":"slow"}""");

        Assert.Equal("charged 5", (await host.ResultAsync(id)).GetString());
        Assert.Equal((2, 2), (_receiver.Runs.Count, Messages(host)));
    }

    [Fact]
    public async Task Message_Lost_IsSentAgain()
    {
        FlowHost host = await StartAsync(o => o.Disable(true));
        string id = await host.StartAsync("""{"task":"Charge","args":"5","route":"slow"}""");
        await Eventually.TrueAsync("the message is there", () => host.Waiting() == 1);
        await host.App.StopAsync();
        await new QueueClient(host.App.StorageConnectionString, AzuriteStorage.Names.SlowTaskQueue).ClearMessagesAsync();

        _options.Disable(false);
        await host.App.StartAsync();

        Assert.Equal("charged 5", (await host.ResultAsync(id)).GetString());
        Assert.Single(_receiver.Runs);
    }

    [Fact]
    public async Task Message_WaitsBehindALongQueue_IsNotSentAgain()
    {
        FlowHost host = await StartAsync(o => o.Disable(true));
        using IDisposable hold = host.App.Time!.Hold();
        string id = await host.StartAsync("""{"task":"Charge","args":"5","route":"slow"}""");
        await Eventually.TrueAsync("the message is there", () => host.Waiting() == 1);

        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        while (host.App.Storage.Count(
            c => c is { Service: StorageService.Queue, Method: "GET" } && c.Uri.Query.Contains("peekonly", StringComparison.Ordinal)) < 5)
        {
            Assert.False(patience.IsCancellationRequested, "It has not been looked after five times.");
            await host.App.Time.AdvanceAsync(TimeSpan.FromMinutes(8));
        }

        Assert.Equal(1, Messages(host));

        hold.Dispose();
        await host.App.StopAsync();
        _options.Disable(false);
        await host.App.StartAsync();
        Assert.Equal("charged 5", (await host.ResultAsync(id)).GetString());
        Assert.Single(_receiver.Runs);
    }

    [Fact]
    public async Task Message_SentTwice_RunsOnce()
    {
        FlowHost host = await StartAsync(o => o.Replace<TroubledSlowTask>());
        host.App.Storage.Fail(
            c => c.Service == StorageService.Queue && c.Method == "POST", StorageFault.NoAnswer with { IsApplied = true });
        _receiver.Script = (_, _) => Eventually.TrueAsync("both deliveries are there", () => _troubles.Deliveries == 2);

        string id = await host.StartAsync("""{"task":"Charge","args":"5","route":"slow"}""");

        Assert.Equal("charged 5", (await host.ResultAsync(id)).GetString());
        Assert.Equal((1, 2), (_receiver.Runs.Count, _troubles.Deliveries));
    }

    [Fact]
    public async Task Message_FailsATimeOrTwo_ComesAgainAndSpendsNoTry()
    {
        FlowHost host = await StartAsync(Poisonable);
        _troubles.Failures = 4;

        string id = await StartHeldAsync(host, """{"task":"Charge","args":"5","route":"slow"}""", () => _troubles.Deliveries == 5);

        Assert.Equal("charged 5", (await host.ResultAsync(id)).GetString());
        Assert.Equal((1, 5), (_receiver.Runs.Single().Attempt, _troubles.Deliveries));
    }

    [Fact]
    public async Task Message_GivenUpByTheHost_IsAFailureThatIsRetried()
    {
        FlowHost host = await StartAsync(Poisonable);
        _troubles.Failures = 5;

        string id = await StartHeldAsync(host, """{"task":"Charge","args":"5","route":"slow"}""", () => _troubles.Poisoned == 1);

        Assert.Equal("charged 5", (await host.ResultAsync(id)).GetString());
        Assert.Equal(2, _receiver.Runs.Single().Attempt);
    }

    [Fact]
    public async Task Message_GivenUpAtTheLastTry_IsADeadLetter()
    {
        FlowHost host = await StartAsync(Poisonable);
        _troubles.Failures = 5;

        string id = await StartHeldAsync(
            host, """{"task":"Charge","args":"5","route":"slow","retry":{"attempts":1}}""", () => _troubles.Poisoned == 1);

        Assert.Equal("poisoned", await host.FailureAsync(id));
        DeadLetter letter = await LetterAsync(host, id);
        Assert.Equal(("poisoned", FailureKind.Transient, 1), (letter.Class, letter.Kind, letter.Attempts));
        Assert.Empty(_receiver.Runs);
    }

    [Fact]
    public async Task Message_OfACancelledWorkflow_IsDroppedUnrun()
    {
        FlowHost host = await StartAsync(o => o.Disable(true));
        string id = await host.StartAsync("""{"task":"Charge","args":"5","route":"slow"}""");
        await Eventually.TrueAsync("the message is there", () => host.Waiting() == 1);
        using HttpResponseMessage cancelled = await host.App.Http.PostAsync($"/api/workflows/{id}/cancel", null);
        cancelled.EnsureSuccessStatusCode();

        await host.App.StopAsync();
        _options.Disable(false);
        await host.App.StartAsync();

        await Eventually.TrueAsync("the queue is empty", () => host.Waiting() == 0);
        Assert.Empty(_receiver.Runs);
    }

    [Fact]
    public async Task Message_ThatIsNoCall_IsADeadLetterInTheApi()
    {
        FlowHost host = await StartAsync();
        string messageId = (await host.Queue().SendMessageAsync("what is this")).Value.MessageId;

        DeadLetter? letter = null;
        await Eventually.TrueAsync("it is a dead letter", () =>
            (letter = host.App.Services.GetRequiredService<IDeadLetterStore>()
                .GetAsync(DeadLetterId.OfMessage(messageId), default).GetAwaiter().GetResult()) is not null);

        Assert.Equal(
            (DeadLetterOrigin.TaskMessage, "invalid-message", "what is this"),
            (letter!.Origin, letter.Class, letter.Args!.Value.GetString()));
        JsonElement document = await host.App.Http.GetFromJsonAsync<JsonElement>($"/api/dead-letters/{letter.Id}");
        Assert.Equal("taskMessage", document.GetProperty("origin").GetString());
    }

    [Fact]
    public async Task Process_KilledWhileTheTaskRuns_IsRecoveredAndTheEffectIsThereOnce()
    {
        FlowHost host = await StartAsync();
        _receiver.Script = (_, token) => _receiver.Runs.Count == 1 ? Task.Delay(Timeout.Infinite, token) : Task.CompletedTask;
        string id = await host.StartAsync("""{"task":"Charge","args":"5","route":"slow"}""");
        await Eventually.TrueAsync("the charge has landed", () => _receiver.Runs.Count == 1);

        await host.KillAsync();

        Assert.Equal("charged 5", (await host.ResultAsync(id)).GetString());
        Assert.Equal([($"{id}:0", 1), ($"{id}:0", 1)], _receiver.Runs);
        Assert.Single(_receiver.Charged);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Engine_CrashesAtEachCommit_EndsEachTaskUnderItsOneKey(bool after)
    {
        FlowHost host = await StartAsync();
        long before = host.App.Faults.Commits;
        Assert.Equal("charged 0", (await host.ResultAsync(
            await host.StartAsync($$"""{"task":"Charge","args":"0","route":"slow","id":"slow-crash-{{after}}-0"}"""))).GetString());
        int commits = (int)(host.App.Faults.Commits - before);
        Assert.InRange(commits, 4, 60);

        for (int commit = 1; commit <= commits; commit++)
        {
            long next = host.App.Faults.Commits + commit;
            if (after)
            {
                host.App.Faults.CrashAfterCommit(next);
            }
            else
            {
                host.App.Faults.CrashBeforeCommit(next);
            }

            string id = $"slow-crash-{after}-{commit}";
            for (int attempt = 1; ; attempt++)
            {
                try
                {
                    await host.RestartIfCrashedAsync();
                    await host.StartAsync($$"""{"task":"Charge","args":"{{commit}}","route":"slow","id":"{{id}}"}""");
                    break;
                }
                catch (Exception e) when (attempt < 5 && e is HttpRequestException or Xunit.Sdk.XunitException)
                {
                    continue; // the caller's side of the bargain: what was not answered is sent again
                }
            }

            Assert.Equal($"charged {commit}", (await host.ResultAsync(id)).GetString());
            await host.RestartIfCrashedAsync();
        }

        // A commit of the orchestration may come while its task is at work: that one runs again, under the key by which its receiver knows
        // it.
        string[] keys = [.. _receiver.Runs.Select(r => r.Key)];
        Assert.Equal(Enumerable.Range(0, commits + 1).Select(commit => $"slow-crash-{after}-{commit}:0"), keys.Distinct());
        Assert.All(keys.CountBy(key => key), key => Assert.InRange(key.Value, 1, 2));
    }

    /// <summary>The rows of docs/operations.md on slow tasks: what one costs more than on the fast route, and a look.</summary>
    [Fact]
    public async Task Requests_OfASlowTask_AreOneMessageAndOneReadMoreThanOfAFastOne()
    {
        FlowHost host = await StartAsync();
        await RunAsync("warm", "slow");

        (int Queue, int Gets, int Writes) fast = await RunAsync("fast", "fast");
        (int Queue, int Gets, int Writes) slow = await RunAsync("slow", "slow");

        Assert.Equal((fast.Queue + 1, fast.Gets + 1, fast.Writes), slow);

        async Task<(int Queue, int Gets, int Writes)> RunAsync(string id, string route)
        {
            host.App.Storage.Clear();
            id += Guid.NewGuid().ToString("N")[..8];

            // With a countdown it is in no pack, whose beginning and end would share requests.
            await host.StartAsync($$"""{"task":"Echo","args":1,"route":"{{route}}","countdown":0,"id":"{{id}}"}""");
            await host.App.Durable.WaitForInstanceCompletionAsync(id, CancellationToken.None);
            return (
                host.App.Storage.Count(c => c.Service == StorageService.Queue),
                host.App.Storage.Count(c => c.Service == StorageService.Table && c.Method == "GET"),
                host.App.Storage.Count(c => c.Service == StorageService.Table && c.Method != "GET"));
        }
    }

    [Fact]
    public async Task Requests_OfALook_AreOneReadAndOneGlance()
    {
        FlowHost host = await StartAsync();
        var look = ActivatorUtilities.CreateInstance<LookAfterSlowTask>(host.App.Services);
        string id = await host.StartAsync("""{"task":"Echo","args":1}""");
        await host.ResultAsync(id);

        host.App.Storage.Clear();
        Assert.Equal(SlowTaskState.Ended, (await look.RunAsync(new(id, null, "0", 0, 1, 0, false, DateTimeOffset.UtcNow), default)).State);
        Assert.Equal(["GET ChardWorkflows"], Calls());

        host.App.Storage.Clear();
        Assert.Equal(
            SlowTaskState.Missing, (await look.RunAsync(new(id, null, "1", 0, 1, 0, false, DateTimeOffset.UtcNow), default)).State);
        Assert.Equal(["GET ChardWorkflows", "GET chard-tasks-slow"], Calls());

        string[] Calls() => [.. host.App.Storage.Calls.Select(c => $"{c.Method} {c.Path.Split('/', '(')[0]}")];
    }

    private async Task<FlowHost> StartAsync(
        Action<FunctionsTestHostOptions>? configure = null, bool ledger = true, string timeLimit = "600") =>
        _host = await RouteApp.StartAsync(
            _receiver,
            options =>
            {
                _options = options;
                options.ConfigureServices(services => services.AddSingleton(_troubles));
                configure?.Invoke(options);
            },
            ledger,
            timeLimit);

    /// <summary>
    /// Starts a workflow while no time is skipped, until the queue's own time, which is never skipped, has brought what is waited for.
    /// </summary>
    private static async Task<string> StartHeldAsync(FlowHost host, string document, Func<bool> until)
    {
        using IDisposable hold = host.App.Time!.Hold();
        string id = await host.StartAsync(document);
        await Eventually.TrueAsync("the message has been worked off", until);
        return id;
    }

    private static void Poisonable(FunctionsTestHostOptions options)
    {
        options.Replace<TroubledSlowTask>();
        options.HostJson["extensions:queues:visibilityTimeout"] = "00:00:00";
    }

    /// <summary>Messages sent to the queue of slow tasks.</summary>
    private static int Messages(FlowHost host) =>
        host.App.Storage.Count(c => c is { Service: StorageService.Queue, Method: "POST" } && c.Path.StartsWith(
            AzuriteStorage.Names.SlowTaskQueue + "/", StringComparison.Ordinal));

    private static LedgerRow Row(FlowHost host, string id) =>
        host.App.Services.GetRequiredService<ILedgerStore>().GetAsync(new(id, null, "0"), default).GetAwaiter().GetResult()!.Value.Row;

    private static async Task<DeadLetter> LetterAsync(FlowHost host, string id) =>
        (await host.App.Services.GetRequiredService<IDeadLetterStore>().GetAsync(DeadLetterId.OfTask(id, "0", 0), default))!;
}
