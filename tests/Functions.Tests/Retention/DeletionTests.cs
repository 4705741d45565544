using System.Net;
using System.Text.Json;
using Azure.Data.Tables;
using Chard.Control;
using Chard.DeadLetters;
using Chard.Domain.DeadLetters;
using Chard.Domain.Payloads;
using Chard.Functions.Imports;
using Chard.Functions.Imports.Databases;
using Chard.Functions.Tests.Api;
using Chard.Platform;
using Chard.Status;

namespace Chard.Functions.Tests.Retention;

/// <summary>Workflows that a user or their age wants gone.</summary>
public sealed class DeletionTests : IAsyncLifetime
{
    private static readonly TimeSpan Month = TimeSpan.FromDays(31);

    // One a test: each puts the clock on.
    private readonly RetentionHost _host = new();
    private readonly string _mark = "d" + Guid.NewGuid().ToString("N")[..10];

    private static CancellationToken None => CancellationToken.None;

    private ApiHost Api => _host.Api;

    public Task InitializeAsync() => _host.InitializeAsync();

    public Task DisposeAsync() => _host.DisposeAsync();

    [Fact]
    public async Task Delete_Ended_GivesAReceiptOfAllThatWent()
    {
        string large = new('x', 40_000);
        string id = await _host.StartAsync(
            $$"""{"id":"{{_mark}}","canvas":{"chain":[{"task":"Echo","args":"{{large}}"},{"task":"Echo"}]},"""
                + $$""" "stamps":["a:{{_mark}}","b"]}""");
        await _host.EndedAsync(id, "completed");
        string[] before = await _host.OfAsync(id);

        JsonElement told = (await DeleteAsync(id, 200)).Json;

        Assert.True(told.GetProperty("deleted").GetBoolean());
        JsonElement receipt = told.GetProperty("receipt");
        Assert.Equal(before.Count(t => t.StartsWith("chard-payloads/", StringComparison.Ordinal)), Number(receipt, "payloads"));
        Assert.Equal(before.Count(t => t.Contains($"/l:{id}:", StringComparison.Ordinal)), Number(receipt, "ledgerRows"));
        Assert.Equal((3, 0, 1, 1), (
            Number(receipt, "ledgerRows"), Number(receipt, "deadLetters"), Number(receipt, "instances"), Number(receipt, "workflow")));
        Assert.Equal(5, Number(receipt, "indexRows")); // three lists, that of what ended, the result
        Assert.True(Number(receipt, "payloads") >= 1, receipt.GetRawText());
        await NothingIsLeftAsync(id);
    }

    [Fact]
    public async Task Delete_WideAndFailed_TakesPartsShardsAndDeadLetters()
    {
        string members = string.Join(',', Enumerable.Range(0, 630).Select(i => i % 300 == 7
            ? """{"task":"Fail","args":{"message":"no"},"stamps":["odd"]}"""
            : $$"""{"task":"Square","args":{{i}}}"""));
        string id = await _host.StartAsync($$"""{"id":"{{_mark}}","canvas":{"group":[{{members}}],"pack":1},"stamps":["w:{{_mark}}"]}""");
        await _host.EndedAsync(id, "failed");
        string[] before = await _host.OfAsync(id);
        Assert.Contains(before, t => t.StartsWith($"ChardWorkflows/{id}.", StringComparison.Ordinal));

        JsonElement receipt = (await DeleteAsync(id, 200)).Json.GetProperty("receipt");

        Assert.Equal(630, Number(receipt, "ledgerRows"));
        Assert.Equal(3, Number(receipt, "deadLetters"));
        Assert.Equal(before.Count(t => t.StartsWith("engine/", StringComparison.Ordinal)), Number(receipt, "instances"));
        Assert.True(Number(receipt, "instances") > 2, receipt.GetRawText());
        await NothingIsLeftAsync(id);
    }

