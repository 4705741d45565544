using Chard.Calls;
using Chard.Domain.Canvases;
using Chard.Domain.Failures;
using Chard.Domain.Tasks;
using Chard.Domain.Workflows;
using Microsoft.DurableTask;

namespace Chard.Canvases;

/// <summary>
/// A map in code of more items than one history should hold: parts of it are orchestrations of their own, which may cut again.
/// </summary>
internal static class WideMap
{
    // Fewer items make a part only if there are fewer: a bound runs empty where a part ends, and progress is told there.
    private const int LeastWidth = 25;

    /// <summary>The whole map. It takes one position of the workflow, and its items those below.</summary>
    public static MapPart Of(TaskOrchestrationContext context, string task, object?[] items, GroupOptions options, TaskCallOptions? call)
    {
        call ??= new();
        return new()
        {
            Task = task,
            Items = [.. items.Select(item => Values.Write(task, item))],
            Path = CallTaskExtensions.ScopeOf(context).Take(task, call),
            MaxInFlight = options.MaxInFlight ?? CanvasLimits.MaxInFlight,
            MostFailures = options.MostFailures,
            Call = call,
        };
    }

    /// <summary>The map, or a part of it: its items here if they are few, else in parts.</summary>
    public static Task<MapOutcome> RunAsync(
        TaskOrchestrationContext context, MapPart map, Func<WorkflowProgress, Task>? report = null) =>
        map.Items.Count <= CanvasLimits.MaxWidth ? ItemsAsync(context, map) : PartsAsync(context, map, report);

    private static async Task<MapOutcome> ItemsAsync(TaskOrchestrationContext context, MapPart map)
    {
        IReadOnlyList<MemberOutcome<TaskValue>> outcomes = await CompositionExtensions.RunAsync(
            [.. map.Items.Select((item, index) => context.Signature<TaskValue>(
                map.Task, item, map.Call with { Path = TaskPath.Below(map.Path, map.First + index) }))],
            map.MaxInFlight,
            new(map.Items.Count, CompositionExtensions.ProgressReports, null),
            map.MostFailures);
        TaskExhaustedException[] failures = [.. outcomes.Select(o => o.Failure).OfType<TaskExhaustedException>()];
        return new([.. outcomes.Select(o => o.Result)], failures.Length, failures.Length == 0 ? null : MapFailure.Of(failures[0]));
    }

    /// <summary>Parts side by side, so many at once that no more items than the bound are at work in all of them together.</summary>
    private static async Task<MapOutcome> PartsAsync(
        TaskOrchestrationContext context, MapPart map, Func<WorkflowProgress, Task>? report)
    {
        TaskValue[][] slices = [.. map.Items.Chunk(WidthOf(map.Items.Count))];
        int width = Math.Clamp(map.MaxInFlight, 1, slices[0].Length);
        var progress = new GroupProgress(map.Items.Count, CompositionExtensions.ProgressReports, report);
        var parts = new MapOutcome[slices.Length];
        Exception? fault = null;
        int failures = 0;
        await SlidingWindow.RunAsync(slices.Length, map.MaxInFlight / width, async index =>
        {
            MapPart part = map with { Items = slices[index], First = map.First + (index * slices[0].Length), MaxInFlight = width };
            parts[index] = MapOutcome.NotBegun(part.Items.Count);
            if (failures > map.MostFailures)
            {
                return;
            }

            try
            {
                parts[index] = await PartAsync(part);
                failures += parts[index].Failed;
                await progress.TellAsync(parts[index].Succeeded, parts[index].Failed);
            }
            catch (Exception e)
            {
                // No failure of a task but of the part itself: it comes out once the others have ended.
                fault ??= e;
            }
        });
        if (fault is not null)
        {
            throw fault;
        }

        return new(
            [.. parts.SelectMany(p => p.Results)], parts.Sum(p => p.Failed), parts.FirstOrDefault(p => p.First is not null)?.First);

        Task<MapOutcome> PartAsync(MapPart part)
        {
            WorkflowScope scope = CallTaskExtensions.ScopeOf(context);
            return context.CallSubOrchestratorAsync<MapOutcome>(
                nameof(RunMap.RunMapPart),
                new WorkflowInput<MapPart>(scope.Header.Id, part, scope.Header.Policies, scope.Header.Stamps, scope.Workflow),
                new SubOrchestrationOptions(
                    new TaskOptions(), PartPlace.InstanceIdOf(scope.Header.Id, PartPlace.Of(part.Path, part.First, part.Items.Count))));
        }
    }

    /// <summary>
    /// Items of a part, all parts alike: enough parts to tell of them as often as a group tells, but none that is tiny or more than
    /// a history holds, and never more than a history holds parts.
    /// </summary>
    private static int WidthOf(int items)
    {
        int most = Math.Max(CanvasLimits.MaxWidth, Ratio(items, CanvasLimits.MaxWidth));
        int parts = Ratio(items, Math.Clamp(Ratio(items, CompositionExtensions.ProgressReports), LeastWidth, most));
        return Ratio(items, parts);
    }

    private static int Ratio(int whole, int part) => (whole + part - 1) / part;
}
