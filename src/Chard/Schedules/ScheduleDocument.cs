using Chard.Domain.Schedules;
using Chard.Status;
using Microsoft.AspNetCore.Http;

namespace Chard.Schedules;

/// <summary>The schedules.</summary>
/// <param name="Schedules">In order of their names.</param>
public sealed record ScheduleListDocument(IReadOnlyList<ScheduleDocument> Schedules);

/// <summary>A schedule; times are UTC.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Cron">The cron expression.</param>
/// <param name="TimeZone">Whose local time that is.</param>
/// <param name="CatchUp">What becomes of missed ticks.</param>
/// <param name="Enabled">False if it does not run at present.</param>
/// <param name="Next">The next tick; null if it does not run.</param>
/// <param name="Upcoming">The next ticks, five of them; none if it does not run.</param>
/// <param name="Last">The last tick that was started; null before the first.</param>
/// <param name="Missed">How many ticks were not started since the schedule was first seen.</param>
public sealed record ScheduleDocument(
    string Name,
    string Cron,
    string TimeZone,
    CatchUp CatchUp,
    bool Enabled,
    DateTimeOffset? Next,
    IReadOnlyList<DateTimeOffset> Upcoming,
    ScheduleTickDocument? Last,
    long Missed)
{
    private const int Ahead = 5;

    /// <summary>The document of a schedule.</summary>
    public static ScheduleDocument Of(HttpRequest request, Schedule schedule, ScheduleMemory? memory, DateTimeOffset now)
    {
        ArgumentNullException.ThrowIfNull(request);
        ArgumentNullException.ThrowIfNull(schedule);
        ScheduleRule rule = schedule.Rule;
        var upcoming = new List<DateTimeOffset>();
        for (DateTimeOffset at = now; rule.IsEnabled && upcoming.Count < Ahead && rule.Cron.Next(at) is { } next; at = next)
        {
            upcoming.Add(next);
        }

        return new(
            rule.Name, rule.CronText, rule.TimeZone, rule.CatchUp, rule.IsEnabled,
            upcoming.Count > 0 ? upcoming[0] : null,
            upcoming,
            memory?.LastTick is { } tick ? Tick(request, ScheduleName.WorkflowIdOf(rule.Name, tick), tick) : null,
            memory?.Missed ?? 0);
    }

    private static ScheduleTickDocument Tick(HttpRequest request, string id, DateTimeOffset tick) =>
        new(tick, id, $"{request.Scheme}://{request.Host}{WorkflowDocuments.StatusPath(id)}");
}

/// <summary>A tick that was started.</summary>
/// <param name="Tick">When it was due.</param>
/// <param name="WorkflowId">The workflow that it started.</param>
/// <param name="Link">That workflow's status.</param>
public sealed record ScheduleTickDocument(DateTimeOffset Tick, string WorkflowId, string Link);
