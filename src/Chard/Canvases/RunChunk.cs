using System.Text.Json;
using Chard.Domain.Failures;
using Chard.Domain.Ledger;
using Chard.Domain.Tasks;
using Chard.Platform;
using Chard.Running;
using Microsoft.Azure.Functions.Worker;
using Microsoft.Extensions.Logging;

namespace Chard.Canvases;

/// <summary>
/// Runs a task for many items in one activity, side by side, under one lease: a chunk that is delivered twice runs nothing that is
/// recorded. It
/// retries nothing; the orchestrator decides which items are tried again.
/// </summary>
/// <remarks>
/// The chunk has a row, claimed before and ended after. An item has one that says what it came to, written in transactions with the chunk's
/// row within <see cref="ChunkRecord.Interval"/> of its end. None is written for the items of a wide map of a pure task: if the
/// chunk dies, all of them run again.
/// Items whose policy wants to know of a run that died are claimed one by one.
/// </remarks>
public sealed class RunChunk(
    TaskRunner runner,
    TaskLedger ledger,
    TaskValueStore values,
    ChunkResults results,
    RunningWorkflows workflows,
    ChardMetrics metrics,
    TimeProvider time,
    ILogger<RunChunk> logger)
{
    /// <summary>Items at work at once: few enough for tasks that hold connections.</summary>
    private const int Width = 64;

    /// <summary>The activity.</summary>
    /// <exception cref="PermanentTaskException">
    /// <c>payload-missing</c> or <c>payload-altered</c>; <c>cancelled</c> if the workflow has been ended.
    /// </exception>
    /// <exception cref="TransientTaskException">A later try of the chunk has run.</exception>
    [Function(nameof(RunChunk))]
    public async Task<ChunkOutcome> RunAsync([ActivityTrigger] ChunkCall chunk, FunctionContext context)
    {
        ArgumentNullException.ThrowIfNull(chunk);
        ArgumentNullException.ThrowIfNull(context);
        CancellationToken hostStops = context.CancellationToken;
        using RunningWorkflow workflow = await workflows.EnterAsync(chunk.Call.WorkflowId, hostStops);
        workflow.ThrowIfEnded();
        var items = new ChunkItems(
            chunk,
            chunk.StoredArgs is { } stored ? await LoadAsync(TaskValue.Of(stored.Reference), hostStops) : chunk.Args,
            await LoadAsync(chunk.Items, hostStops),
            chunk.Prev is null ? null : await LoadAsync(chunk.Prev, hostStops),
            chunk.Input is null ? null : await LoadAsync(chunk.Input, hostStops));
        return chunk.Call.WithoutLedger || chunk.Call.InDoubt != InDoubt.RunAgain
            ? await RunItemsAsync(chunk, items, record: null, workflow, hostStops)
            : await RunRecordedAsync(chunk, items, workflow, hostStops);
    }

    private async Task<ChunkOutcome> RunRecordedAsync(
        ChunkCall chunk, ChunkItems items, RunningWorkflow workflow, CancellationToken hostStops)
    {
        TaskCall call = items.CallOfChunk();
        ClaimResult claim = await ledger.ClaimAsync(call, runner.NextRunner(), hostStops);
        if (claim.Lease is not { } lease)
        {
            metrics.Duplicate(call.Task);
            return claim switch
            {
                { Recorded.Result: { } recorded } => (await LoadAsync(recorded, hostStops)).Deserialize<ChunkOutcome>()!,
                { BusyFor: { } rest } => ChunkOutcome.Busy(rest),
                _ => throw new TransientTaskException(
                    "superseded", "superseded: A later try of this chunk has run; nobody waits for this one."),
            };
        }

        await using var record = new ChunkRecord(lease, items.Count, chunk.KeepsItems, ledger, time, logger, hostStops);
        try
        {
            if (claim.InDoubt is not null)
            {
                await foreach (LedgerRow row in ledger.ListBelowAsync(call, chunk.Call.Path, hostStops))
                {
                    items.Know(row);
                }
            }

            ChunkOutcome outcome = await RunItemsAsync(chunk, items, record, workflow, record.Token);
            byte[] utf8 = JsonSerializer.SerializeToUtf8Bytes(outcome);
            TaskValue kept = await values.CheckInAsync(
                chunk.Call.WorkflowId, $"chunks/{call.Path}-{call.Attempt}-outcome", utf8, record.Token);
            TaskFailure? failure = outcome.Failures.Count == 0
                ? null
                : new(
                    FailureKind.Transient, "items-failed",
                    $"{outcome.Failures.Count} of {items.Count} items failed; the first: {outcome.Failures[0].Message}");
            return await record.EndAsync(kept, failure) ? outcome : ChunkOutcome.Busy(TimeSpan.FromSeconds(1));
        }
        catch (OperationCanceledException) when (record.IsLost)
        {
            return ChunkOutcome.Busy(TimeSpan.FromSeconds(1));
        }
        catch (PermanentTaskException) when (workflow.Ended.IsCancellationRequested)
        {
            await record.EndAsync(TaskValue.Null, TaskFailure.Cancelled);
            throw;
        }
        catch (Exception)
        {
            // Whoever gets the chunk next need not wait for this lease.
            await record.ReleaseAsync();
            throw;
        }
    }

    private async Task<ChunkOutcome> RunItemsAsync(
        ChunkCall chunk, ChunkItems items, ChunkRecord? record, RunningWorkflow workflow, CancellationToken token)
    {
        var ended = new TaskValue[items.Count];
        if (chunk.Results is { } before)
        {
            int index = 0;
            foreach (JsonElement result in (await LoadAsync(before, token)).EnumerateArray())
            {
                ended[index++] = TaskValue.Of(result);
            }
        }

        var failures = new ChunkFailure?[items.Count];
        await Parallel.ForEachAsync(
            chunk.Again ?? [.. Enumerable.Range(0, items.Count).Select(i => new ChunkItem(i, 1, 0))],
            new ParallelOptions { MaxDegreeOfParallelism = Width, CancellationToken = token },
            async (item, stop) =>
            {
                if (workflow.Ended.IsCancellationRequested)
                {
                    // What has not begun does not; nobody waits for the results of the others.
                    return;
                }

                (TaskValue? result, failures[item.Index]) = await RunItemAsync(items, item, record, stop);
                ended[item.Index] = result ?? TaskValue.Null;
            });

        workflow.ThrowIfEnded();
        return new(await results.KeepAsync(chunk, ended, token), await results.TrimAsync(chunk, failures, token));
    }

    private async Task<(TaskValue? Result, ChunkFailure? Failure)> RunItemAsync(
        ChunkItems items, ChunkItem item, ChunkRecord? record, CancellationToken token)
    {
        TaskValue args;
        try
        {
            args = items.ArgsOf(item.Index);
        }
        catch (PermanentTaskException e)
        {
            return (null, new(item.Index, e.Kind, e.Code, e.Message, null, null));
        }

        TaskCall call = items.CallOf(item, args);
        if (items.Recorded(call) is { } row)
        {
            record?.Count();
            return row.Status == LedgerStatus.Succeeded
                ? (row.Result ?? TaskValue.Null, null)
                : (null, FailureOf(item, row.Failure!, args));
        }

        DateTimeOffset startedAt = time.GetUtcNow();
        (TaskValue? result, TaskFailure? failure) = await RunCallAsync(call, token);
        if (record is not null)
        {
            record.Ended(call, startedAt, result, failure);
        }

        return (result, failure is null ? null : FailureOf(item, failure, args));
    }

    private async Task<(TaskValue? Result, TaskFailure? Failure)> RunCallAsync(TaskCall call, CancellationToken token)
    {
        try
        {
            TaskOutcome outcome = await runner.RunAsync(call, token);
            return outcome.Again is { } again
                ? (null, new(
                    FailureKind.RateLimited,
                    again.Code,
                    again.Message,
                    again.Seconds is { } seconds ? TimeSpan.FromSeconds(seconds) : null))
                : (outcome.Result ?? TaskValue.Null, null);
        }
        catch (TaskFailureException e)
        {
            return (null, TaskFailure.Parse(FailureType.Of(e), e.Message));
        }
    }

    private static ChunkFailure FailureOf(ChunkItem item, TaskFailure failure, TaskValue args) =>
        new(item.Index, failure.Kind, failure.Code, failure.Message, failure.RetryAfter?.TotalSeconds, args);

    private async Task<JsonElement> LoadAsync(TaskValue value, CancellationToken token) =>
        value.Reference is null ? value.ToElement() : JsonElement.Parse((await values.CheckOutAsync(value, token)).Span);
}
