using Chard.Domain.DeadLetters;
using Chard.Platform;
using Chard.Starts;
using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;
using Microsoft.DurableTask.Client;

namespace Chard.DeadLetters;

/// <summary>
/// Resolves the open dead letters that meet a filter, newest first, up to <c>limit</c> in one call; call again with the <c>continuation</c>
/// given until there is none.
/// </summary>
public sealed class DeadLetterBulkApi(IDeadLetterStore store, DeadLetterService service)
{
    private static readonly string[] Members =
        ["origin", "task", "class", "workflow", "workflowId", "stamp", "from", "before", "all", "limit", "continuation", "by"];

    /// <summary><c>POST /api/dead-letters/retry</c>: tries them anew.</summary>
    [Function("RetryDeadLetters")]
    [Answers(200, 400, 413)]
    public Task<IResult> RetryAsync(
        [HttpTrigger(AuthorizationLevel.Function, "post", Route = "dead-letters/retry")] HttpRequest request,
        [DurableClient] DurableTaskClient client,
        CancellationToken cancellationToken) =>
        ResolveAsync(
            request, DeadLetterAction.Retry, client,
            (matched, refused, next) => new BulkRetryDocument(matched, matched - refused.Count, refused, next), cancellationToken);

    /// <summary><c>POST /api/dead-letters/skip</c>: the workflows that wait go on with <c>result</c>, null if none is given.</summary>
    [Function("SkipDeadLetters")]
    [Answers(200, 400, 413)]
    public Task<IResult> SkipAsync(
        [HttpTrigger(AuthorizationLevel.Function, "post", Route = "dead-letters/skip")] HttpRequest request,
        [DurableClient] DurableTaskClient client,
        CancellationToken cancellationToken) =>
        ResolveAsync(request, DeadLetterAction.Skip, client, Resolved, cancellationToken);

    /// <summary><c>POST /api/dead-letters/fail</c>: the tasks that wait fail.</summary>
    [Function("FailDeadLetters")]
    [Answers(200, 400, 413)]
    public Task<IResult> FailAsync(
        [HttpTrigger(AuthorizationLevel.Function, "post", Route = "dead-letters/fail")] HttpRequest request,
        [DurableClient] DurableTaskClient client,
        CancellationToken cancellationToken) =>
        ResolveAsync(request, DeadLetterAction.Fail, client, Resolved, cancellationToken);

    /// <summary><c>POST /api/dead-letters/discard</c>: puts them aside; tasks that wait there fail.</summary>
    [Function("DiscardDeadLetters")]
    [Answers(200, 400, 413)]
    public Task<IResult> DiscardAsync(
        [HttpTrigger(AuthorizationLevel.Function, "post", Route = "dead-letters/discard")] HttpRequest request,
        [DurableClient] DurableTaskClient client,
        CancellationToken cancellationToken) =>
        ResolveAsync(request, DeadLetterAction.Discard, client, Resolved, cancellationToken);

    private static BulkResolveDocument Resolved(int matched, IReadOnlyList<BulkRefusal> refused, string? continuation) =>
        new(matched, matched - refused.Count, refused, continuation);

    private async Task<IResult> ResolveAsync(
        HttpRequest request,
        DeadLetterAction action,
        DurableTaskClient client,
        Func<int, IReadOnlyList<BulkRefusal>, string?, object> document,
        CancellationToken cancellationToken)
    {
        if (new QueryReader(request).Problem is { } wrongQuery)
        {
            return wrongQuery;
        }

        BodyReader body = await BodyReader.ReadAsync(
            request, action == DeadLetterAction.Skip ? [.. Members, "result"] : Members, cancellationToken);
        DeadLetterFilter filter = FilterOf(body, action);
        int limit = body.Number("limit", 1, Bulk.MaxPerCall, Bulk.DefaultPerCall);
        string? continuation = body.Continuation();
        var command = new DeadLetterCommand(
            action,
            Result: action == DeadLetterAction.Skip ? body.Json("result") : null,
            By: Caller.Of(request.HttpContext).SignatureOr(body.Text("by")));
        if (body.Problem is { } problem)
        {
            return problem;
        }

        DeadLetterPage page = await store.ListAsync(filter, limit, continuation, cancellationToken);
        IReadOnlyList<BulkRefusal> refused = await Bulk.ActAsync(
            [.. page.DeadLetters.Select(letter => letter.Id)], (id, token) => ResolveOneAsync(id, command, client, token),
            cancellationToken);
        return Results.Ok(document(page.DeadLetters.Count, refused, page.Continuation));
    }

    private static DeadLetterFilter FilterOf(BodyReader body, DeadLetterAction action)
    {
        var filter = new DeadLetterFilter
        {
            Origin = body.OneOf("origin", Enum.GetValues<DeadLetterOrigin>()),
            Task = body.Text("task"),
            Class = body.Text("class"),
            Workflow = body.Text("workflow"),
            WorkflowId = body.Text("workflowId"),
            Stamp = body.Stamp("stamp"),
            From = body.Time("from"),
            Before = body.Time("before"),
        };
        if (!body.Flag("all") && filter == new DeadLetterFilter())
        {
            body.Fault("", $"Say which dead letters to {DeadLetterRows.Name(action)} (origin, task, class, workflow, workflowId, "
                + "stamp, from, before), or \"all\": true.");
        }

        return filter with { State = DeadLetterState.Open };
    }

    /// <summary>Why it was refused; null if it is resolved.</summary>
    private async Task<string?> ResolveOneAsync(
        string id,
        DeadLetterCommand command,
        DurableTaskClient client,
        CancellationToken cancellationToken)
    {
        try
        {
            return await service.ResolveAsync(id, command, client, cancellationToken) is { } outcome ? outcome.Refusal : "It is gone.";
        }
        catch (InvalidStartException e)
        {
            return e.Message;
        }
    }
}
