using Chard.Domain.Tasks;
using Chard.Platform;
using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;

namespace Chard.Dashboard;

/// <summary>Tells a caller who they are here, and a page what to offer.</summary>
public sealed class SessionApi(DashboardSettings settings, StorageNames names)
{
    /// <summary><c>GET /api/session</c>: the caller's role and name, and how the dashboard is to show things.</summary>
    [Function("GetSession")]
    [Answers(200, 400)]
    public IResult Get([HttpTrigger(AuthorizationLevel.Function, "get", Route = "session")] HttpRequest request)
    {
        ArgumentNullException.ThrowIfNull(request);
        var caller = Caller.Of(request.HttpContext);
        return new QueryReader(request).Problem
            ?? Results.Json(
                new SessionDocument(
                    caller.Role ?? Role.Reader, caller.Name, settings.IsReadOnly, settings.Mask, names.Hub,
                    typeof(SessionApi).Assembly.GetName().Version?.ToString(3) ?? ""),
                TaskJson.Options);
    }
}

/// <summary>Who calls, and how the dashboard shows things.</summary>
/// <param name="Role">What the caller may do.</param>
/// <param name="Name">Whose the work is that they start; null where nobody is asked.</param>
/// <param name="ReadOnly">True if the dashboard offers nothing that changes anything.</param>
/// <param name="Mask">Names of JSON members whose values it hides until asked.</param>
/// <param name="Hub">The task hub.</param>
/// <param name="Version">The library's version.</param>
public sealed record SessionDocument(Role Role, string? Name, bool ReadOnly, IReadOnlyList<string> Mask, string Hub, string Version);
