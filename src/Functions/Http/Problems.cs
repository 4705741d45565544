using Microsoft.AspNetCore.Http;

namespace Chard.Functions.Http;

/// <summary>RFC 9457 problem documents with the stable types that clients may rely on.</summary>
public static class Problems
{
    private const string Prefix = "urn:chard:problem:";

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

    /// <summary>404 <c>workflow-not-found</c>.</summary>
    public static IResult WorkflowNotFound(string id) =>
        Problem(StatusCodes.Status404NotFound, "workflow-not-found", "There is no such workflow.", $"No workflow has the id '{id}'.");

    /// <summary>413 <c>body-too-large</c>.</summary>
    public static IResult BodyTooLarge(long maxBytes) =>
        Problem(StatusCodes.Status413PayloadTooLarge, "body-too-large", "The body is too large.", $"The body may have at most {maxBytes} bytes.");
}
