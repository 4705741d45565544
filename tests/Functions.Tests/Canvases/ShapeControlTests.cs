using System.Net;
using System.Text.Json;
using Chard.Control;
using Chard.Domain.Failures;
using Chard.Domain.Ledger;
using Chard.Functions.Tests.Api;
using Microsoft.DurableTask.Client;

namespace Chard.Functions.Tests.Canvases;

/// <summary>Cancelling, pausing and parking while a task in the middle of each shape is at work, over HTTP, in the whole app.</summary>
public sealed class ShapeControlTests(ShapeHost host) : IClassFixture<ShapeHost>
{
    private readonly ApiHost _api = host.Api;

    public static TheoryData<string> Shapes => [.. CanvasShape.All.Keys];

    [Theory]
    [MemberData(nameof(Shapes))]
    public async Task Cancel_ATaskAtWork_EndsTheTreeAndBeginsNothing(string name)
    {
        CanvasShape shape = CanvasShape.All[name];
        var held = new TaskCompletionSource();
        string id = await StartHeldAsync(shape, held);
        try
        {
            Assert.Equal(HttpStatusCode.Accepted, (await _api.PostAsync($"/api/workflows/{id}/cancel")).Status);

            await _api.UntilAsync(id, "cancelled");
            await Eventually.TrueAsync(
                "every instance has ended", () => Instances(id) is { Length: > 0 } all && all.All(i => i.IsCompleted));
        }
        finally
        {
            held.SetResult();
        }

        // The task at work comes to its end, and nobody goes on from there.
        await Eventually.TrueAsync(
            "the task has ended", async () => await RowAsync(id, shape.RowAtWork) is not { Status: LedgerStatus.Running });
        await AssertNotBegunAsync(id, shape);
        Assert.All(await LettersAsync(id), l => Assert.Equal("discarded", l.GetProperty("state").GetString()));
        Assert.Equal("cancelled", (await _api.GetAsync($"/api/workflows/{id}")).Text("status"));
        Assert.All(RunsOf(id), r => Assert.Single(r));
    }

    [Theory]
    [MemberData(nameof(Shapes))]
    public async Task Pause_ATaskAtWork_LetsItEndAndBeginsNothingUntilResumed(string name)
    {
        CanvasShape shape = CanvasShape.All[name];
        var held = new TaskCompletionSource();
        string id = await StartHeldAsync(shape, held);
        try
        {
            Assert.Equal("paused", (await _api.PostAsync($"/api/workflows/{id}/pause")).Text("status"));
            await Eventually.TrueAsync("every instance is suspended", () => Instances(id).All(
                i => i.IsCompleted || i.RuntimeStatus == OrchestrationRuntimeStatus.Suspended));
        }
        finally
        {
            held.SetResult();
        }

        await Eventually.TrueAsync(
            "what ran has ended", async () => await RowAsync(id, shape.RowAtWork) is { Status: not LedgerStatus.Running });
        Assert.Equal("paused", (await _api.GetAsync($"/api/workflows/{id}?wait=1")).Text("status"));
        await AssertNotBegunAsync(id, shape);

        Assert.Equal("running", (await _api.PostAsync($"/api/workflows/{id}/resume")).Text("status"));
        await _api.UntilAsync(id, "completed");
        await AssertResultAsync(id, shape.Result("\"charged m\""));
        Assert.All(RunsOf(id), r => Assert.Single(r));
    }

    [Fact]
    public async Task Pause_AtAnyMomentOfAWideCanvas_HoldsEveryInstance()
    {
        // 15 parts, one after another, each of a few charges: some moment is between two of them.
        const string Charges = """{"chain":[{"task":"Charge","args":"a"},{"task":"Charge","args":"b"},{"task":"Charge","args":"c"}]}""";
        string members = string.Join(',', Enumerable.Range(0, 1_500).Select(i => i % 100 == 50 ? Charges : """{"group":[]}"""));
        var shape = new CanvasShape($$"""{"group":[{{members}}],"maxInFlight":100}""", "0", null, m => m);
        var random = new Random();
        for (int round = 0; round < 15; round++)
        {
            int at = random.Next(1, 40);
            bool answered = false;
            var held = new TaskCompletionSource();

            // A charge that begins once the pause is answered does not end before the test has looked: whatever is not suspended then stays
            // so. Neither do the last ones: the workflow would be over before it is paused.
            host.Receiver.Script = (context, _) => Volatile.Read(ref answered) || RunsOf(context.WorkflowId).Length > 40
                ? held.Task
                : Task.CompletedTask;
            string id = await StartAsync(shape);
            try
            {
                await Eventually.TrueAsync("it is so far", () => RunsOf(id).Length >= at);
                Answer pause = await _api.PostAsync($"/api/workflows/{id}/pause");
                Volatile.Write(ref answered, true);
                Assert.True(pause.Status == HttpStatusCode.Accepted, pause.Body);
                await Eventually.TrueAsync(
                    $"every instance is suspended, paused after {at} charges",
                    () => Instances(id).All(i => i.IsCompleted || i.RuntimeStatus == OrchestrationRuntimeStatus.Suspended));
            }
            finally
            {
                held.SetResult();
            }

            Answer resumed = await _api.PostAsync($"/api/workflows/{id}/resume");
            Assert.True(resumed.Status == HttpStatusCode.Accepted, $"paused after {at} charges: {resumed.Body}");
            Assert.Equal("running", resumed.Text("status"));
            await _api.UntilAsync(id, "completed");
            Assert.Equal(45, RunsOf(id).Length);
            Assert.All(RunsOf(id), r => Assert.Single(r));
        }
    }