    [Theory]
    [InlineData("Wait", "running", null)]
    [InlineData("WaitBelow", "running", null)]
    [InlineData("Wait", "paused", "pause")]
    public async Task Delete_NotEnded_Is409AndTouchesNothing(string workflow, string status, string? action)
    {
        string id = await Api.StartAsync(workflow, "{}", $$""","id":"{{_mark}}" """);
        await Api.UntilAsync(id, "running");
        if (action is not null)
        {
            await Api.PostAsync($"/api/workflows/{id}/{action}");
        }

        string[] before = await _host.OfAsync(id);

        Answer refused = await DeleteAsync(id, 409);

        refused.IsProblem(409, "wrong-state");
        Assert.Equal($"The workflow is {status} and cannot be deleted.", refused.Text("detail"));
        Assert.Equal(before, await _host.OfAsync(id));
        await Api.PostAsync($"/api/workflows/{id}/cancel");
    }

    [Fact]
    public async Task Delete_UnknownOrGone_Is404()
    {
        (await DeleteAsync(_mark, 404)).IsProblem(404, "workflow-not-found");
        (await Api.SendAsync(HttpMethod.Delete, "/api/workflows/no.id", null)).IsProblem(400, "invalid-request");
        string id = await Api.StartAsync("Answer");
        await Api.UntilAsync(id, "completed");

        await DeleteAsync(id, 200);

        (await DeleteAsync(id, 404)).IsProblem(404, "workflow-not-found");
    }

    [Theory]
    [InlineData("Wait")]
    [InlineData("WaitBelow")]
    public async Task Delete_JustCancelled_EndsWhatIsBelowAndFreesTheId(string workflow)
    {
        string id = await Api.StartAsync(workflow, "{}", $$""","id":"{{_mark}}" """);
        await Api.UntilAsync(id, "running");
        await Api.PostAsync($"/api/workflows/{id}/cancel");

        Answer gone = await Eventually.SeenAsync($"{id} can be deleted", () => DeleteAsync(id), a => a.Status == HttpStatusCode.OK);

        Assert.True(gone.Json.GetProperty("deleted").GetBoolean());
        await NothingIsLeftAsync(id);

        // Another start of the id is a workflow of its own, and its tasks run though one of its id was cancelled here.
        await _host.StartAsync($$"""{"id":"{{id}}","task":"Square","args":7}""");
        await _host.EndedAsync(id, "completed");
        Assert.Equal("49", (await Api.GetAsync($"/api/workflows/{id}/result")).Body);
    }

    [Fact]
    public async Task Sweep_StartedAnewWithTheSameId_IsLeftAlone()
    {
        string id = await Api.StartAsync("Answer", "1", $$""","id":"{{_mark}}" """);
        await _host.EndedAsync(id, "completed");
        await DeleteAsync(id, 200);
        await Api.StartAsync("Wait", "{}", $$""","id":"{{_mark}}" """);
        await Api.UntilAsync(id, "running");
        string[] before = await _host.OfAsync(id);

        _host.Advance(TimeSpan.FromHours(2)); // when what came late for the first one is looked after
        await _host.SweepAsync();

        Assert.Contains(before, t => t.Contains("/e:", StringComparison.Ordinal));
        Assert.Equal(before.Where(t => !t.Contains("/e:", StringComparison.Ordinal)), await _host.OfAsync(id));
        await Api.Durable.RaiseEventAsync(id, "go", "there");
        await Api.UntilAsync(id, "completed");
    }

    [Fact]
    public async Task Sweep_SomethingWrittenLate_GoesAfterAnHour()
    {
        string id = await Api.StartAsync("Answer", "1", $$""","id":"{{_mark}}","stamps":["late"]""");
        await _host.EndedAsync(id, "completed");
        await DeleteAsync(id, 200);

        // By a run that nobody waits for: its result, its row, its dead letter.
        await Api.Service<IPayloadStore>().WriteAsync(id, "results/0.1", new byte[10], None);
        await new TableClient(_host.Account, "ChardWorkflows").AddEntityAsync(new TableEntity(id + ".g0", $"l:{id}:0"));
        await AddLetterAsync(id, "late");
        await _host.SweepAsync();
        Assert.True((await _host.OfAsync(id)).Length > 4);
        _host.Advance(TimeSpan.FromHours(1));
        await _host.SweepAsync();

        Assert.Empty(await _host.OfAsync(id));
    }

