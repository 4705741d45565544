using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;
using Chard.Domain.Tasks;

namespace Chard.Domain.Workflows;

/// <summary>
/// Writes of each policy only what differs from <see cref="TaskPolicy.Default"/>: every orchestration's history carries them.
/// </summary>
public sealed class SparsePoliciesConverter : JsonConverter<IReadOnlyDictionary<string, TaskPolicy>>
{
    private static readonly JsonObject Defaults = ToNode(TaskPolicy.Default);

    /// <inheritdoc/>
    public override IReadOnlyDictionary<string, TaskPolicy>? Read(
        ref Utf8JsonReader reader,
        Type typeToConvert,
        JsonSerializerOptions options) =>
        JsonSerializer.Deserialize<Dictionary<string, TaskPolicy>>(ref reader, TaskJson.Options) is { } policies
            ? new Dictionary<string, TaskPolicy>(policies, StringComparer.OrdinalIgnoreCase)
            : null;

    /// <inheritdoc/>
    public override void Write(Utf8JsonWriter writer, IReadOnlyDictionary<string, TaskPolicy> value, JsonSerializerOptions options)
    {
        ArgumentNullException.ThrowIfNull(writer);
        ArgumentNullException.ThrowIfNull(value);
        writer.WriteStartObject();
        foreach ((string task, TaskPolicy policy) in value)
        {
            writer.WritePropertyName(task);
            writer.WriteStartObject();
            foreach ((string name, JsonNode? member) in ToNode(policy))
            {
                if (!JsonNode.DeepEquals(member, Defaults[name]))
                {
                    writer.WritePropertyName(name);
                    if (member is null)
                    {
                        writer.WriteNullValue();
                    }
                    else
                    {
                        member.WriteTo(writer);
                    }
                }
            }

            writer.WriteEndObject();
        }

        writer.WriteEndObject();
    }

    private static JsonObject ToNode(TaskPolicy policy) => JsonSerializer.SerializeToNode(policy, TaskJson.Options)!.AsObject();
}
