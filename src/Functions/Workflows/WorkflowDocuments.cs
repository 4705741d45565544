using Chard.Domain.Workflows;
using Microsoft.AspNetCore.Http;

namespace Chard.Functions.Workflows;

/// <summary>The documents that the HTTP API gives of a workflow (docs/design.md, 4).</summary>
public static class WorkflowDocuments
{
    /// <summary>Seconds after which asking for the status again makes sense.</summary>
    public const int RetryAfterSeconds = 1;

    /// <summary>Path of a workflow's status, relative to the host.</summary>
    public static string StatusPath(string id) => $"/api/workflows/{id}";

    /// <summary>202 with Location, Retry-After and <c>{"id","status","links"}</c>.</summary>
    public static IResult Accepted(HttpRequest request, StartedWorkflow started)
    {
        ArgumentNullException.ThrowIfNull(request);
        ArgumentNullException.ThrowIfNull(started);
        request.HttpContext.Response.Headers.RetryAfter = RetryAfterSeconds.ToString(System.Globalization.CultureInfo.InvariantCulture);
        string self = Absolute(request, StatusPath(started.Id));
        return Results.Accepted(self, new AcceptedDocument(started.Id, WorkflowStatus.Queued, LinksOf(request, started.Id)));
    }

    /// <summary>The status document of a workflow.</summary>
    public static StatusDocument Status(HttpRequest request, WorkflowState state)
    {
        ArgumentNullException.ThrowIfNull(state);
        return new(
            state.Id, state.Workflow, state.Status, state.Owner, state.Progress,
            state.CreatedAt, state.StartedAt, state.CompletedAt, state.Error, LinksOf(request, state.Id));
    }

    private static WorkflowLinks LinksOf(HttpRequest request, string id)
    {
        string self = Absolute(request, StatusPath(id));
        return new(self, self + "/result");
    }

    private static string Absolute(HttpRequest request, string path) => $"{request.Scheme}://{request.Host}{path}";
}

/// <summary>Answer to a start.</summary>
public sealed record AcceptedDocument(string Id, WorkflowStatus Status, WorkflowLinks Links);

/// <summary>Status of a workflow; times are UTC.</summary>
public sealed record StatusDocument(
    string Id,
    string Workflow,
    WorkflowStatus Status,
    string? Owner,
    WorkflowProgress? Progress,
    DateTimeOffset CreatedAt,
    DateTimeOffset? StartedAt,
    DateTimeOffset? CompletedAt,
    WorkflowError? Error,
    WorkflowLinks Links);

/// <summary>Where to go on from a workflow.</summary>
/// <param name="Self">Its status.</param>
/// <param name="Result">Its result, once there is one.</param>
public sealed record WorkflowLinks(string Self, string Result);
