using Chard.Domain.Schedules;
using Chard.Platform;
using Chard.Starts;
using Chard.Status;
using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;
using Microsoft.DurableTask.Client;

namespace Chard.Schedules;

/// <summary>Tells which schedules there are and how they stand, and runs one at once.</summary>
public sealed class SchedulesApi(
    ScheduleCatalogue schedules, TableScheduleStore store, IWorkflowStarter starter, TimeProvider time)
{
    /// <summary><c>GET /api/schedules</c>: all of them.</summary>
    [Function("ListSchedules")]
    [Answers(200, 400)]
    public async Task<IResult> ListAsync(
        [HttpTrigger(AuthorizationLevel.Function, "get", Route = "schedules")] HttpRequest request, CancellationToken cancellationToken)
    {
        if (new QueryReader(request).Problem is { } problem)
        {
            return problem;
        }

        if (schedules.Count == 0)
        {
            return Results.Ok(new ScheduleListDocument([]));
        }

        IReadOnlyDictionary<string, ScheduleMemory> memories = await store.ListAsync(cancellationToken);
        DateTimeOffset now = time.GetUtcNow();
        return Results.Ok(new ScheduleListDocument(
            [.. schedules.All.Select(s => ScheduleDocument.Of(request, s, memories.GetValueOrDefault(s.Name), now))]));
    }

    /// <summary><c>GET /api/schedules/{name}</c>: one of them, or 404.</summary>
    [Function("GetSchedule")]
    [Answers(200, 400, 404)]
    public async Task<IResult> GetAsync(
        [HttpTrigger(AuthorizationLevel.Function, "get", Route = "schedules/{name}")] HttpRequest request,
        string name,
        CancellationToken cancellationToken)
    {
        if (new QueryReader(request).Problem is { } problem)
        {
            return problem;
        }

        if (!ScheduleName.IsValid(name))
        {
            return Problems.InvalidRequest(ScheduleName.Rule);
        }

        return schedules.TryGet(name, out Schedule? schedule)
            ? Results.Ok(ScheduleDocument.Of(request, schedule, await store.GetAsync(schedule.Name, cancellationToken), time.GetUtcNow()))
            : Problems.ScheduleNotFound(name);
    }

    /// <summary>
    /// <c>POST /api/schedules/{name}/run</c>: starts what it starts, now and beside its ticks, which stay as they are; one that is not
    /// enabled too. Each call starts another workflow, unless an <c>Idempotency-Key</c> says that it is the same.
    /// </summary>
    [Function("RunSchedule")]
    [Answers(202, 400, 404, 422)]
    public async Task<IResult> RunAsync(
        [HttpTrigger(AuthorizationLevel.Function, "post", Route = "schedules/{name}/run")] HttpRequest request,
        string name,
        [DurableClient] DurableTaskClient client,
        CancellationToken cancellationToken)
    {
        if (new QueryReader(request).Problem is { } problem)
        {
            return problem;
        }

        if (!ScheduleName.IsValid(name))
        {
            return Problems.InvalidRequest(ScheduleName.Rule);
        }

        if (!schedules.TryGet(name, out Schedule? schedule))
        {
            return Problems.ScheduleNotFound(name);
        }

        try
        {
            StartRequest start = schedule.StartOf(time.GetUtcNow()) with { Id = null, IdempotencyKey = WorkflowsApi.KeyOf(request) };
            StartedWorkflow started = await starter.StartAsync(start, client, cancellationToken);
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
}
