using Chard.Domain.Failures;
using Chard.Domain.Tasks;
using Chard.Domain.Workflows;
using Microsoft.Azure.Functions.Worker;
using Microsoft.DurableTask;

namespace Chard.Canvases;

/// <summary>Runs parts of maps in code.</summary>
public static class RunMap
{
    /// <summary>A part of a map that <see cref="CompositionExtensions.MapAsync"/> has cut.</summary>
    [Function(nameof(RunMapPart))]
    public static Task<MapOutcome> RunMapPart([OrchestrationTrigger] TaskOrchestrationContext context, WorkflowInput<MapPart> input)
    {
        ArgumentNullException.ThrowIfNull(context);
        ArgumentNullException.ThrowIfNull(input);
        return WideMap.RunAsync(context, input.Args);
    }
}

/// <summary>Work for <see cref="RunMap.RunMapPart"/>.</summary>
public sealed record MapPart
{
    /// <summary>Name of the task.</summary>
    public required string Task { get; init; }

    /// <summary>The arguments of the calls.</summary>
    public required IReadOnlyList<TaskValue> Items { get; init; }

    /// <summary>Index in the map of the first of them.</summary>
    public int First { get; init; }

    /// <summary>Position of the map.</summary>
    public required string Path { get; init; }

    /// <summary>How many may be at work at once.</summary>
    public required int MaxInFlight { get; init; }

    /// <summary>With more failures than these nothing is begun any more.</summary>
    public required int MostFailures { get; init; }

    /// <summary>What the calls want different from the task's policy.</summary>
    public required TaskCallOptions Call { get; init; }
}

/// <summary>What a map, or a part of one, came to.</summary>
/// <param name="Results">The results in the items' order; null in the place of a failure, and of what was not begun.</param>
/// <param name="Failed">How many items failed.</param>
/// <param name="First">The first of the failures; null if there is none.</param>
public sealed record MapOutcome(IReadOnlyList<TaskValue?> Results, int Failed, MapFailure? First)
{
    /// <summary>How many items succeeded or were skipped.</summary>
    internal int Succeeded => Results.Count(r => r is not null);

    internal static MapOutcome NotBegun(int items) => new(new TaskValue?[items], 0, null);
}

/// <summary>A failure of an item, as it travels between orchestrations.</summary>
/// <param name="Path">Position of the call.</param>
/// <param name="Failure">What went wrong.</param>
/// <param name="Attempts">How often it was tried.</param>
public sealed record MapFailure(string Path, TaskFailure Failure, int Attempts)
{
    internal static MapFailure Of(TaskExhaustedException e) => new(e.Path, e.Failure, e.Attempts);

    internal TaskExhaustedException ToException(string task) => new(task, Path, Failure, Attempts);
}
