using Chard.Domain.Json;
using Microsoft.AspNetCore.Http;

namespace Chard.Platform;

/// <summary>RFC 9457 problem documents with the stable types that clients may rely on (docs/http-api.md lists them).</summary>
public static class Problems
{
    /// <summary>What every <c>type</c> begins with.</summary>
    public const string Prefix = "urn:chard:problem:";

    /// <summary>A problem document.</summary>
    /// <param name="status">HTTP status, 4xx or 5xx.</param>
    /// <param name="type">Stable short name; the document's <c>type</c> is <c>urn:chard:problem:</c> and this.</param>
    /// <param name="title">The same words for every problem of the type.</param>
    /// <param name="detail">What is wrong with this request and how to mend it.</param>
    /// <param name="extensions">Further members of the document.</param>
    public static IResult Problem(int status, string type, string title, string detail, IDictionary<string, object?>? extensions = null) =>
        Results.Problem(statusCode: status, type: Prefix + type, title: title, detail: detail, extensions: extensions);

    /// <summary>400 <c>invalid-request</c>.</summary>
    public static IResult InvalidRequest(string detail, IDictionary<string, object?>? extensions = null) =>
        Problem(StatusCodes.Status400BadRequest, "invalid-request", "The request is not valid.", detail, extensions);

    /// <summary>400 <c>invalid-request</c> with <c>faults</c>, each with the parameter's name as <c>?name</c>.</summary>
    public static IResult InvalidQuery(IReadOnlyList<JsonFault> faults) =>
        InvalidRequest(string.Join(" ", faults.Select(f => f.Message)), new Dictionary<string, object?> { ["faults"] = faults });

    /// <summary>400 <c>invalid-request</c> for a body that does not read, with <c>faults</c>.</summary>
    public static IResult InvalidBody(params JsonFault[] faults) =>
        InvalidRequest(string.Join(" ", faults.Select(f => f.Message)), new Dictionary<string, object?> { ["faults"] = faults });

    /// <summary>401 <c>unauthorized</c>.</summary>
    public static IResult Unauthorized() =>
        Problem(
            StatusCodes.Status401Unauthorized, "unauthorized", "Who you are is not known.",
            $"Sign in, or send one of the app's keys as the header {Caller.KeyHeader}.");

    /// <summary>403 <c>forbidden</c>, to who is known and has no role.</summary>
    public static IResult NoRole() =>
        Forbidden(
            $"You have none of the roles {string.Join(", ", Enum.GetNames<Role>())}: ask for one in Entra, or for the key of one "
                + $"({AccessSettings.Section}).");

    /// <summary>403 <c>forbidden</c>, to who has another role.</summary>
    /// <param name="has">The caller's role.</param>
    /// <param name="wanted">The role that is wanted; null if the function has no policy, so that no role will do.</param>
    public static IResult WrongRole(Role has, Role? wanted) =>
        Forbidden(wanted is null
            ? "This route has no policy, so nobody may call it: the app has to give it one (AddRoute)."
            : $"You are {has}; this wants {wanted}.");

    /// <summary>403 <c>forbidden</c>, to who starts in somebody else's name.</summary>
    public static IResult NotYours(string? name) =>
        Forbidden($"Only {Role.Operator} may start in the name of others: leave owner out, and it is '{name}'.");

    /// <summary>404 <c>workflow-not-found</c>.</summary>
    public static IResult WorkflowNotFound(string id) =>
        Problem(StatusCodes.Status404NotFound, "workflow-not-found", "There is no such workflow.", $"No workflow has the id '{id}'.");

    /// <summary>404 <c>dead-letter-not-found</c>.</summary>
    public static IResult DeadLetterNotFound(string id) =>
        Problem(
            StatusCodes.Status404NotFound, "dead-letter-not-found", "There is no such dead letter.", $"No dead letter has the id '{id}'.");

    /// <summary>404 <c>schedule-not-found</c>.</summary>
    public static IResult ScheduleNotFound(string name) =>
        Problem(StatusCodes.Status404NotFound, "schedule-not-found", "There is no such schedule.", $"No schedule has the name '{name}'.");

    /// <summary>404 <c>route-not-found</c>.</summary>
    public static IResult RouteNotFound(string method, string path) =>
        Problem(
            StatusCodes.Status404NotFound, "route-not-found", "There is no such route.",
            $"Nothing answers {method} {path}. GET /api/openapi.json lists what there is.");

    /// <summary>405 <c>method-not-allowed</c>; the caller sets the Allow header.</summary>
    public static IResult MethodNotAllowed(string method, string path, string allow) =>
        Problem(
            StatusCodes.Status405MethodNotAllowed, "method-not-allowed", "The route does not take this method.",
            $"{path} does not take {method}, only {allow}.");

    /// <summary>409 <c>wrong-state</c> with the present <c>state</c>.</summary>
    public static IResult WrongState(string detail, string state) =>
        Problem(
            StatusCodes.Status409Conflict, "wrong-state", "Its state forbids this.", detail,
            new Dictionary<string, object?> { ["state"] = state });

    /// <summary>413 <c>body-too-large</c>.</summary>
    public static IResult BodyTooLarge(long maxBytes) =>
        Problem(
            StatusCodes.Status413PayloadTooLarge, "body-too-large", "The body is too large.",
            $"The body may have at most {maxBytes} bytes.");

    private static IResult Forbidden(string detail) =>
        Problem(StatusCodes.Status403Forbidden, "forbidden", "You may not do this.", detail);

    /// <summary>500 <c>internal-error</c>.</summary>
    public static IResult InternalError(string invocationId) =>
        Problem(
            StatusCodes.Status500InternalServerError, "internal-error", "Something went wrong on our side.",
            $"The log tells what, under invocation {invocationId}. Sending the same request again does no harm if it has an id "
                + "or an Idempotency-Key.");

    /// <summary>503 <c>storage-unavailable</c>.</summary>
    public static IResult StorageUnavailable() =>
        Problem(
            StatusCodes.Status503ServiceUnavailable, "storage-unavailable", "Storage does not answer.",
            "Try again shortly. Sending the same request again does no harm if it has an id or an Idempotency-Key.");
}