    [Fact]
    public async Task Sweep_ByAge_KeepsFailedOnesLonger()
    {
        string completed = await _host.StartAsync("""{"task":"Square","args":2}""");
        string failed = await _host.StartAsync("""{"task":"Fail","args":{}}""");
        string cancelled = await Api.StartAsync("Wait");
        string waits = await Api.StartAsync("Wait");
        await _host.EndedAsync(completed, "completed");
        await _host.EndedAsync(failed, "failed");
        await Api.UntilAsync(cancelled, "running");
        await Api.UntilAsync(waits, "running");
        await Api.PostAsync($"/api/workflows/{cancelled}/cancel");

        _host.Advance(TimeSpan.FromDays(29));
        await _host.SweepAsync();
        foreach (string id in new[] { completed, failed, cancelled, waits })
        {
            Assert.NotEmpty(await _host.OfAsync(id));
        }

        _host.Advance(TimeSpan.FromDays(2));
        await _host.SweepAsync();
        Assert.Empty(await _host.OfAsync(completed));
        Assert.Empty(await _host.OfAsync(cancelled));
        Assert.NotEmpty(await _host.OfAsync(failed));

        _host.Advance(TimeSpan.FromDays(60));
        await _host.SweepAsync();
        Assert.Empty(await _host.OfAsync(failed));
        Assert.Equal("running", (await Api.GetAsync($"/api/workflows/{waits}")).Text("status"));
        await Api.PostAsync($"/api/workflows/{waits}/cancel");
    }

    [Fact]
    public async Task Sweep_NothingDue_AsksEachListOnceAnHour()
    {
        await _host.SweepAsync();
        RetentionSweep sweep = _host.Fresh<RetentionSweep>();
        int before = Api.App.Storage.Count();

        await sweep.RunAsync(Api.Durable, None);
        int round = Api.App.Storage.Count() - before;
        for (int i = 0; i < 200; i++)
        {
            await sweep.RunAsync(Api.Durable, None);
        }

        Assert.Equal(40, round);
        Assert.Equal(round, Api.App.Storage.Count() - before);
        _host.Advance(RetentionSweep.Pause);
        await sweep.RunAsync(Api.Durable, None);
        Assert.Equal(2 * round, Api.App.Storage.Count() - before);
    }

    /// <summary>docs/operations.md tells these numbers.</summary>
    [Fact]
    public async Task Sweep_OfAWorkflowOfOneTask_SendsFewRequests()
    {
        string id = await _host.StartAsync("""{"task":"Square","args":2,"stamps":["a","b"]}""");
        await _host.EndedAsync(id, "completed");
        _host.Advance(Month);
        Api.App.Storage.Clear();

        await _host.Fresh<RetentionSweep>().RunAsync(Api.Durable, None);

        Assert.Equal(9 + 40, Api.App.Storage.Count());
        Assert.Empty(await _host.OfAsync(id));
    }

