using Chard.Domain.Failures;
using Chard.Domain.Identity;
using Chard.Domain.Payloads;
using Chard.Platform;
using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;

namespace Chard.Functions.Reports;

/// <summary>Shows reports.</summary>
public sealed class ReportsApi(IPayloadStore payloads)
{
    /// <summary>
    /// What a browser may do with a report: show it, with its own style. Nothing is run and nothing
    /// loaded, whatever the table held.
    /// </summary>
    public const string ContentSecurityPolicy =
        "default-src 'none'; style-src 'unsafe-inline'; img-src data:; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

    /// <summary>The link to the report of a workflow, relative to the host.</summary>
    public static string PathOf(string id) => $"/api/reports/{id}";

    /// <summary><c>GET /api/reports/{id}</c>: the page that workflow <c>id</c> has made; 404 if there is none.</summary>
    [Function("GetReport")]
    [Answers(200, 400, 404)]
    public async Task<IResult> GetAsync(
        [HttpTrigger(AuthorizationLevel.Function, "get", Route = "reports/{id}")] HttpRequest request,
        string id,
        CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(request);
        if (!WorkflowId.IsValid(id))
        {
            return Problems.InvalidRequest(WorkflowId.Rule);
        }

        if (await OpenAsync(id, cancellationToken) is not { } page)
        {
            return Problems.Problem(
                StatusCodes.Status404NotFound, "no-report", "There is no report to show.",
                $"No workflow '{id}' has made a report, or it is still at work.");
        }

        IHeaderDictionary headers = request.HttpContext.Response.Headers;
        headers.ContentSecurityPolicy = ContentSecurityPolicy;
        headers.XContentTypeOptions = "nosniff";
        headers["Referrer-Policy"] = "no-referrer"; // the address may hold a function key
        return Results.Stream(page, "text/html; charset=utf-8");
    }

    private async Task<Stream?> OpenAsync(string id, CancellationToken cancellationToken)
    {
        try
        {
            return await payloads.FindAsync(id, CombineReport.DocumentName, cancellationToken) is { } reference
                ? await payloads.OpenReadAsync(reference, cancellationToken)
                : null;
        }
        catch (PermanentTaskException e) when (e.Code == "payload-missing")
        {
            return null; // purged between the two calls
        }
    }
}
