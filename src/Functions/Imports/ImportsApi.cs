using System.Text.Json;
using System.Text.Json.Serialization;
using Chard.Domain.Failures;
using Chard.Domain.Identity;
using Chard.Domain.Payloads;
using Chard.Domain.Workflows;
using Chard.Functions.Imports.Rules;
using Chard.Platform;
using Chard.Starts;
using Chard.Status;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Azure.Functions.Worker;
using Microsoft.DurableTask.Client;

namespace Chard.Functions.Imports;

/// <summary>Takes CSV files to import and gives the errors of their rows.</summary>
public sealed class ImportsApi(IWorkflowStarter starter, IWorkflowStatusStore store, ImportSources sources, IPayloadStore payloads)
{
    private static readonly JsonSerializerOptions WithoutNulls =
        new(JsonSerializerDefaults.Web) { DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull };

    private const string ImportCsv = nameof(ImportCsvOrchestrator.ImportCsv);

    /// <summary>The link to the errors of an import, relative to the host.</summary>
    public static string ErrorsPath(string id) => $"/api/imports/{id}/errors";

    /// <summary>
    /// <c>POST /api/imports?table=people</c> with the CSV file as the body, up to 1 GiB: stores it as it comes and starts
    /// <c>ImportCsv</c>, once for an <c>id</c> in the query or an <c>Idempotency-Key</c>, however often the same file is sent. 202
    /// as every start; 400 if the query, the key or the start of the file is wrong, 413 if the file is too large, 415 if it is
    /// declared as something else, 422 if the id or the key belongs to another start.
    /// </summary>
    [Function("StartImport")]
    [Answers(202, 400, 413, 415, 422)]
    public async Task<IResult> PostAsync(
        [HttpTrigger(AuthorizationLevel.Function, "post", Route = "imports")] HttpRequest request,
        [DurableClient] DurableTaskClient client,
        CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(request);
        var (args, faults) = ImportRequest.Read(request);
        if (faults.Count > 0)
        {
            return Problems.InvalidQuery(faults);
        }

        if (ImportRequest.TypeFault(request) is { } typeFault)
        {
            return Problems.Problem(StatusCodes.Status415UnsupportedMediaType, "unsupported-media-type", "The body is not CSV.", typeFault);
        }

        if (request.ContentLength > ImportLimits.MaxSourceBytes)
        {
            return Problems.BodyTooLarge(ImportLimits.MaxSourceBytes);
        }

        var caller = Caller.Of(request.HttpContext);
        if (!caller.TryOwn(request.Query["owner"], out string? owner))
        {
            return Problems.NotYours(caller.Name);
        }

        try
        {
            // Before the body: nobody should send a gigabyte to learn that the id is wrong.
            var start = new StartRequest(ImportCsv, null, request.Query["id"], owner)
            {
                IdempotencyKey = WorkflowsApi.KeyOf(request),
            };
            return await ReadAsync(request, client, start, starter.IdOf(start), args, cancellationToken);
        }
        catch (InvalidStartException e)
        {
            return StartProblems.Invalid(e);
        }
        catch (StartConflictException e)
        {
            return StartProblems.Conflict(e);
        }
    }

    /// <summary>
    /// <c>GET /api/imports/{id}/errors</c>: the rejected rows as <c>{"line","reason"}</c>, one a line;
    /// 404 if there is no such document.
    /// </summary>
    [Function("GetImportErrors")]
    public async Task<IResult> GetErrorsAsync(
        [HttpTrigger(AuthorizationLevel.Function, "get", Route = "imports/{id}/errors")] HttpRequest request,
        string id,
        CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(request);
        if (!WorkflowId.IsValid(id))
        {
            return Problems.InvalidRequest(WorkflowId.Rule);
        }

        return await OpenErrorsAsync(id, cancellationToken) is { } errors
            ? Results.Stream(errors, ImportParts.ErrorsContentType)
            : Problems.Problem(
                StatusCodes.Status404NotFound, "no-import-errors", "There are no errors to show.",
                $"No import '{id}' has ended with rejected rows.");
    }

    /// <summary>Arguments as the document of a start has them.</summary>
    internal static JsonElement Write(ImportCsvArgs args) => JsonSerializer.SerializeToElement(args, WithoutNulls);