    [Fact]
    public async Task Sweep_MoreRowsThanARunDeletes_GoesOnInTheNextByHundreds()
    {
        const int Rows = 9_000;
        string id = await Api.StartAsync("Answer", "1", $$""","id":"{{_mark}}" """);
        await _host.EndedAsync(id, "completed");
        var table = new TableClient(_host.Account, "ChardWorkflows");
        await Parallel.ForEachAsync(
            Enumerable.Range(0, Rows).Chunk(100), new ParallelOptions { MaxDegreeOfParallelism = 8 },
            async (some, token) => await table.SubmitTransactionAsync(
                some.Select(i => new TableTransactionAction(
                    TableTransactionActionType.Add, new TableEntity(
                        i < 5000 ? WorkflowRows.Buckets.Of(id) : $"{id}.m{i / 1000}", $"l:{id}:{i}"))), token));
        WorkflowDeletion deletion = Api.Service<WorkflowDeletion>();
        Api.App.Storage.Clear();

        int runs = 0;
        DeletionOutcome outcome;
        DeletionReceipt receipt = DeletionReceipt.Nothing;
        do
        {
            int before = Api.App.Storage.Count();
            outcome = await deletion.DeleteAsync(id, null, requested: false, Api.Durable, new RequestBudget(40), None);
            receipt += outcome.Receipt;
            runs++;
            Assert.InRange(Api.App.Storage.Count() - before, 1, 60);
        }
        while (outcome.Result == DeletionResult.Unfinished && runs < 20);

        Assert.Equal((DeletionResult.Deleted, Rows), (outcome.Result, receipt.LedgerRows));
        Assert.InRange(runs, 3, 8);
        Assert.InRange(Api.App.Storage.Count(c => c.Path.EndsWith("$batch", StringComparison.Ordinal)), Rows / 100, (Rows / 100) + 20);
        await NothingIsLeftAsync(id);
    }

    [Fact]
    public async Task Delete_MoreThanACallDeletes_Is202AndTheSweepDoesTheRest()
    {
        string id = await Api.StartAsync("Answer", "1", $$""","id":"{{_mark}}" """);
        await _host.EndedAsync(id, "completed");
        EndedWorkflows ended = Api.Service<EndedWorkflows>();
        StoredWorkflow claimed = (await ended.TryClaimAsync((await ended.FindAsync(id, None))!, requested: true, None))!;

        // Somebody is at it: who asks again is told so, and nobody else touches it while they may be.
        Assert.False((await DeleteAsync(id, 202)).Json.GetProperty("deleted").GetBoolean());
        await _host.SweepAsync();
        Assert.NotEmpty(await _host.OfAsync(id));

        // They died: a user wanted it gone, so its age does not matter.
        Assert.True(claimed.IsClaimed);
        _host.Advance(EndedWorkflows.ClaimLapse);
        await _host.SweepAsync();
        await NothingIsLeftAsync(id);
    }

    [Fact]
    public async Task DeleteMany_OfAnOwner_TakesAllThatHaveEnded()
    {
        string[] mine = new string[5];
        for (int i = 0; i < mine.Length; i++)
        {
            mine[i] = await _host.StartAsync($$"""{"task":"Square","args":2,"owner":"{{_mark}}"}""");
        }

        string import = await _host.ImportAsync(_mark + "-csv", _mark);
        string hers = await _host.StartAsync("""{"task":"Square","args":2,"owner":"bea"}""");
        string waits = await _host.StartAsync($$"""{"workflow":"Wait","owner":"{{_mark}}"}""");
        foreach (string id in mine.Append(import).Append(hers))
        {
            await _host.EndedAsync(id, "completed");
        }

        await Api.UntilAsync(waits, "running");
        Answer first = await Api.PostAsync("/api/workflows/delete", $$"""{"owner":"{{_mark}}","limit":4}""");
        Answer second = await Api.PostAsync(
            "/api/workflows/delete", $$"""{"owner":"{{_mark}}","limit":4,"continuation":"{{first.Text("continuation")}}"}""");

        Assert.Equal((4, 3), (first.Json.GetProperty("matched").GetInt32(), second.Json.GetProperty("matched").GetInt32()));
        Assert.Equal(6, first.Json.GetProperty("deleted").GetInt32() + second.Json.GetProperty("deleted").GetInt32());
        JsonElement refused = Assert.Single(
            first.Json.GetProperty("refused").EnumerateArray().Concat(second.Json.GetProperty("refused").EnumerateArray()));
        Assert.Equal(
            (waits, "The workflow is running and cannot be deleted."),
            (refused.GetProperty("id").GetString(), refused.GetProperty("reason").GetString()));
        DeletionReceipt[] receipts = [.. new[] { first, second }.Select(
            a => a.Json.GetProperty("receipt").Deserialize<DeletionReceipt>(JsonSerializerOptions.Web)!)];
        Assert.Equal((6, 1), (receipts.Sum(r => r.Workflow), receipts.Sum(r => r.Others.GetValueOrDefault("uploads"))));
        foreach (string id in mine.Append(import))
        {
            await NothingIsLeftAsync(id);
        }

        Assert.NotEmpty(await _host.OfAsync(hers));
        Assert.Equal("running", (await Api.GetAsync($"/api/workflows/{waits}")).Text("status"));
        await Api.PostAsync($"/api/workflows/{waits}/cancel");
    }

