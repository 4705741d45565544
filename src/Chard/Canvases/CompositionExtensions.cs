using Chard.Calls;
using Chard.Domain.Canvases;
using Chard.Domain.Failures;
using Chard.Domain.Tasks;
using Chard.Domain.Workflows;
using Microsoft.DurableTask;

namespace Chard.Canvases;

/// <summary>
/// Chains, groups, chords and maps for orchestrators written in code. They stand on <see cref="CallTaskExtensions"/>: every call
/// has its retries, its ledger row and its dead letter. A map splits itself, so its history stays short however many items it has; for
/// a group or a chord of more than a hundred members start a canvas, which does so too.
/// </summary>
public static class CompositionExtensions
{
    /// <summary>How often a group tells how far it is, at most.</summary>
    internal const int ProgressReports = 20;

    /// <summary>
    /// A call of a task that has not begun, to be a member of a group or of a chord's header: what Celery calls a signature.
    /// </summary>
    /// <typeparam name="TResult">The task's result.</typeparam>
    /// <param name="context">The orchestrator's context.</param>
    /// <param name="task">Name of the task.</param>
    /// <param name="args">Its arguments.</param>
    /// <param name="options">What this call wants different from the task's policy.</param>
    public static Func<Task<TResult?>> Signature<TResult>(
        this TaskOrchestrationContext context, string task, object? args = null, TaskCallOptions? options = null) =>
        () => context.CallTaskAsync<TResult>(task, args, options);

    /// <summary>
    /// Runs members side by side, at most <see cref="GroupOptions.MaxInFlight"/> at once. All that were begun end before the group does.
    /// </summary>
    /// <typeparam name="TResult">What a member gives.</typeparam>
    /// <param name="context">The orchestrator's context.</param>
    /// <param name="members">What to run; each is begun in order, when there is room for it.</param>
    /// <param name="options">Bound and rule of failures; null for the defaults.</param>
    /// <returns>The results in the members' order; default in the place of a failure that was tolerated.</returns>
    /// <exception cref="TaskExhaustedException">More members failed than are tolerated; it is the first one's in their order.</exception>
    public static async Task<IReadOnlyList<TResult?>> GroupAsync<TResult>(
        this TaskOrchestrationContext context, IEnumerable<Func<Task<TResult?>>> members, GroupOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(context);
        ArgumentNullException.ThrowIfNull(members);
        options ??= GroupOptions.Default;
        Func<Task<TResult?>>[] all = [.. members];
        IReadOnlyList<MemberOutcome<TResult>> outcomes = await RunAsync(
            all, options.MaxInFlight, new(all.Length, ProgressReports, options.Report), options.MostFailures);
        MemberOutcome<TResult>[] failed = [.. outcomes.Where(o => o.Failure is not null)];
        return failed.Length > options.Tolerated
            ? throw failed[0].Failure!
            : [.. outcomes.Select(o => o.Result)];
    }

    /// <summary>As <see cref="GroupAsync"/>, but failures stand among the results and the group never fails by them.</summary>
    /// <typeparam name="TResult">What a member gives.</typeparam>
    /// <param name="context">The orchestrator's context.</param>
    /// <param name="members">What to run.</param>
    /// <param name="maxInFlight">How many may be at work at once; null for <see cref="CanvasLimits.MaxInFlight"/>.</param>
    /// <param name="report">Told how far the group is; see <see cref="GroupOptions.Report"/>.</param>
    public static Task<IReadOnlyList<MemberOutcome<TResult>>> CollectAsync<TResult>(
        this TaskOrchestrationContext context,
        IEnumerable<Func<Task<TResult?>>> members,
        int? maxInFlight = null,
        Func<WorkflowProgress, Task>? report = null)
    {
        ArgumentNullException.ThrowIfNull(context);
        ArgumentNullException.ThrowIfNull(members);
        Func<Task<TResult?>>[] all = [.. members];
        return RunAsync(all, maxInFlight, new(all.Length, ProgressReports, report));
    }

    /// <summary>Runs members; with more failures than <paramref name="mostFailures"/> none is begun any more.</summary>
    internal static async Task<IReadOnlyList<MemberOutcome<TResult>>> RunAsync<TResult>(
        Func<Task<TResult?>>[] members, int? maxInFlight, GroupProgress progress, int mostFailures = int.MaxValue)
    {
        var outcomes = new MemberOutcome<TResult>[members.Length];
        Exception? fault = null;
        int failures = 0;
        await SlidingWindow.RunAsync(members.Length, maxInFlight ?? CanvasLimits.MaxInFlight, async index =>
        {
            if (failures > mostFailures)
            {
                return;
            }

            try
            {
                outcomes[index] = await EndAsync(members[index]);
                int failed = outcomes[index].Failure is null ? 0 : 1;
                failures += failed;
                await progress.TellAsync(1 - failed, failed);
            }
            catch (Exception e)
            {
                // No failure of a task but a mistake of the orchestrator: it comes out once the others have ended.
                fault ??= e;
            }
        });
        return fault is null ? outcomes : throw fault;

        static async Task<MemberOutcome<TResult>> EndAsync(Func<Task<TResult?>> member)
        {
            try
            {
                return new(await member(), null);
            }
            catch (TaskExhaustedException e)
            {
                return new(default, e);
            }
        }
    }

