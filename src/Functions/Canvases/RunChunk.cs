using System.Buffers;
using System.Runtime.InteropServices;
using System.Text.Json;
using Chard.Domain.Canvases;
using Chard.Domain.Failures;
using Chard.Domain.Payloads;
using Chard.Domain.Tasks;
using Chard.Functions.Payloads;
using Chard.Functions.Tasks;
using Chard.Functions.Workflows;
using Microsoft.Azure.Functions.Worker;

namespace Chard.Functions.Canvases;

/// <summary>
/// Runs a task for many items in one activity, side by side, each through the ledger: so their rows go out together, and a chunk that is
/// delivered twice runs nothing that has finished. It retries nothing; the orchestrator decides which items are tried again.
/// </summary>
public sealed class RunChunk(TaskRunner runner, TaskValueStore values, IPayloadStore payloads, RunningWorkflows workflows)
{
    /// <summary>Items at work at once: enough to fill a transaction of the ledger now and then, and few enough for tasks that hold connections.</summary>
    private const int Width = 64;

    /// <summary>Largest results that travel by themselves: hundreds of them are in one history.</summary>
    private const int MaxInlineBytes = 2 * 1024;

    /// <summary>Arguments of failed items that travel by themselves, in all.</summary>
    private const int MaxInlineArgs = 64 * 1024;

    /// <summary>The activity.</summary>
    /// <exception cref="PermanentTaskException"><c>payload-missing</c> or <c>payload-altered</c>; <c>cancelled</c> if the workflow has been ended.</exception>
    [Function(nameof(RunChunk))]
    public async Task<ChunkOutcome> RunAsync([ActivityTrigger] ChunkCall chunk, FunctionContext context)
    {
        ArgumentNullException.ThrowIfNull(chunk);
        ArgumentNullException.ThrowIfNull(context);
        CancellationToken token = context.CancellationToken;
        using RunningWorkflow workflow = workflows.Enter(chunk.WorkflowId);
        workflow.ThrowIfEnded();
        JsonElement items = await LoadAsync(chunk.Items, token);
        JsonElement? prev = chunk.Prev is null ? null : await LoadAsync(chunk.Prev, token);
        JsonElement? input = chunk.Input is null ? null : await LoadAsync(chunk.Input, token);

        var results = new TaskValue[items.GetArrayLength()];
        if (chunk.Results is { } before)
        {
            int index = 0;
            foreach (JsonElement result in (await LoadAsync(before, token)).EnumerateArray())
            {
                results[index++] = TaskValue.Of(result);
            }
        }

        var failures = new ChunkFailure?[results.Length];
        await Parallel.ForEachAsync(
            chunk.Again ?? [.. Enumerable.Range(0, results.Length).Select(i => new ChunkItem(i, 1, 0))],
            new ParallelOptions { MaxDegreeOfParallelism = Width, CancellationToken = token },
            async (item, stop) =>
            {
                (TaskValue? result, failures[item.Index]) = await RunItemAsync(chunk, item, items[item.Index], prev, input, stop);
                results[item.Index] = result ?? TaskValue.Null;
            });

        workflow.ThrowIfEnded();
        return new(await KeepAsync(chunk, results, token), await TrimAsync(chunk, failures, token));
    }

    private async Task<(TaskValue? Result, ChunkFailure? Failure)> RunItemAsync(
        ChunkCall chunk, ChunkItem item, JsonElement value, JsonElement? prev, JsonElement? input, CancellationToken token)
    {
        TaskValue args;
        try
        {
            args = TaskValue.Of(chunk.Args is { } template ? References.Resolve(template, prev, value, input) : value);
        }
        catch (PermanentTaskException e)
        {
            return (null, new(item.Index, e.Kind, e.Code, e.Message, null, null));
        }

        try
        {
            TaskOutcome outcome = await runner.RunAsync(
                new TaskCall
                {
                    WorkflowId = chunk.WorkflowId,
                    Path = TaskPath.Below(chunk.Path, chunk.First + item.Index),
                    Task = chunk.Task,
                    Args = args,
                    Attempt = item.Attempt,
                    Wait = item.Wait,
                    Shard = chunk.Shard,
                    WorkflowStamps = chunk.WorkflowStamps,
                    Stamps = chunk.Stamps,
                    TimeLimitSeconds = chunk.TimeLimitSeconds,
                    Deadline = chunk.Deadline,
                    WithoutLedger = chunk.WithoutLedger,
                    InDoubt = chunk.InDoubt,
                },
                token);
            return outcome.Again is { } again
                ? (null, new(item.Index, FailureKind.RateLimited, again.Code, again.Message, again.Seconds, args))
                : (outcome.Result ?? TaskValue.Null, null);
        }
        catch (TaskFailureException e)
        {
            TaskFailure failure = TaskFailure.Parse(e.GetType().FullName, e.Message);
            return (null, new(item.Index, failure.Kind, failure.Code, failure.Message, null, args));
        }
    }

    private async Task<TaskValue> KeepAsync(ChunkCall chunk, TaskValue[] results, CancellationToken token)
    {
        if (results.All(r => r.Reference is null))
        {
            var buffer = new ArrayBufferWriter<byte>();
            using (var writer = new Utf8JsonWriter(buffer))
            {
                writer.WriteStartArray();
                foreach (TaskValue result in results)
                {
                    result.ToElement().WriteTo(writer);
                }

                writer.WriteEndArray();
            }

            if (buffer.WrittenCount <= MaxInlineBytes)
            {
                return TaskValue.Of(JsonElement.Parse(buffer.WrittenSpan));
            }
        }

        // Another try of the chunk has other results, and the reference of this one may be in history.
        int tries = chunk.Again?.Sum(a => a.Attempt + a.Wait) ?? 0;
        return TaskValue.Of(await payloads.WriteAsync(
            chunk.WorkflowId, $"chunks/{TaskPath.Below(chunk.Path, chunk.First)}-{chunk.Again?.Count ?? 0}-{tries}",
            (stream, stop) => ResultArrays.WriteAsync(payloads, stream, results, areArrays: false, stop), token));
    }

    /// <summary>Failures that fit into a message: many of them say less each, and large arguments are stored.</summary>
    private async Task<IReadOnlyList<ChunkFailure>> TrimAsync(ChunkCall chunk, ChunkFailure?[] failures, CancellationToken token)
    {
        ChunkFailure[] found = [.. failures.Where(f => f is not null).Select(f => f!)];
        int longest = found.Length > 100 ? 200 : TaskFailure.MaxMessageLength;
        int room = MaxInlineArgs;
        for (int i = 0; i < found.Length; i++)
        {
            if (found[i].Message.Length > longest)
            {
                found[i] = found[i] with { Message = found[i].Message[..longest] };
            }

            if (found[i].Args is { Json: { } json } && (room -= JsonMarshal.GetRawUtf8Value(json).Length) < 0)
            {
                found[i] = found[i] with
                {
                    Args = TaskValue.Of(await payloads.WriteAsync(
                        chunk.WorkflowId, "args/" + TaskPath.Below(chunk.Path, chunk.First + found[i].Index),
                        (stream, stop) => JsonSerializer.SerializeAsync(stream, json, cancellationToken: stop), token)),
                };
            }
        }

        return found;
    }

    private async Task<JsonElement> LoadAsync(TaskValue value, CancellationToken token) =>
        value.Reference is null ? value.ToElement() : JsonElement.Parse((await values.CheckOutAsync(value, token)).Span);
}