    [Theory]
    [InlineData("{}")]
    [InlineData("""{"workflow":"Wait"}""")]
    [InlineData("""{"stamp":"a","status":"running"}""")]
    [InlineData("""{"owner":"ann","limit":0}""")]
    [InlineData("""{"owner":"ann","all":true}""")]
    public async Task DeleteMany_BadBody_Is400(string body) =>
        (await Api.PostAsync("/api/workflows/delete", body)).IsProblem(400, "invalid-request");

    [Fact]
    public async Task DeleteMany_OfAStamp_TakesNoOther()
    {
        string id = await _host.StartAsync($$"""{"task":"Square","args":2,"stamps":["{{_mark}}"]}""");
        string other = await _host.StartAsync($$"""{"task":"Square","args":2,"stamps":["{{_mark}}.5"]}""");
        await _host.EndedAsync(id, "completed");
        await _host.EndedAsync(other, "completed");

        Answer answer = await Api.PostAsync("/api/workflows/delete", $$"""{"stamp":"{{_mark}}"}""");

        Assert.Equal(1, answer.Json.GetProperty("deleted").GetInt32());
        await NothingIsLeftAsync(id);
        Assert.NotEmpty(await _host.OfAsync(other));
    }

    [Fact]
    public async Task Delete_AnImport_TakesItsUploadAndForgetsItsChunks()
    {
        string id = await _host.ImportAsync(_mark, "ann");
        await _host.EndedAsync(id, "completed");
        Assert.Contains(await _host.OfAsync(id), t => t.StartsWith($"chard-imports/{id}/", StringComparison.Ordinal));
        Assert.Equal(1, await ChunksAsync(id));

        JsonElement receipt = (await DeleteAsync(id, 200)).Json.GetProperty("receipt");

        Assert.Equal(1, receipt.GetProperty("others").GetProperty("uploads").GetInt32());
        Assert.Equal(0, await ChunksAsync(id));
        await NothingIsLeftAsync(id);
    }

    [Fact]
    public async Task SweepUploads_Old_GoUnlessTheirImportHasNotEnded()
    {
        string done = await _host.ImportAsync(_mark + "-done", "ann");
        await _host.EndedAsync(done, "completed");
        string waits = await Api.StartAsync("Wait", "{}", $$""","id":"{{_mark}}-waits" """);
        await Api.UntilAsync(waits, "running");
        ImportSources sources = Api.Service<ImportSources>();
        string[] uploads = [await UploadAsync(waits), await UploadAsync(_mark + "-none")];
        await new Azure.Storage.Blobs.BlobContainerClient(_host.Account, "chard-imports").GetBlobClient(_mark + ".csv")
            .UploadAsync(new BinaryData("by hand"));

        await SweepUploadsAsync();
        Assert.Equal(4, (await UploadsAsync()).Length);
        _host.Advance(Month);
        await SweepUploadsAsync();

        Assert.Equal([uploads[0], $"chard-imports/{_mark}.csv"], await UploadsAsync());
        await Api.PostAsync($"/api/workflows/{waits}/cancel");

        Task<string> UploadAsync(string id) => sources.UploadAsync(id, new MemoryStream("id\n1\n"u8.ToArray()), None);

        Task<string[]> UploadsAsync() => _host.OfAsync(_mark).ContinueWith(
            all => all.Result.Where(t => t.StartsWith("chard-imports/", StringComparison.Ordinal)).Order(StringComparer.Ordinal).ToArray(),
            TaskScheduler.Default);
    }