    private async Task<IResult> ReadAsync(
        HttpRequest request,
        DurableTaskClient client,
        StartRequest start,
        string id,
        ImportCsvArgs args,
        CancellationToken cancellationToken)
    {
        LiftServerLimit(request);
        var head = new byte[ImportLimits.HeadBytes];
        var length = await request.Body.ReadAtLeastAsync(head, head.Length, throwOnEndOfStream: false, cancellationToken);
        var charset = ImportRequest.Charset(request);
        if (await CsvUpload.CheckAsync(head.AsMemory(0, length), length < head.Length, args, charset) is { } fault)
        {
            return Problems.Problem(StatusCodes.Status400BadRequest, fault.Code, "The file cannot be imported.", fault.Message);
        }

        return await StoreAndStartAsync(request, client, start, id, args, head.AsMemory(0, length), cancellationToken);
    }

    private async Task<IResult> StoreAndStartAsync(
        HttpRequest request,
        DurableTaskClient client,
        StartRequest start,
        string id,
        ImportCsvArgs args,
        ReadOnlyMemory<byte> head,
        CancellationToken cancellationToken)
    {
        string source;
        string content;
        try
        {
            await using var body = new UploadStream(head, request.Body, ImportLimits.MaxSourceBytes);
            source = await sources.UploadAsync(id, body, cancellationToken);
            content = body.Sha256;
        }
        catch (UploadTooLargeException)
        {
            return Problems.BodyTooLarge(ImportLimits.MaxSourceBytes);
        }

        // The blob of a repeated upload has another name than that of the first: what is compared names the bytes instead.
        var told = args with { Encoding = args.Encoding ?? Believed(head, request) };
        var upload = new StartRequest(ImportCsv, Write(told with { Source = source }))
        {
            Id = start.IdempotencyKey is null ? id : null,
            IdempotencyKey = start.IdempotencyKey,
            Owner = start.Owner,
            ComparedForm = new StartRequest(ImportCsv, Write(told with { Source = "sha256:" + content })).Form,
        };
        StartedWorkflow started = await StartAsync(upload, id, source, client, cancellationToken);
        return WorkflowDocuments.Accepted(request, started.Id, started.Status);
    }

    /// <summary>
    /// Starts the import and deletes its upload unless the import is to read it. A failure that leaves this open keeps the blob: it
    /// is the only trace.
    /// </summary>
    private async Task<StartedWorkflow> StartAsync(
        StartRequest upload, string id, string source, DurableTaskClient client, CancellationToken cancellationToken)
    {
        StartedWorkflow started;
        try
        {
            started = await starter.StartAsync(upload, client, cancellationToken);
        }
        catch (Exception e) when (e is InvalidStartException or StartConflictException)
        {
            await sources.DeleteAsync(source, CancellationToken.None);
            throw;
        }

        if (started.Existed && !await IsReadAsync(id, source))
        {
            await sources.DeleteAsync(source, CancellationToken.None);
        }

        return started;
    }

    // A start may have been recorded by a request whose answer was lost, and then counts as one that existed: the
    // record says whose upload it reads.
    private async Task<bool> IsReadAsync(string id, string source) =>
        await store.GetStartAsync(id, CancellationToken.None) is { } recorded
        && (recorded.Input is not { } input || input.Deserialize<WorkflowInput<ImportCsvInput>>()?.Args.File.Source == source);

    private async Task<Stream?> OpenErrorsAsync(string id, CancellationToken cancellationToken)
    {
        try
        {
            return await ImportParts.FindErrorsAsync(payloads, id, cancellationToken) is { } errors
                ? await payloads.OpenReadAsync(errors, cancellationToken)
                : null;
        }
        catch (PermanentTaskException e) when (e.Code == "payload-missing")
        {
            return null; // purged between the two calls
        }
    }

    // The type of the request does not travel with the blob: where it alone names the encoding, that becomes an argument.
    private static string? Believed(ReadOnlyMemory<byte> head, HttpRequest request) =>
        SourceEncodings.Detect(head.Span) is null && ImportRequest.Charset(request) is { } charset
            ? SourceEncodings.Canonical(charset)
            : null;

    private static void LiftServerLimit(HttpRequest request)
    {
        if (request.HttpContext.Features.Get<IHttpMaxRequestBodySizeFeature>() is { IsReadOnly: false } feature)
        {
            // One byte more, so that the answer to a file that is too large is ours.
            feature.MaxRequestBodySize = ImportLimits.MaxSourceBytes + 1;
        }
    }
}
