using System.Text.Json;
using Chard.Domain.Payloads;
using Chard.Domain.Tasks;

namespace Chard.Domain.Canvases;

/// <summary>A node of a canvas: one task, or a composition of nodes. Made by <see cref="CanvasParser"/>, which has checked it.</summary>
public abstract record CanvasNode
{
    /// <summary>The author's name for it; null if it has none. Shown in its tasks' rows.</summary>
    public string? Id { get; init; }

    /// <summary>What it says of all tasks in it.</summary>
    public NodeOptions Options { get; init; } = NodeOptions.None;

    /// <summary>Seconds to wait before it begins; null for none.</summary>
    public double? CountdownSeconds { get; init; }

    /// <summary>Seconds from the workflow's reaching it after which it is not begun any more; null for none.</summary>
    public double? ExpiresInSeconds { get; init; }

    /// <summary>Seconds it may take, retries and waits included; null for none.</summary>
    public double? TimeLimitSeconds { get; init; }

    /// <summary>The node as JSON, if it was read by <see cref="CanvasReader"/>: to hand it on to another orchestration.</summary>
    public JsonElement? Source { get; init; }

    /// <summary>Runs in its place when it has failed, with the failure as <c>$prev</c>; null: the failure goes on outwards.</summary>
    public CanvasNode? OnError { get; init; }
}

/// <summary>One task.</summary>
/// <param name="Task">Its name in the catalogue.</param>
/// <param name="Args">Its arguments, references unresolved; null: it gets what came before.</param>
public sealed record TaskNode(string Task, JsonElement? Args) : CanvasNode
{
    /// <summary>Its arguments if they were large; then <see cref="Args"/> is null.</summary>
    public StoredValue? StoredArgs { get; init; }

    /// <summary>The key to hand to other systems; null for one made of workflow and position.</summary>
    public string? IdempotencyKey { get; init; }
}

/// <summary>Nodes one after another; each sees the result of the one before. Its result is its last one's.</summary>
/// <param name="Steps">At least one.</param>
public sealed record ChainNode(IReadOnlyList<CanvasNode> Steps) : CanvasNode
{
    /// <summary>The steps if they were large, in parts; then <see cref="Steps"/> is empty.</summary>
    public IReadOnlyList<StoredNodes>? Parts { get; init; }
}

/// <summary>Nodes side by side. Its result is the array of theirs, in order.</summary>
/// <param name="Members">The nodes; none gives an empty array.</param>
/// <param name="MaxInFlight">How many may be at work at once; null for the app's bound.</param>
/// <param name="Failures">What a failed member means.</param>
public sealed record GroupNode(IReadOnlyList<CanvasNode> Members, int? MaxInFlight, FailureRule Failures) : CanvasNode
{
    /// <summary>The members if they were large, in parts; then <see cref="Members"/> is empty.</summary>
    public IReadOnlyList<StoredNodes>? Parts { get; init; }

    /// <summary>How many members there are, here and in parts.</summary>
    public int Count => Parts is { } parts ? parts.Sum(p => p.Count) : Members.Count;
}

/// <summary>A group, then one node that sees the array of its results. Its result is the body's.</summary>
/// <param name="Header">The group; it may be empty, then the body sees an empty array.</param>
/// <param name="Body">What runs once all of the header have ended.</param>
public sealed record ChordNode(GroupNode Header, CanvasNode Body) : CanvasNode;

/// <summary>One task over many items. Its result is the array of theirs, in order.</summary>
/// <param name="Task">The task's name in the catalogue.</param>
/// <param name="Args">Arguments of each call, with <c>$item</c> in them; null: each call gets its item.</param>
/// <param name="Over">An array, or a reference to one.</param>
/// <param name="Chunk">Items an activity works off; null lets the app choose.</param>
/// <param name="MaxInFlight">How many chunks may be at work at once; null for the app's bound.</param>
/// <param name="Failures">What a failed item means.</param>
public sealed record MapNode(
    string Task, JsonElement? Args, JsonElement Over, int? Chunk, int? MaxInFlight, FailureRule Failures) : CanvasNode
{
    /// <summary>The arguments if they were large; then <see cref="Args"/> is null.</summary>
    public StoredValue? StoredArgs { get; init; }

    /// <summary>The items if they were large; then <see cref="Over"/> is undefined.</summary>
    public StoredValue? StoredOver { get; init; }
}

/// <summary>A value of a canvas that lies in a payload.</summary>
/// <param name="Reference">Where it lies, as JSON.</param>
/// <param name="IsTemplate">True if there are references in it that are to be replaced.</param>
public sealed record StoredValue(PayloadReference Reference, bool IsTemplate);

/// <summary>Consecutive nodes of a chain, group or header that lie in a payload.</summary>
/// <param name="First">Index of the first.</param>
/// <param name="Count">How many there are.</param>
/// <param name="Ref">The array of them, as JSON.</param>
/// <param name="Packs">True if all of them may run in packs.</param>
public sealed record StoredNodes(int First, int Count, PayloadReference Ref, bool Packs = false);
