using Chard.Domain.Schedules;
using Chard.Platform;
using Chard.Starts;
using Microsoft.DurableTask.Client;
using Microsoft.Extensions.Logging;

namespace Chard.Schedules;

/// <summary>
/// Starts what is due. A tick's workflow has the tick's id, and the row is written after the start: however many hosts look at a tick, and
/// wherever one of them dies, it is started once.
/// </summary>
/// <remarks>Not to be run twice at once in one process; several processes at once do no harm.</remarks>
public sealed partial class ScheduleRunner(
    ScheduleCatalogue schedules,
    TableScheduleStore store,
    IWorkflowStarter starter,
    ClockPeriod clock,
    TimeProvider time,
    ILogger<ScheduleRunner> logger)
{
    private readonly TimeSpan _prompt = clock.Length * ScheduleTicks.PromptLooks;

    // When this process has to look at a schedule next. One that is not here was not seen yet. Until then nothing is read or written.
    private readonly Dictionary<string, DateTimeOffset> _next = new(StringComparer.Ordinal);

    // Since when this process has looked without a pause, and when its last look was over.
    private DateTimeOffset _since;
    private DateTimeOffset _looked = DateTimeOffset.MinValue;

    /// <summary>
    /// Looks at every schedule once. One that fails is logged, keeps no other from running, and is looked at again the next time.
    /// </summary>
    public async Task RunAsync(DurableTaskClient client, CancellationToken cancellationToken)
    {
        DateTimeOffset begun = time.GetUtcNow();
        if (begun - _looked > _prompt)
        {
            _since = begun;
        }

        foreach (Schedule schedule in schedules.All)
        {
            try
            {
                await LookAsync(schedule, client, cancellationToken);
            }
            catch (Exception e) when (e is not OperationCanceledException)
            {
                LogFailed(logger, e, schedule.Name);
            }
        }

        _looked = time.GetUtcNow();
    }

    private async Task LookAsync(Schedule schedule, DurableTaskClient client, CancellationToken cancellationToken)
    {
        DateTimeOffset now = time.GetUtcNow();
        bool seen = _next.TryGetValue(schedule.Name, out DateTimeOffset next);
        if (seen && now < next)
        {
            return;
        }

        ScheduleMemory? memory = seen
            ? await store.GetAsync(schedule.Name, cancellationToken)
            : await BeginAsync(schedule.Rule, now, cancellationToken);
        if (memory is null)
        {
            // Another host was faster, or somebody took the row away: the next look begins anew.
            _next.Remove(schedule.Name);
        }
        else if (!schedule.Rule.IsEnabled)
        {
            _next[schedule.Name] = DateTimeOffset.MaxValue;
        }
        else if (await HandleAsync(schedule, memory, now, client, cancellationToken) is { } handled)
        {
            _next[schedule.Name] = schedule.Rule.Cron.Next(handled) ?? DateTimeOffset.MaxValue;
        }
        else
        {
            // Another host has written meanwhile: what it left, if anything, is seen at the next look.
            _next[schedule.Name] = now;
        }
    }

    /// <summary>
    /// The row as this process finds it. A schedule that is new, or whose times have changed, begins now: ticks from before never
    /// were its own. Null if another host has written at the same moment.
    /// </summary>
    private async Task<ScheduleMemory?> BeginAsync(ScheduleRule rule, DateTimeOffset now, CancellationToken cancellationToken)
    {
        if (await store.GetAsync(rule.Name, cancellationToken) is not { } memory)
        {
            await store.TryAddAsync(rule.Name, new(now, null, 0, rule.Timing), cancellationToken);
            return await store.GetAsync(rule.Name, cancellationToken);
        }

        if (memory.Timing == rule.Timing)
        {
            return memory;
        }

        ScheduleMemory anew = memory with { Handled = now > memory.Handled ? now : memory.Handled, Timing = rule.Timing };
        return await store.TryReplaceAsync(rule.Name, anew, cancellationToken) ? await store.GetAsync(rule.Name, cancellationToken) : null;
    }

    /// <summary>
    /// Starts the ticks that are due, then remembers them. Gives up to when ticks are decided; null if
    /// another host was faster to say so.
    /// </summary>
    private async Task<DateTimeOffset?> HandleAsync(
        Schedule schedule, ScheduleMemory memory, DateTimeOffset now, DurableTaskClient client, CancellationToken cancellationToken)
    {
        ScheduleRule rule = schedule.Rule;
        DueTicks due = ScheduleTicks.Due(rule.Cron, memory.Handled, _since, now, rule.CatchUp, _prompt);
        if (due.Handled == memory.Handled)
        {
            return memory.Handled;
        }

        DateTimeOffset? last = memory.LastTick;
        long missed = due.Missed;
        foreach (DateTimeOffset tick in due.Start)
        {
            if (await TryStartAsync(schedule, tick, client, cancellationToken))
            {
                last = tick;
            }
            else
            {
                missed++;
            }
        }

        ScheduleMemory handled =
            memory with { Handled = due.Handled, LastTick = last, Missed = memory.Missed + missed, Timing = rule.Timing };
        if (!await store.TryReplaceAsync(rule.Name, handled, cancellationToken))
        {
            return null;
        }

        if (missed > 0)
        {
            LogMissed(logger, rule.Name, missed, memory.Handled, due.Handled, rule.CatchUp);
        }

        return due.Handled;
    }

    /// <summary>Starts a tick, which may have been started before; false if that cannot be done, now or ever.</summary>
    private async Task<bool> TryStartAsync(
        Schedule schedule,
        DateTimeOffset tick,
        DurableTaskClient client,
        CancellationToken cancellationToken)
    {
        StartRequest start = schedule.StartOf(tick);
        try
        {
            await starter.StartAsync(start, client, cancellationToken);
            return true;
        }
        catch (InvalidStartException e)
        {
            // It passed the same check when the app started; a tick that cannot be started must not hold up the next ones.
            LogRefused(logger, e, schedule.Name, start.Id!);
            return false;
        }
        catch (StartConflictException)
        {
            // Started by a host that has another start document, before a crash or side by side with this one: a tick is started
            // once all the same.
            LogStartedOtherwise(logger, schedule.Name, start.Id!);
            return true;
        }
    }

    [LoggerMessage(EventId = 160, EventName = "ScheduleFailed", Level = LogLevel.Error,
        Message = "Schedule {Schedule} could not be run; it is tried again with the next look")]
    private static partial void LogFailed(ILogger logger, Exception exception, string schedule);

    [LoggerMessage(EventId = 161, EventName = "ScheduleTicksMissed", Level = LogLevel.Warning,
        Message = "Schedule {Schedule} did not start {Missed} of its ticks after {From:O} up to {To:O}; its catch-up policy is {CatchUp}")]
    private static partial void LogMissed(
        ILogger logger,
        string schedule,
        long missed,
        DateTimeOffset from,
        DateTimeOffset to,
        CatchUp catchUp);

    [LoggerMessage(EventId = 162, EventName = "ScheduleTickStartedOtherwise", Level = LogLevel.Warning,
        Message = "A tick of schedule {Schedule} was started before from another start document, as workflow {WorkflowId}")]
    private static partial void LogStartedOtherwise(ILogger logger, string schedule, string workflowId);

    [LoggerMessage(EventId = 163, EventName = "ScheduleTickRefused", Level = LogLevel.Error,
        Message = "A tick of schedule {Schedule} cannot be started as workflow {WorkflowId} and is left out")]
    private static partial void LogRefused(ILogger logger, Exception exception, string schedule, string workflowId);
}