    /// <summary>A group, then a body that gets its results: one failure too many, and the body does not run.</summary>
    /// <typeparam name="TPart">What a member of the header gives.</typeparam>
    /// <typeparam name="TResult">What the body gives.</typeparam>
    /// <param name="context">The orchestrator's context.</param>
    /// <param name="header">What to run side by side.</param>
    /// <param name="body">What to run on the results, which are in the header's order.</param>
    /// <param name="options">Bound and rule of failures of the header.</param>
    /// <exception cref="TaskExhaustedException">As of <see cref="GroupAsync"/>, or the body's.</exception>
    public static async Task<TResult> ChordAsync<TPart, TResult>(
        this TaskOrchestrationContext context,
        IEnumerable<Func<Task<TPart?>>> header,
        Func<IReadOnlyList<TPart?>, Task<TResult>> body,
        GroupOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(body);
        return await body(await context.GroupAsync(header, options));
    }

    /// <summary>
    /// Calls one task for every item. More than <see cref="CanvasLimits.MaxWidth"/> items are called from orchestrations below this
    /// one, of up to that many each, which share the bound; the group's progress is told as each of them ends.
    /// </summary>
    /// <typeparam name="TResult">The task's result.</typeparam>
    /// <param name="context">The orchestrator's context.</param>
    /// <param name="task">Name of the task.</param>
    /// <param name="items">The arguments of the calls.</param>
    /// <param name="options">Bound and rule of failures.</param>
    /// <param name="call">What the calls want different from the task's policy; a path in it is the parent of the items' paths.</param>
    /// <returns>The results in the items' order; default in the place of a failure that was tolerated.</returns>
    /// <exception cref="TaskExhaustedException">More items failed than are tolerated; it is the first one's in their order.</exception>
    public static async Task<IReadOnlyList<TResult?>> MapAsync<TResult>(
        this TaskOrchestrationContext context,
        string task,
        System.Collections.IEnumerable items,
        GroupOptions? options = null,
        TaskCallOptions? call = null)
    {
        ArgumentNullException.ThrowIfNull(items);
        object?[] all = [.. items.Cast<object?>()];
        if (all.Length <= CanvasLimits.MaxWidth)
        {
            return await context.GroupAsync(
                all.Select((item, index) => context.Signature<TResult>(
                    task, item, call?.Path is { } path ? call with { Path = TaskPath.Below(path, index) } : call)),
                options);
        }

        options ??= GroupOptions.Default;
        MapOutcome outcome = await WideMap.RunAsync(
            context, WideMap.Of(context, task, all, options, call), options.Report);
        return outcome.Failed > options.Tolerated
            ? throw outcome.First!.ToException(task)
            : [.. outcome.Results.Select(result => result is null ? default : Values.Read<TResult>(task, result))];
    }

    /// <summary>
    /// Calls tasks one after another, each on the result of the one before, whatever its size: results in between are never loaded.
    /// </summary>
    /// <typeparam name="TResult">The last task's result.</typeparam>
    /// <param name="context">The orchestrator's context.</param>
    /// <param name="args">Arguments of the first task.</param>
    /// <param name="tasks">Names of the tasks, at least one.</param>
    /// <exception cref="TaskExhaustedException">A task has failed for good; those after it are not called.</exception>
    public static async Task<TResult?> ChainAsync<TResult>(
        this TaskOrchestrationContext context, object? args, params IReadOnlyList<string> tasks)
    {
        ArgumentNullException.ThrowIfNull(tasks);
        ArgumentOutOfRangeException.ThrowIfZero(tasks.Count);
        object? value = args;
        foreach (string task in tasks.SkipLast(1))
        {
            value = await context.CallTaskAsync<TaskValue>(task, value);
        }

        return await context.CallTaskAsync<TResult>(tasks[^1], value);
    }
}

/// <summary>How a group runs.</summary>
/// <param name="MaxInFlight">How many members may be at work at once; null for <see cref="CanvasLimits.MaxInFlight"/>.</param>
/// <param name="Tolerated">How many may fail before the group does.</param>
/// <param name="Report">
/// Told how far the group is, up to 20 times, one call at a time, the last one with the final numbers:
/// <c>context.ReportProgressAsync</c>. Null to tell nobody.
/// </param>
/// <param name="StopsEarly">
/// True to begin no further member once more than <paramref name="Tolerated"/> have failed; those at work end. For members that fail
/// alike and slowly, as all do that need a server which is away.
/// </param>
public sealed record GroupOptions(
    int? MaxInFlight = null, int Tolerated = 0, Func<WorkflowProgress, Task>? Report = null, bool StopsEarly = false)
{
    /// <summary>With more failures than these nothing is begun any more.</summary>
    internal int MostFailures => StopsEarly ? Tolerated : int.MaxValue;

    /// <summary>The app's bound, and no failure tolerated.</summary>
    public static GroupOptions Default { get; } = new();
}

/// <summary>What a member of a group came to.</summary>
/// <param name="Result">Its result; default if it failed.</param>
/// <param name="Failure">Its failure; null if it succeeded.</param>
public readonly record struct MemberOutcome<TResult>(TResult? Result, TaskExhaustedException? Failure);
