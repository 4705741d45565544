using System.Globalization;
using Chard.Domain.Failures;
using Chard.Domain.Workflows;
using Microsoft.AspNetCore.Http;

namespace Chard.Status;

/// <summary>The documents that the HTTP API gives of a workflow (docs/http-api.md).</summary>
public static class WorkflowDocuments
{
    /// <summary>Seconds after which asking for the status again makes sense.</summary>
    public const int RetryAfterSeconds = 1;

    /// <summary>Path of a workflow's status, relative to the host.</summary>
    public static string StatusPath(string id) => $"/api/workflows/{id}";

    /// <summary>202 with Location, Retry-After and <c>{"id","status","links"}</c>.</summary>
    public static IResult Accepted(HttpRequest request, string id, WorkflowStatus status)
    {
        ArgumentNullException.ThrowIfNull(request);
        request.HttpContext.Response.Headers.RetryAfter = RetryAfterSeconds.ToString(CultureInfo.InvariantCulture);
        WorkflowLinks links = LinksOf(request, id);
        return Results.Accepted(links.Self, new AcceptedDocument(id, status, links));
    }

    /// <summary>The status document of a workflow.</summary>
    public static StatusDocument Status(HttpRequest request, WorkflowState state)
    {
        ArgumentNullException.ThrowIfNull(request);
        ArgumentNullException.ThrowIfNull(state);
        return new(
            state.Id, state.Workflow, state.Status, state.Owner, state.Stamps, state.Progress,
            state.CreatedAt, state.StartAt, state.ExpiresAt, state.StartedAt, state.CompletedAt, state.Error, LinksOf(request, state.Id));
    }

    /// <summary>The entity tag of a state: changes whenever the state does.</summary>
    public static string TagOf(WorkflowState state)
    {
        ArgumentNullException.ThrowIfNull(state);
        return string.Create(CultureInfo.InvariantCulture, $"\"{state.Version}\"");
    }

    private static WorkflowLinks LinksOf(HttpRequest request, string id)
    {
        string self = Absolute(request, StatusPath(id));
        return new(self, self + "/result", self + "/cancel", self + "/pause", self + "/resume");
    }

    private static string Absolute(HttpRequest request, string path) => $"{request.Scheme}://{request.Host}{path}";
}

/// <summary>Answer to a start, and to a request to cancel, pause or resume.</summary>
public sealed record AcceptedDocument(string Id, WorkflowStatus Status, WorkflowLinks Links);

/// <summary>Status of a workflow; times are UTC.</summary>
public record StatusDocument(
    string Id,
    string Workflow,
    WorkflowStatus Status,
    string? Owner,
    IReadOnlyList<string> Stamps,
    WorkflowProgress? Progress,
    DateTimeOffset CreatedAt,
    DateTimeOffset? StartAt,
    DateTimeOffset? ExpiresAt,
    DateTimeOffset? StartedAt,
    DateTimeOffset? CompletedAt,
    WorkflowError? Error,
    WorkflowLinks Links);

/// <summary>Status of a workflow with a page of the rows of its tasks.</summary>
public sealed record StatusWithTasksDocument : StatusDocument
{
    /// <summary>The status, and the page beside it.</summary>
    public StatusWithTasksDocument(StatusDocument status, TaskRowPage page)
        : base(status)
    {
        ArgumentNullException.ThrowIfNull(page);
        (Tasks, TasksTotal, Continuation) = (page.Rows, page.Total, page.Continuation);
    }

    /// <summary>In the order of their positions.</summary>
    public IReadOnlyList<TaskRowDocument> Tasks { get; }

    /// <summary>How many tasks have begun by now, on this page and all others.</summary>
    public int TasksTotal { get; }

    /// <summary>Parameter <c>continuation</c> of the next page; null at the end.</summary>
    public string? Continuation { get; }
}

/// <summary>A page of workflows.</summary>
/// <param name="Workflows">Newest first.</param>
/// <param name="Continuation">Parameter <c>continuation</c> of the next page; null at the end.</param>
public sealed record WorkflowListDocument(IReadOnlyList<StatusDocument> Workflows, string? Continuation);

/// <summary>Where to go on from a workflow.</summary>
/// <param name="Self">Its status.</param>
/// <param name="Result">Its result, once there is one.</param>
/// <param name="Cancel">POST there to end it.</param>
/// <param name="Pause">POST there to hold it.</param>
/// <param name="Resume">POST there to let it go on.</param>
public sealed record WorkflowLinks(string Self, string Result, string Cancel, string Pause, string Resume);
