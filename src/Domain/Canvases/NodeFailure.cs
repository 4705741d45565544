using System.Text.Json;
using System.Text.Json.Serialization;
using Chard.Domain.Tasks;

namespace Chard.Domain.Canvases;

/// <summary>
/// Why a node failed: what its <c>onError</c> sees as <c>$prev</c>, and what stands among the results of a group that collects.
/// </summary>
/// <param name="Code">
/// Stable name of the failure: the task's, or <c>expired</c>, <c>time-limit</c>, <c>reference-missing</c>, <c>not-an-array</c>.
/// </param>
/// <param name="Message">What went wrong, for people.</param>
/// <param name="Task">Name of the task; null if no task is to blame.</param>
/// <param name="Path">Position of what failed in the workflow.</param>
public sealed record NodeFailure(
    [property: JsonPropertyName("code")] string Code,
    [property: JsonPropertyName("message")] string Message,
    [property: JsonPropertyName("task")] string? Task,
    [property: JsonPropertyName("path")] string Path)
{
    /// <summary>A node was not begun within its <c>expiresIn</c>.</summary>
    public const string Expired = "expired";

    /// <summary>A node was not done within a <c>timeLimit</c> around it.</summary>
    public const string TimeLimit = "time-limit";

    /// <summary>What a map goes over is no array.</summary>
    public const string NotAnArray = "not-an-array";

    /// <summary>As <c>$prev</c> of an <c>onError</c>.</summary>
    public JsonElement ToJson() => JsonSerializer.SerializeToElement(this, TaskJson.Options);

    /// <summary>As it stands among the results of a group: <c>{"error":{…}}</c>.</summary>
    public JsonElement ToResult() =>
        JsonSerializer.SerializeToElement(new Dictionary<string, NodeFailure> { ["error"] = this }, TaskJson.Options);

    /// <summary>The failure of a group: its first failed member's, with the number of all if there are several.</summary>
    /// <param name="first">The failed member that comes first in the group's order.</param>
    /// <param name="failed">How many members failed.</param>
    /// <param name="members">How many there are.</param>
    public static NodeFailure OfGroup(NodeFailure first, int failed, int members)
    {
        ArgumentNullException.ThrowIfNull(first);
        return failed == 1 ? first : first with { Message = $"{failed} of {members} failed; the first: {first.Message}" };
    }
}

/// <summary>What a node came to.</summary>
/// <param name="Result">Its result; null if it failed.</param>
/// <param name="Failure">Its failure; null if it succeeded.</param>
public sealed record NodeOutcome(
    [property: JsonPropertyName("result"), JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] TaskValue? Result,
    [property: JsonPropertyName("failure"), JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] NodeFailure? Failure)
{
    /// <summary>The node succeeded.</summary>
    public static NodeOutcome Of(TaskValue result) => new(result, null);

    /// <summary>The node failed.</summary>
    public static NodeOutcome Of(NodeFailure failure) => new(null, failure);
}
