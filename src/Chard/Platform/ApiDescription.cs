using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;

namespace Chard.Platform;

/// <summary>Describes the API, and answers what is not part of it.</summary>
public sealed class ApiDescription(OpenApiDocument document)
{
    /// <summary><c>GET /api/openapi.json</c>: the OpenAPI 3.1 document.</summary>
    [Function("OpenApi")]
    [Answers(200, 400)]
    public IResult Get([HttpTrigger(AuthorizationLevel.Function, "get", Route = "openapi.json")] HttpRequest request) =>
        new QueryReader(request).Problem ?? Results.Bytes(document.Utf8.ToArray(), "application/json");

    /// <summary>Every other path under <c>/api</c>: 404, or 405 with what the path takes.</summary>
    [Function("NoRoute")]
    [Answers(404, 405)]
    public IResult None([HttpTrigger(AuthorizationLevel.Function, Route = "{*path}")] HttpRequest request, string? path)
    {
        ArgumentNullException.ThrowIfNull(request);
        IReadOnlyList<string> methods = document.MethodsOf(path ?? "");
        if (methods.Count == 0 || methods.Contains(request.Method.ToUpperInvariant()))
        {
            return Problems.RouteNotFound(request.Method, request.Path);
        }

        string allow = string.Join(", ", methods);
        request.HttpContext.Response.Headers.Allow = allow;
        return Problems.MethodNotAllowed(request.Method, request.Path, allow);
    }
}
