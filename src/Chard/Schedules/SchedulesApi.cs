using Chard.Domain.Schedules;
using Chard.Platform;
using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;

namespace Chard.Schedules;

/// <summary>Tells which schedules there are and how they stand.</summary>
public sealed class SchedulesApi(ScheduleCatalogue schedules, TableScheduleStore store, TimeProvider time)
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
}