    [Fact]
    public async Task SweepLetters_Resolved_GoOnceNoWorkflowTakesThemAlong()
    {
        string waits = await Api.StartAsync("Wait", "{}", $$""","id":"{{_mark}}-waits" """);
        await Api.UntilAsync(waits, "running");
        string ofRunning = await AddLetterAsync(waits, "s");
        string ofNone = await AddLetterAsync(_mark + "-none", "s");
        string message = DeadLetterId.OfMessage(_mark);
        PayloadReference text = await Api.Service<IPayloadStore>().WriteAsync(message, "message", new byte[10], None);
        await Api.Service<IDeadLetterStore>().AddAsync(
            new()
            {
                Id = message, Origin = DeadLetterOrigin.StartMessage, Class = "c", Message = "m", ArgsReference = text,
                CreatedAt = _host.Now,
            },
            None);
        string open = await AddLetterAsync(_mark + "-open", "s");
        foreach (string id in new[] { ofRunning, ofNone, message })
        {
            Assert.Equal(HttpStatusCode.OK, (await Api.PostAsync($"/api/dead-letters/{id}/discard")).Status);
        }

        _host.Advance(TimeSpan.FromDays(89));
        await _host.SweepAsync();
        Assert.Equal(3, (await LettersAsync()).Length);
        _host.Advance(TimeSpan.FromDays(2));
        await _host.SweepAsync();

        Assert.Equal(new[] { ofRunning, open }.Order(), (await LettersAsync()).Order());
        Assert.Empty(await _host.OfAsync(message));
        Assert.Empty(await _host.OfAsync(ofNone));

        // That of the running workflow is not looked at again: it goes with it.
        Assert.DoesNotContain(await _host.OfAsync(ofRunning), t => t.Contains("/e:", StringComparison.Ordinal));
        await Api.PostAsync($"/api/workflows/{waits}/cancel");
        await Eventually.SeenAsync("it can be deleted", () => DeleteAsync(waits), a => a.Status == HttpStatusCode.OK);
        await NothingIsLeftAsync(waits);

        async Task<string[]> LettersAsync() => [.. (await _host.OfAsync(_mark))
            .Where(t => t.StartsWith("ChardDeadLetters/", StringComparison.Ordinal) && t.Contains("/id:", StringComparison.Ordinal))
            .Select(t => t.Split("/id:")[1])
            .Where(id => id != message)];
    }

    [Fact]
    public async Task Delete_ADecisionIsOnItsWay_Is409UntilItHasArrived()
    {
        string id = await _host.StartAsync($$"""{"id":"{{_mark}}","task":"Fail","args":{} }""");
        await _host.EndedAsync(id, "failed");
        string letter = DeadLetterId.OfTask(id, "0", 0);
        IDeadLetterStore letters = Api.Service<IDeadLetterStore>();
        Assert.True(await letters.TryResolveAsync(
            (await letters.GetAsync(letter, None))! with
            {
                State = DeadLetterState.Retried, ResolvedAt = _host.Now, Resolution = new(DeadLetterAction.Retry),
                RetriedAs = DeadLetterId.WorkflowOf(letter),
            },
            deliver: true, None));

        (await DeleteAsync(id, 409)).IsProblem(409, "wrong-state");

        // Nor would a deletion take it that had begun before the decision.
        (Deleted taken, _) = await Api.Service<DeadLetterDeletion>().DeleteOfWorkflowAsync(
            id, before: null, _host.Now - WorkflowDeletion.Late, new RequestBudget(100), None);
        Assert.Equal(new Deleted(0, IsDone: false), taken);
        await Api.Service<DeadLetterService>().DeliverPendingAsync(100, Api.Durable, None);
        await DeleteAsync(id, 200);

        // What it was retried as is a workflow of its own, with arguments of its own.
        await NothingIsLeftAsync(id);
        await Api.UntilAsync(DeadLetterId.WorkflowOf(letter), "failed");
    }

