using System.Text.Json;
using System.Text.Json.Serialization;
using Chard.Domain.Json;
using Chard.Domain.Payloads;

namespace Chard.Domain.Tasks;

/// <summary>
/// Arguments or a result on their way: the JSON itself if it is small, else a reference to where it lies. An orchestrator may
/// pass on the one it got without ever loading what it stands for.
/// </summary>
public sealed record TaskValue
{
    /// <summary>Longest JSON that travels by itself, in bytes of UTF-8: 32 KiB. What is longer goes to a blob.</summary>
    public const int MaxInlineBytes = 32 * 1024;

    /// <summary>The value, unless <see cref="Reference"/> stands for it.</summary>
    [JsonPropertyName("value")]
    [JsonConverter(typeof(ExactNumbers))]
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public JsonElement? Json { get; init; }

    /// <summary>Where the value lies as JSON; null if it is here.</summary>
    [JsonPropertyName("ref")]
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public PayloadReference? Reference { get; init; }

    [JsonIgnore]
    public static TaskValue Null { get; } = new();

    /// <summary>A value that travels by itself.</summary>
    public static TaskValue Of(JsonElement json) =>
        json.ValueKind is JsonValueKind.Null or JsonValueKind.Undefined ? Null : new() { Json = json };

    /// <summary>A value that lies elsewhere.</summary>
    public static TaskValue Of(PayloadReference reference) => new() { Reference = reference };

    /// <summary>The value as JSON.</summary>
    /// <exception cref="InvalidOperationException">It lies elsewhere: load it with an <see cref="IPayloadStore"/>.</exception>
    public JsonElement ToElement() =>
        Reference is null ? Json ?? TaskJson.Null
            : throw new InvalidOperationException(
                $"The value has {Reference.Bytes} bytes and lies in payload '{Reference.Blob}'; pass the reference on, or load "
                    + "it in a task.");
}