    [Theory]
    [MemberData(nameof(Shapes))]
    public async Task Park_InTheMiddle_EndsAsTheOperatorSays(string name)
    {
        CanvasShape shape = CanvasShape.All[name];
        host.Receiver.Script = (context, _) => context.Path == shape.Middle
            && host.Receiver.Runs.Count(r => r.Key == context.IdempotencyKey) == 1
            ? throw new PermanentTaskException("declined", "no money")
            : Task.CompletedTask;

        await Task.WhenAll(ParkAsync("retry", "{}"), ParkAsync("skip", """{"result":{"given":1}}"""), ParkAsync("fail", "{}"));

        async Task ParkAsync(string action, string body)
        {
            string id = await StartAsync(shape);
            await _api.UntilAsync(id, "parked");
            JsonElement letter = Assert.Single(await LettersAsync(id), l => l.GetProperty("parked").GetBoolean());
            Assert.Equal((shape.Middle, "open"), (letter.GetProperty("path").GetString(), letter.GetProperty("state").GetString()));
            await AssertNotBegunAsync(id, shape);

            Assert.Equal(
                HttpStatusCode.OK,
                (await _api.PostAsync($"/api/dead-letters/{letter.GetProperty("id").GetString()}/{action}", body)).Status);

            Answer end = await _api.UntilAsync(id, action == "fail" ? "failed" : "completed");
            if (action == "fail")
            {
                JsonElement error = end.Json.GetProperty("error");
                Assert.Equal(("declined", "no money", "Charge"), (error.GetProperty("code")
                    .GetString(), error.GetProperty("message").GetString(), error.GetProperty("task").GetString()));
            }
            else
            {
                await AssertResultAsync(id, shape.Result(action == "retry" ? "\"charged m\"" : """{"given":1}"""));
            }

            // What had succeeded did not run again, and what comes after runs as the shape's rule says.
            Assert.All(RunsOf(id), r => Assert.Equal(r.Key == $"{id}:{shape.Middle}" && action == "retry" ? 2 : 1, r.Count()));
            if (shape.Next is { } next)
            {
                Assert.Equal(action != "fail" || shape.NextRunsAfterFailure, RunsOf(id).Any(r => r.Key == $"{id}:{next}"));
            }
        }
    }

    /// <summary>Starts the shape, whose middle then waits for <paramref name="held"/>, and returns once it does.</summary>
    private async Task<string> StartHeldAsync(CanvasShape shape, TaskCompletionSource held)
    {
        host.Receiver.Script = (context, _) => context.Path == shape.Middle ? held.Task : Task.CompletedTask;
        string id = await StartAsync(shape);
        await Eventually.TrueAsync(
            "the task in the middle is at work",
            async () => RunsOf(id).Any(r => r.Key == $"{id}:{shape.Middle}")
                && await RowAsync(id, shape.RowAtWork) is { Status: LedgerStatus.Running });
        return id;
    }

    private async Task<string> StartAsync(CanvasShape shape)
    {
        Answer started = await _api.PostAsync("/api/workflows", $$"""{"canvas":{{shape.Canvas}}}""");
        Assert.True(started.Status == HttpStatusCode.Accepted, started.Body);
        return started.Text("id");
    }

    private IGrouping<string, (string Key, int Attempt)>[] RunsOf(string id) =>
        [.. host.Receiver.Runs.Where(r => r.Key.StartsWith(id + ":", StringComparison.Ordinal)).GroupBy(r => r.Key)];

    private OrchestrationMetadata[] Instances(string id) =>
        [.. _api.Durable.GetAllInstancesAsync(new OrchestrationQuery { InstanceIdPrefix = id }).ToBlockingEnumerable().Where(
            i => InstanceTree.Contains(id, i.InstanceId))];

    private async Task<LedgerRow?> RowAsync(string id, string path)
    {
        await foreach (LedgerRow row in _api.Service<ILedgerStore>().ListAsync(id, CancellationToken.None))
        {
            if (row.Key.Path == path)
            {
                return row;
            }
        }

        return null;
    }

    private async Task<JsonElement[]> LettersAsync(string id) =>
        [.. (await _api.GetAsync($"/api/dead-letters?workflowId={id}")).Json.GetProperty("deadLetters").EnumerateArray()];

    private async Task AssertNotBegunAsync(string id, CanvasShape shape)
    {
        if (shape.Next is { } next)
        {
            Assert.DoesNotContain(RunsOf(id), r => r.Key == $"{id}:{next}");
            Assert.Null(await RowAsync(id, next));
        }
    }

    private async Task AssertResultAsync(string id, string expected)
    {
        string actual = (await _api.GetAsync($"/api/workflows/{id}/result")).Body;
        Assert.True(JsonElement.DeepEquals(JsonElement.Parse(expected), JsonElement.Parse(actual)), $"{actual} was to be {expected}");
    }
}