    /// <summary>As when the engine has lost a workflow that waited: nobody has decided, and nobody waits any more.</summary>
    [Fact]
    public async Task Delete_EndedWithADeadLetterThatIsStillParked_TakesWhatCountsItToo()
    {
        string id = await _host.StartAsync($$"""{"id":"{{_mark}}","task":"Echo","args":1}""");
        await _host.EndedAsync(id, "completed");
        await Api.Service<IDeadLetterStore>().AddAsync(
            new()
            {
                Id = DeadLetterId.OfTask(id, "0", 0), Origin = DeadLetterOrigin.Task, WorkflowId = id, Task = "Echo", Path = "0",
                Class = "c", Message = "m", Parked = true, CreatedAt = _host.Now,
            },
            None);
        Assert.Contains(await _host.OfAsync(id), thing => thing.Contains("/w:", StringComparison.Ordinal));

        await DeleteAsync(id, 200);

        await NothingIsLeftAsync(id);
    }

    [Theory]
    [InlineData("EndedDays")]
    [InlineData("FailedDays")]
    [InlineData("LettersDays")]
    [InlineData("UploadsDays")]
    public async Task Settings_Wrong_KeepTheAppFromStarting(string setting)
    {
        var refused = await Assert.ThrowsAsync<InvalidOperationException>(() => Api.StartAsync(
            options => options.Settings[$"Chard:Retention:{setting}"] = "0.5"));

        Assert.Equal($"Chard:Retention:{setting} is '0.5'; it must be a number of days, 1 to 3650.", refused.Message);
    }

    private static int Number(JsonElement receipt, string member) => receipt.GetProperty(member).GetInt32();

    private Task<Answer> DeleteAsync(string id) => Api.SendAsync(HttpMethod.Delete, $"/api/workflows/{id}", null);

    private async Task<Answer> DeleteAsync(string id, int status)
    {
        Answer answer = await DeleteAsync(id);
        Assert.True(status == (int)answer.Status, $"{(int)answer.Status}: {answer.Body}");
        return answer;
    }

    /// <summary>But for the note to look for what may come late, which goes after an hour.</summary>
    private async Task NothingIsLeftAsync(string id)
    {
        Assert.DoesNotContain(await _host.OfAsync(id), t => !t.Contains("/e:", StringComparison.Ordinal));
        (await Api.GetAsync($"/api/workflows/{id}")).IsProblem(404, "workflow-not-found");
    }

    private async Task<string> AddLetterAsync(string workflowId, string stamp)
    {
        string id = DeadLetterId.OfTask(workflowId, "0", 0);
        await Api.Service<IDeadLetterStore>().AddAsync(
            new()
            {
                Id = id, WorkflowId = workflowId, Task = "Echo", Path = "0", Class = "c", Message = "m", Stamps = [stamp],
                CreatedAt = _host.Now,
            },
            None);
        return id;
    }

    private async Task SweepUploadsAsync()
    {
        SweepPlaces places = Api.Service<SweepPlaces>();
        await places.SaveAsync("SweepUploads", new(null, null), None);
        UploadSweep sweep = _host.Fresh<UploadSweep>();
        do
        {
            await sweep.RunAsync(Api.Durable, None);
        }
        while ((await places.FindAsync("SweepUploads", None)).NotBefore is null);
    }

    private async Task<long> ChunksAsync(string id)
    {
        var database = (SqliteImportDatabase)Api.Service<IImportDatabase>();
        await using var connection = new Microsoft.Data.Sqlite.SqliteConnection($"Data Source={database.File};Mode=ReadOnly");
        await connection.OpenAsync();
        await using var command = connection.CreateCommand();
        command.CommandText = "SELECT COUNT(*) FROM chard_imported_chunks WHERE import_id LIKE $0 || '/%'";
        command.Parameters.AddWithValue("$0", id);
        return (long)(await command.ExecuteScalarAsync())!;
    }
}
