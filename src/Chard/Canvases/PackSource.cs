using Chard.Calls;
using Chard.Domain.Canvases;
using Chard.Domain.Tasks;

namespace Chard.Canvases;

/// <summary>What a pool of packs runs: the lanes of a group or map, or of a part of one, by their indexes in the whole.</summary>
/// <param name="WorkflowId">The workflow.</param>
/// <param name="Path">Position of the whole.</param>
/// <param name="Collect">True if failures stand among the results.</param>
/// <param name="PackOf">The call of a pack: its first lane and how many there are.</param>
/// <param name="RunAloneAsync">Runs a lane by itself: its index, and what a pack has left of it if there was one.</param>
/// <param name="PolicyOf">The policy of a step of a lane: the lane's index and the step's.</param>
/// <param name="UncalledOf">
/// The failure of a lane whose arguments cannot be made; null where it is only known by running the lane by itself.
/// </param>
internal sealed record PackSource(
    string WorkflowId,
    string Path,
    bool Collect,
    Func<int, int, PackCall> PackOf,
    Func<int, LaneLeft?, Task<NodeOutcome>> RunAloneAsync,
    Func<int, int, Task<TaskPolicy>> PolicyOf,
    Func<int, LaneFailure, NodeFailure>? UncalledOf = null);

/// <summary>What a pack has left of a lane.</summary>
/// <param name="Step">The step to go on with.</param>
/// <param name="Prev">What the step before gave; null for the first step.</param>
/// <param name="Failed">The try of it that has failed; null if there was none.</param>
internal sealed record LaneLeft(int Step, TaskValue? Prev, FailedTry? Failed);
