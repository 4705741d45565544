using System.Net;
using Chard.Platform;
using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;

namespace Chard.Dashboard;

/// <summary>
/// Serves the dashboard: a page and its assets, which hold nothing of anybody's. What the page shows it asks of the API, as its caller.
/// </summary>
public sealed class DashboardPage(DashboardFiles files, DashboardSettings settings)
{
    /// <summary>Only what this app serves, and no script or style within the page.</summary>
    public const string ContentSecurityPolicy =
        "default-src 'self'; base-uri 'self'; form-action 'self'; frame-ancestors 'none'; object-src 'none'";

    /// <summary>
    /// <c>GET /api/dashboard/…</c>: an asset by its name; the page for every other path, which the page itself knows what to do with.
    /// </summary>
    [Function("Dashboard")]
    [Answers(200, 404)]
    public IResult Get(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "dashboard/{*path}")] HttpRequest request, string? path)
    {
        ArgumentNullException.ThrowIfNull(request);
        if (!settings.IsEnabled)
        {
            return Problems.RouteNotFound(request.Method, request.Path);
        }

        path ??= "";
        if (path.StartsWith(DashboardFiles.Assets, StringComparison.Ordinal))
        {
            return files.Find(path) is { } asset
                ? Answer(request, asset, "public, max-age=31536000, immutable")
                : Problems.RouteNotFound(request.Method, request.Path);
        }

        string whole = request.PathBase + request.Path;
        string root = path.Length == 0 ? whole.TrimEnd('/') + "/" : whole[..^path.Length];
        return Answer(request, files.PageFor(WebUtility.HtmlEncode(root)), "no-store");
    }

    private static IResult Answer(HttpRequest request, DashboardFile file, string caching)
    {
        IHeaderDictionary headers = request.HttpContext.Response.Headers;
        headers.CacheControl = caching;
        headers.ContentSecurityPolicy = ContentSecurityPolicy;
        headers.XContentTypeOptions = "nosniff";
        headers["Referrer-Policy"] = "same-origin";
        headers.Vary = "Accept-Encoding";
        if (!request.Headers.AcceptEncoding.ToString().Contains("gzip", StringComparison.OrdinalIgnoreCase))
        {
            return Results.Bytes(file.Bytes, file.ContentType);
        }

        headers.ContentEncoding = "gzip";
        return Results.Bytes(file.Gzipped, file.ContentType);
    }
}
