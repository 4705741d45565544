using System.Buffers;
using System.Buffers.Binary;
using System.Globalization;
using System.Text.Json;
using Chard.Domain.Failures;
using Chard.Domain.Payloads;
using Chard.Domain.Tasks;
using Chard.Functions.Imports.Rules;

namespace Chard.Functions.Imports;

/// <summary>
/// What lies between the steps of an import, as payloads of its workflow in a folder of the source's version: the plan, the chunks, and
/// the bad rows of each. A step that runs twice overwrites its own with the same bytes. The errors of the whole file lie outside of
/// the folder, for they stay.
/// </summary>
internal sealed class ImportParts
{
    /// <summary>The type of a document of errors: a JSON object a line.</summary>
    public const string ErrorsContentType = "application/x-ndjson";

    private const string Root = "import/";
    private const string PlanName = "/plan.json";
    private const string ErrorsName = "import-errors.jsonl";
    private const string SplitPart = "split";

    // A chunk begins with the line of the file that its first line is.
    private const int ChunkHead = sizeof(long);

    private readonly IPayloadStore _payloads;
    private readonly string _workflowId;
    private readonly string _folder;

    private ImportParts(TaskContext context, string folder) =>
        (_payloads, _workflowId, _folder) = (context.Payloads, context.WorkflowId, folder);

    /// <summary>The parts of the running task's workflow and of one version of its source.</summary>
    public static ImportParts Of(TaskContext context, string eTag) =>
        new(context, Root + string.Concat(eTag.Where(char.IsAsciiLetterOrDigit)));

    /// <summary>The parts among which a plan lies.</summary>
    /// <exception cref="PermanentTaskException">It is no plan of the running task's workflow.</exception>
    public static ImportParts Of(TaskContext context, PayloadReference plan)
    {
        // A plan says into which table rows go, so only one that a task of this workflow has checked will do.
        string own = $"{context.WorkflowId}/";
        return plan.Blob.StartsWith(own + Root, StringComparison.Ordinal) && plan.Blob.EndsWith(PlanName, StringComparison.Ordinal)
            ? new(context, plan.Blob[own.Length..^PlanName.Length])
            : throw new PermanentTaskException("invalid-args", $"Payload '{plan.Blob}' is no plan of this workflow.");
    }

    /// <summary>The document of all errors of a workflow's import; null if there is none.</summary>
    public static Task<PayloadReference?> FindErrorsAsync(IPayloadStore payloads, string id, CancellationToken cancellationToken) =>
        payloads.FindAsync(id, ErrorsName, cancellationToken);

    /// <summary>Stores the plan.</summary>
    public Task<PayloadReference> WritePlanAsync(ImportPlan plan, CancellationToken cancellationToken) => _payloads.WriteAsync(
        _workflowId,
        _folder + PlanName,
        (stream, token) => JsonSerializer.SerializeAsync(stream, plan, TaskJson.Options, token),
        cancellationToken);

    /// <summary>Reads the plan.</summary>
    public async Task<ImportPlan> ReadPlanAsync(PayloadReference plan, CancellationToken cancellationToken)
    {
        await using Stream stream = await _payloads.OpenReadAsync(plan, cancellationToken);
        return (await JsonSerializer.DeserializeAsync<ImportPlan>(stream, TaskJson.Options, cancellationToken))!;
    }

    /// <summary>Stores a chunk, with the line it starts on.</summary>
    public Task WriteChunkAsync(CsvChunk chunk, CancellationToken cancellationToken) => _payloads.WriteAsync(
        _workflowId,
        ChunkName(chunk.Index),
        async (stream, token) =>
        {
            byte[] head = new byte[ChunkHead];
            BinaryPrimitives.WriteInt64LittleEndian(head, chunk.FirstLine);
            await stream.WriteAsync(head, token);
            await stream.WriteAsync(chunk.Content, token);
        },
        cancellationToken);

