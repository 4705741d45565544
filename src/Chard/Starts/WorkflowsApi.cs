using Chard.Domain.Workflows;
using Chard.Platform;
using Chard.Status;
using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;
using Microsoft.DurableTask.Client;

namespace Chard.Starts;

/// <summary>Starts workflows over HTTP.</summary>
public sealed class WorkflowsApi(IWorkflowStarter starter)
{
    /// <summary>Header that makes a start idempotent.</summary>
    public const string IdempotencyKeyHeader = "Idempotency-Key";

    /// <summary>
    /// <c>POST /api/workflows</c>: starts one; 202, or 400 with every fault, 422 if the id or the key belongs to another start. With
    /// <c>?check=true</c> it is checked alone: 200, or 400 with every fault.
    /// </summary>
    [Function("StartWorkflow")]
    [Answers(200, 202, 400, 413, 422)]
    public async Task<IResult> StartAsync(
        [HttpTrigger(AuthorizationLevel.Function, "post", Route = "workflows")] HttpRequest request,
        [DurableClient] DurableTaskClient client,
        CancellationToken cancellationToken)
    {
        var query = new QueryReader(request, "check");
        bool checks = query.Flag("check");
        if (query.Problem is { } problem)
        {
            return problem;
        }

        if (await JsonBody.ReadAsync(request, StartDocument.MaxBytes, cancellationToken) is not { } body)
        {
            return Problems.BodyTooLarge(StartDocument.MaxBytes);
        }

        try
        {
            StartRequest start = StartDocument.Parse(body) with { IdempotencyKey = KeyOf(request) };
            var caller = Caller.Of(request.HttpContext);
            if (!caller.TryOwn(start.Owner, out string? owner))
            {
                return Problems.NotYours(caller.Name);
            }

            if (checks)
            {
                starter.Check(start with { Owner = owner });
                return Results.Ok(new StartCheckDocument(true));
            }

            StartedWorkflow started = await starter.StartAsync(start with { Owner = owner }, client, cancellationToken);
            return WorkflowDocuments.Accepted(request, started.Id, started.Status);
        }
        catch (InvalidStartException e)
        {
            return StartProblems.Invalid(e);
        }
        catch (StartConflictException e)
        {
            return StartProblems.Conflict(e);
        }
    }

    /// <summary>The idempotency key of a start; null if it has none.</summary>
    /// <exception cref="InvalidStartException">It breaks the rule for keys.</exception>
    public static string? KeyOf(HttpRequest request)
    {
        if (!request.Headers.TryGetValue(IdempotencyKeyHeader, out Microsoft.Extensions.Primitives.StringValues values))
        {
            return null;
        }

        return values is [{ } key] && StartKey.IsValid(key) ? key : throw new InvalidStartException([new("", StartKey.Rule)]);
    }
}

/// <summary>Answer to a start that was to be checked alone.</summary>
/// <param name="Valid">True: faults are told as a problem.</param>
public sealed record StartCheckDocument(bool Valid);
