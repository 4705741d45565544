using Chard.Domain.DeadLetters;
using Chard.Functions.Http;
using Chard.Functions.Storage;
using Chard.Functions.Workflows;
using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;
using Microsoft.DurableTask.Client;

namespace Chard.Functions.DeadLetters;

/// <summary>Resolves all that failed alike.</summary>
public sealed class DeadLetterBulkApi(IDeadLetterStore store, DeadLetterDesk desk)
{
    /// <summary>Most dead letters retried by one call.</summary>
    public const int MaxPerCall = 1000;

    private const int DefaultPerCall = 100;
    private const int Parallel = 8;

    private static readonly string[] Members =
        ["task", "class", "workflow", "workflowId", "from", "before", "all", "limit", "continuation", "by"];

    /// <summary>
    /// <c>POST /api/dead-letters/retry</c>: retries the open dead letters that meet a filter, newest first, up to <c>limit</c> in one call;
    /// call again with the <c>continuation</c> given until there is none.
    /// </summary>
    [Function("RetryDeadLetters")]
    [Answers(200, 400, 413)]
    public async Task<IResult> RetryAsync(
        [HttpTrigger(AuthorizationLevel.Function, "post", Route = "dead-letters/retry")] HttpRequest request,
        [DurableClient] DurableTaskClient client,
        CancellationToken cancellationToken)
    {
        if (new QueryReader(request).Problem is { } wrongQuery)
        {
            return wrongQuery;
        }

        BodyReader body = await BodyReader.ReadAsync(request, Members, cancellationToken);
        DeadLetterFilter filter = FilterOf(body);
        int limit = body.Number("limit", 1, MaxPerCall, DefaultPerCall);
        string? by = body.Text("by");
        string? continuation = body.Text("continuation", 300);
        if (continuation is not null && !NewestFirst.IsContinuation(continuation))
        {
            body.Fault("continuation", "'continuation' is what an earlier call gave, unchanged.");
        }

        if (body.Problem is { } problem)
        {
            return problem;
        }

        DeadLetterPage page = await store.ListAsync(filter, limit, continuation, cancellationToken);
        var wish = new DeadLetterWish(DeadLetterAction.Retry, By: by);
        var outcomes = new BulkRefusal?[page.DeadLetters.Count];
        await System.Threading.Tasks.Parallel.ForAsync(
            0, outcomes.Length, new ParallelOptions { MaxDegreeOfParallelism = Parallel, CancellationToken = cancellationToken },
            async (i, token) => outcomes[i] = await RetryOneAsync(page.DeadLetters[i].Id, wish, client, token));

        BulkRefusal[] refused = [.. outcomes.OfType<BulkRefusal>()];
        return Results.Ok(new BulkRetryDocument(outcomes.Length, outcomes.Length - refused.Length, refused, page.Continuation));
    }

    private static DeadLetterFilter FilterOf(BodyReader body)
    {
        var filter = new DeadLetterFilter
        {
            Task = body.Text("task"),
            Class = body.Text("class"),
            Workflow = body.Text("workflow"),
            WorkflowId = body.Text("workflowId"),
            From = body.Time("from"),
            Before = body.Time("before"),
        };
        if (!body.Flag("all") && filter == new DeadLetterFilter())
        {
            body.Fault("", "Say which dead letters to retry (task, class, workflow, workflowId, from, before), or \"all\": true.");
        }

        return filter with { State = DeadLetterState.Open };
    }

    private async Task<BulkRefusal?> RetryOneAsync(
        string id, DeadLetterWish wish, DurableTaskClient client, CancellationToken cancellationToken)
    {
        try
        {
            return await desk.ResolveAsync(id, wish, client, cancellationToken) switch
            {
                null => new(id, "It is gone."),
                { Refusal: { } refusal } => new(id, refusal),
                _ => null,
            };
        }
        catch (InvalidStartException e)
        {
            return new(id, e.Message);
        }
    }
}
