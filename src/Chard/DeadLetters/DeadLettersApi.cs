using Chard.Domain.DeadLetters;
using Chard.Platform;
using Chard.Starts;
using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;
using Microsoft.DurableTask.Client;

namespace Chard.DeadLetters;

/// <summary>Shows dead letters, and takes what operators decide about them.</summary>
public sealed class DeadLettersApi(IDeadLetterStore store, DeadLetterService service)
{
    private static readonly string[] FilterNames =
        ["state", "origin", "task", "class", "workflow", "workflowId", "stamp", "from", "before"];

    /// <summary><c>GET /api/dead-letters</c>: a page of them, newest first.</summary>
    [Function("ListDeadLetters")]
    [Answers(200, 400)]
    public async Task<IResult> ListAsync(
        [HttpTrigger(AuthorizationLevel.Function, "get", Route = "dead-letters")] HttpRequest request,
        CancellationToken cancellationToken)
    {
        var query = new QueryReader(request, [.. FilterNames, "limit", "continuation"]);
        DeadLetterFilter filter = FilterOf(query);
        int limit = query.Limit();
        string? continuation = query.Continuation();
        if (query.Problem is { } problem)
        {
            return problem;
        }

        DeadLetterPage page = await store.ListAsync(filter, limit, continuation, cancellationToken);
        return Results.Ok(new DeadLetterListDocument(
            [.. page.DeadLetters.Select(d => DeadLetterDocuments.Of(request, d))], page.Continuation));
    }

    /// <summary>
    /// <c>GET /api/dead-letters/groups</c>: how many there are of each task and class, most first, and when they came.
    /// </summary>
    [Function("GroupDeadLetters")]
    [Answers(200, 400)]
    public async Task<IResult> GroupAsync(
        [HttpTrigger(AuthorizationLevel.Function, "get", Route = "dead-letters/groups")] HttpRequest request,
        CancellationToken cancellationToken)
    {
        var query = new QueryReader(request, FilterNames);
        DeadLetterFilter filter = FilterOf(query);
        return query.Problem ?? Results.Ok(await DeadLetterGroups.OfAsync(store, filter, cancellationToken));
    }

    /// <summary><c>GET /api/dead-letters/{id}</c>: one of them, or 404.</summary>
    [Function("GetDeadLetter")]
    [Answers(200, 400, 404)]
    public async Task<IResult> GetAsync(
        [HttpTrigger(AuthorizationLevel.Function, "get", Route = "dead-letters/{id}")] HttpRequest request,
        string id,
        CancellationToken cancellationToken)
    {
        if (new QueryReader(request).Problem is { } problem)
        {
            return problem;
        }

        if (!DeadLetterId.IsValid(id))
        {
            return Problems.InvalidRequest(DeadLetterId.Rule);
        }

        return await store.GetAsync(id, cancellationToken) is { } letter
            ? Results.Ok(DeadLetterDocuments.Of(request, letter))
            : Problems.DeadLetterNotFound(id);
    }

    /// <summary><c>POST /api/dead-letters/{id}/retry</c>: tries it anew, with other <c>args</c> if they are given.</summary>
    [Function("RetryDeadLetter")]
    [Answers(200, 400, 404, 409, 413)]
    public Task<IResult> RetryAsync(
        [HttpTrigger(AuthorizationLevel.Function, "post", Route = "dead-letters/{id}/retry")] HttpRequest request,
        string id,
        [DurableClient] DurableTaskClient client,
        CancellationToken cancellationToken) =>
        ResolveAsync(request, id, DeadLetterAction.Retry, "args", client, cancellationToken);

    /// <summary><c>POST /api/dead-letters/{id}/skip</c>: the waiting workflow goes on with <c>result</c>, null if none is given.</summary>
    [Function("SkipDeadLetter")]
    [Answers(200, 400, 404, 409, 413)]
    public Task<IResult> SkipAsync(
        [HttpTrigger(AuthorizationLevel.Function, "post", Route = "dead-letters/{id}/skip")] HttpRequest request,
        string id,
        [DurableClient] DurableTaskClient client,
        CancellationToken cancellationToken) =>
        ResolveAsync(request, id, DeadLetterAction.Skip, "result", client, cancellationToken);

    /// <summary><c>POST /api/dead-letters/{id}/fail</c>: the waiting task fails.</summary>
    [Function("FailDeadLetter")]
    [Answers(200, 400, 404, 409, 413)]
    public Task<IResult> FailAsync(
        [HttpTrigger(AuthorizationLevel.Function, "post", Route = "dead-letters/{id}/fail")] HttpRequest request,
        string id,
        [DurableClient] DurableTaskClient client,
        CancellationToken cancellationToken) =>
        ResolveAsync(request, id, DeadLetterAction.Fail, null, client, cancellationToken);

    /// <summary><c>POST /api/dead-letters/{id}/discard</c>: puts it aside; a task that waits there fails.</summary>
    [Function("DiscardDeadLetter")]
    [Answers(200, 400, 404, 409, 413)]
    public Task<IResult> DiscardAsync(
        [HttpTrigger(AuthorizationLevel.Function, "post", Route = "dead-letters/{id}/discard")] HttpRequest request,
        string id,
        [DurableClient] DurableTaskClient client,
        CancellationToken cancellationToken) =>
        ResolveAsync(request, id, DeadLetterAction.Discard, null, client, cancellationToken);

    private static DeadLetterFilter FilterOf(QueryReader query) => new()
    {
        State = query.OneOf<DeadLetterState>("state"),
        Origin = query.OneOf<DeadLetterOrigin>("origin"),
        Task = query.Text("task"),
        Class = query.Text("class"),
        Workflow = query.Text("workflow"),
        WorkflowId = query.Text("workflowId"),
        Stamp = query.Stamp("stamp"),
        From = query.Time("from"),
        Before = query.Time("before"),
    };

    private async Task<IResult> ResolveAsync(
        HttpRequest request,
        string id,
        DeadLetterAction action,
        string? value,
        DurableTaskClient client,
        CancellationToken cancellationToken)
    {
        if (new QueryReader(request).Problem is { } problem)
        {
            return problem;
        }

        if (!DeadLetterId.IsValid(id))
        {
            return Problems.InvalidRequest(DeadLetterId.Rule);
        }

        BodyReader body = await BodyReader.ReadAsync(request, value is null ? ["by"] : [value, "by"], cancellationToken);
        var command = new DeadLetterCommand(
            action,
            Args: value == "args" ? body.Json(value) : null,
            Result: value == "result" ? body.Json(value) : null,
            By: Caller.Of(request.HttpContext).SignatureOr(body.Text("by")));
        if (body.Problem is { } fault)
        {
            return fault;
        }

        try
        {
            return await service.ResolveAsync(id, command, client, cancellationToken) switch
            {
                null => Problems.DeadLetterNotFound(id),
                { Refusal: { } refusal } outcome => Problems.WrongState(refusal, DeadLetterRows.Name(outcome.Letter.State)),
                { Letter: var letter } => Results.Ok(DeadLetterDocuments.Of(request, letter)),
            };
        }
        catch (InvalidStartException e)
        {
            return StartProblems.Invalid(e);
        }
    }
}
