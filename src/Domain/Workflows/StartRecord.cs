using System.Text.Json;
using System.Text.Json.Serialization;

namespace Chard.Domain.Workflows;

/// <summary>
/// What a workflow's row says of its start. The engine keeps it too, as a tag of the instance, so that a row which storage has lost
/// can be made anew. Its names are short because the engine sends the tags of an instance along with each of its activities.
/// </summary>
/// <param name="Id">The workflow's id. Sub-orchestrations inherit the tag, and are no workflows.</param>
/// <param name="RequestHash">Fingerprint of the start, SHA-256 in hex.</param>
/// <param name="Workflow">Name of the workflow.</param>
/// <param name="CreatedAt">When the start was accepted, UTC.</param>
/// <param name="Owner">Whose it is.</param>
/// <param name="Stamps">Labels put on it; null for none.</param>
/// <param name="StartAt">Not to begin before.</param>
/// <param name="ExpiresAt">To be finished by.</param>
public sealed record StartRecord(
    [property: JsonPropertyName("i")] string Id,
    [property: JsonPropertyName("h")] string RequestHash,
    [property: JsonPropertyName("w")] string Workflow,
    [property: JsonPropertyName("c")] DateTimeOffset CreatedAt,
    [property: JsonPropertyName("o")] string? Owner = null,
    [property: JsonPropertyName("s")] IReadOnlyList<string>? Stamps = null,
    [property: JsonPropertyName("a")] DateTimeOffset? StartAt = null,
    [property: JsonPropertyName("e")] DateTimeOffset? ExpiresAt = null)
{
    /// <summary>Name of the tag.</summary>
    public const string Tag = "chard-start";

    private static readonly JsonSerializerOptions Sparse = new() { DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull };

    /// <summary>The record of a state as it was started.</summary>
    public static StartRecord Of(WorkflowState state, string requestHash)
    {
        ArgumentNullException.ThrowIfNull(state);
        return new(
            state.Id, requestHash, state.Workflow, state.CreatedAt, state.Owner, state.Stamps.Count == 0 ? null : state.Stamps,
            state.StartAt, state.ExpiresAt);
    }

    /// <summary>The record of an instance; null if it is not the instance of a workflow that was started here.</summary>
    /// <param name="instanceId">The instance's id.</param>
    /// <param name="tags">Its tags.</param>
    public static StartRecord? In(string instanceId, IReadOnlyDictionary<string, string> tags)
    {
        ArgumentNullException.ThrowIfNull(tags);
        return tags.TryGetValue(Tag, out string? json)
            && JsonSerializer.Deserialize<StartRecord>(json) is { } record
            && record.Id == instanceId
            ? record
            : null;
    }

    /// <summary>The tags of the workflow's instance.</summary>
    public IReadOnlyDictionary<string, string> ToTags() =>
        new Dictionary<string, string> { [Tag] = JsonSerializer.Serialize(this, Sparse) };

    /// <summary>The state as it was accepted.</summary>
    /// <param name="version">The version that it is to have.</param>
    public WorkflowState ToState(long version) => new()
    {
        Id = Id,
        Workflow = Workflow,
        Status = WorkflowStatus.Queued,
        Version = version,
        Owner = Owner,
        Stamps = Stamps ?? [],
        CreatedAt = CreatedAt,
        UpdatedAt = CreatedAt,
        StartAt = StartAt,
        ExpiresAt = ExpiresAt,
    };
}