    /// <summary>Reads a chunk into a borrowed buffer, which disposing it gives back.</summary>
    public async Task<StoredChunk> ReadChunkAsync(int index, CancellationToken cancellationToken)
    {
        PayloadReference reference = await _payloads.FindAsync(_workflowId, ChunkName(index), cancellationToken)
            ?? throw new PermanentTaskException(
                "payload-missing", $"There is no chunk {index} of the file: the import has ended, or the file has fewer.");
        await using Stream stream = await _payloads.OpenReadAsync(reference, cancellationToken);
        int length = checked((int)reference.Bytes);
        byte[] buffer = ArrayPool<byte>.Shared.Rent(length);
        try
        {
            await stream.ReadExactlyAsync(buffer.AsMemory(0, length), cancellationToken);

            // Only who reaches the end has read what was written.
            await stream.ReadAtLeastAsync(new byte[1], 1, throwOnEndOfStream: false, cancellationToken);
            return new StoredChunk(buffer, ChunkHead, length, BinaryPrimitives.ReadInt64LittleEndian(buffer));
        }
        catch
        {
            ArrayPool<byte>.Shared.Return(buffer);
            throw;
        }
    }

    /// <summary>Stores the errors of the records that could not be read.</summary>
    public Task WriteSplitErrorsAsync(IReadOnlyList<RowError> errors, CancellationToken cancellationToken) =>
        WriteErrorsAsync(SplitPart, errors, cancellationToken);

    /// <summary>Stores the errors of a chunk.</summary>
    public Task WriteErrorsAsync(int chunk, IReadOnlyList<RowError> errors, CancellationToken cancellationToken) =>
        WriteErrorsAsync(PartOf(chunk), errors, cancellationToken);

    /// <summary>Makes one document out of the errors of all parts, in the order of lines.</summary>
    /// <param name="chunks">How many chunks there are.</param>
    /// <param name="limit">How many errors it may hold.</param>
    /// <param name="cancellationToken">Cancels the call.</param>
    /// <returns>The first error, even if none may be held; null if there are none.</returns>
    public async Task<RowError?> MergeErrorsAsync(int chunks, int limit, CancellationToken cancellationToken)
    {
        RowError? first = null;
        await _payloads.WriteAsync(_workflowId, ErrorsName, WriteAsync, cancellationToken);
        return first;

        async Task WriteAsync(Stream stream, CancellationToken token)
        {
            var merged = RowErrorLog.MergeAsync(ReadErrorsAsync(SplitPart, token), ReadChunkErrorsAsync(chunks, token), Math.Max(limit, 1));
            using var line = new MemoryStream();
            await foreach (RowError error in merged.WithCancellation(token))
            {
                first ??= error;
                if (limit > 0)
                {
                    line.SetLength(0);
                    RowErrorLog.Write(line, [error]);
                    await stream.WriteAsync(line.GetBuffer().AsMemory(0, (int)line.Length), token);
                }
            }
        }
    }

    /// <summary>Deletes the folder.</summary>
    public Task DeleteAsync(CancellationToken cancellationToken) => _payloads.DeleteAsync(_workflowId, _folder, cancellationToken);

    private static string PartOf(int chunk) => chunk.ToString("D5", CultureInfo.InvariantCulture);

    private string ChunkName(int index) => $"{_folder}/chunks/{PartOf(index)}";

    private string ErrorsOf(string part) => $"{_folder}/errors/{part}.jsonl";

    private async Task WriteErrorsAsync(string part, IReadOnlyList<RowError> errors, CancellationToken cancellationToken)
    {
        using var content = new MemoryStream();
        RowErrorLog.Write(content, errors);
        content.Position = 0;
        await _payloads.WriteAsync(_workflowId, ErrorsOf(part), content.CopyToAsync, cancellationToken);
    }

    // Chunks follow each other in the file, so their errors do too.
    private async IAsyncEnumerable<RowError> ReadChunkErrorsAsync(
        int chunks, [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancellationToken)
    {
        for (int chunk = 0; chunk < chunks; chunk++)
        {
            await foreach (RowError error in ReadErrorsAsync(PartOf(chunk), cancellationToken))
            {
                yield return error;
            }
        }
    }

    private async IAsyncEnumerable<RowError> ReadErrorsAsync(
        string part, [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancellationToken)
    {
        if (await _payloads.FindAsync(_workflowId, ErrorsOf(part), cancellationToken) is not { } reference)
        {
            yield break;
        }

        await using Stream content = await _payloads.OpenReadAsync(reference, cancellationToken);
        await foreach (RowError error in RowErrorLog.ReadAsync(content, cancellationToken))
        {
            yield return error;
        }
    }
}
