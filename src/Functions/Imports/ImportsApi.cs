using Chard.Domain.Imports;
using Chard.Domain.Workflows;
using Chard.Functions.Http;
using Chard.Functions.Workflows;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Azure.Functions.Worker;
using Microsoft.DurableTask.Client;

namespace Chard.Functions.Imports;

/// <summary>Takes CSV files to import and gives the errors of their rows.</summary>
public sealed class ImportsApi(IWorkflowStarter starter, ImportBlobs blobs)
{
    /// <summary>The link to the errors of an import, relative to the host.</summary>
    public static string ErrorsPath(string id) => $"/api/imports/{id}/errors";

    /// <summary>
    /// <c>POST /api/imports?table=people</c> with the CSV file as the body, up to 1 GiB: stores it as it comes and starts <c>ImportCsv</c>. 202 as every start; 400 if
    /// the query or the start of the file is wrong, 413 if the file is too large, 415 if it is declared as something else.
    /// </summary>
    [Function("StartImport")]
    public async Task<IResult> PostAsync(
        [HttpTrigger(AuthorizationLevel.Function, "post", Route = "imports")] HttpRequest request,
        [DurableClient] DurableTaskClient client,
        CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(request);
        var (args, faults) = ImportRequest.ReadQuery(request.Query);
        if (faults.Count > 0)
        {
            return Problems.InvalidRequest(
                string.Join(" ", faults.Select(f => f.Message)), new Dictionary<string, object?> { ["faults"] = faults });
        }

        if (ImportRequest.TypeFault(request) is { } typeFault)
        {
            return Problems.Problem(StatusCodes.Status415UnsupportedMediaType, "unsupported-media-type", "The body is not CSV.", typeFault);
        }

        if (request.ContentLength > ImportLimits.MaxSourceBytes)
        {
            return Problems.BodyTooLarge(ImportLimits.MaxSourceBytes);
        }

        LiftServerLimit(request);
        var head = new byte[ImportLimits.HeadBytes];
        var length = await request.Body.ReadAtLeastAsync(head, head.Length, throwOnEndOfStream: false, cancellationToken);
        var charset = ImportRequest.Charset(request);
        if (await CsvUpload.CheckAsync(head.AsMemory(0, length), length < head.Length, args, charset) is { } fault)
        {
            return Problems.Problem(StatusCodes.Status400BadRequest, fault.Code, "The file cannot be imported.", fault.Message);
        }

        return await StartAsync(request, client, args, head.AsMemory(0, length), cancellationToken);
    }

    /// <summary><c>GET /api/imports/{id}/errors</c>: the rejected rows as <c>{"line","reason"}</c>, one a line; 404 if there is no such document.</summary>
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

        return await blobs.OpenErrorsAsync(id, cancellationToken) is { } errors
            ? Results.Stream(errors, ImportBlobs.ErrorsContentType)
            : Problems.Problem(
                StatusCodes.Status404NotFound, "no-import-errors", "There are no errors to show.", $"No import '{id}' has ended with rejected rows.");
    }

    private async Task<IResult> StartAsync(
        HttpRequest request, DurableTaskClient client, ImportCsvArgs args, ReadOnlyMemory<byte> head, CancellationToken cancellationToken)
    {
        var id = starter.NewId();
        try
        {
            await using var body = new UploadStream(head, request.Body, ImportLimits.MaxSourceBytes);
            await blobs.UploadSourceAsync(id, body, cancellationToken);
        }
        catch (UploadTooLargeException)
        {
            return Problems.BodyTooLarge(ImportLimits.MaxSourceBytes);
        }

        var complete = args with { Source = ImportBlobs.SourceReference(id), Encoding = args.Encoding ?? Believed(head, request) };
        try
        {
            return WorkflowDocuments.Accepted(
                request,
                await starter.StartAsync(
                    new StartRequest(nameof(ImportCsvOrchestrator.ImportCsv), ImportCsvWorkflow.Write(complete), id, request.Query["owner"]), client, cancellationToken));
        }
        catch (InvalidStartException e)
        {
            return StartProblems.Invalid(e);
        }
    }

    // The type of the request does not travel with the blob: where it alone names the encoding, that becomes an argument.
    private static string? Believed(ReadOnlyMemory<byte> head, HttpRequest request) =>
        SourceEncodings.Detect(head.Span) is null && ImportRequest.Charset(request) is { } charset ? SourceEncodings.Canonical(charset) : null;

    private static void LiftServerLimit(HttpRequest request)
    {
        if (request.HttpContext.Features.Get<IHttpMaxRequestBodySizeFeature>() is { IsReadOnly: false } feature)
        {
            // One byte more, so that the answer to a file that is too large is ours.
            feature.MaxRequestBodySize = ImportLimits.MaxSourceBytes + 1;
        }
    }
}
