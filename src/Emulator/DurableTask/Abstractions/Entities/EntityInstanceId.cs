using System.Text.Json;
using System.Text.Json.Serialization;

namespace Microsoft.DurableTask.Entities;

/// <summary>The identity of an entity: a name, kept in lower case, and a key. Text form and JSON: "@name@key".</summary>
[JsonConverter(typeof(JsonConverter))]
public readonly record struct EntityInstanceId
{
    /// <summary>Makes an id.</summary>
    /// <exception cref="ArgumentException">The name is empty or holds '@'.</exception>
    public EntityInstanceId(string name, string key)
    {
        ArgumentException.ThrowIfNullOrEmpty(name);
        ArgumentNullException.ThrowIfNull(key);
        if (name.Contains('@', StringComparison.Ordinal))
        {
            throw new ArgumentException($"The entity name '{name}' must not contain '@', which separates name and key.", nameof(name));
        }

#pragma warning disable CA1308 // Lower case is part of the id's text form.
        Name = name.ToLowerInvariant();
#pragma warning restore CA1308
        Key = key;
    }

    /// <summary>The name in lower case.</summary>
    public string Name { get; }

    /// <summary>The key as given.</summary>
    public string Key { get; }

    /// <summary>Reads the text form "@name@key".</summary>
    /// <exception cref="ArgumentException">The text has another form.</exception>
    public static EntityInstanceId FromString(string instanceId)
    {
        ArgumentException.ThrowIfNullOrEmpty(instanceId);
        if (instanceId[0] != '@')
        {
            throw new ArgumentException($"The entity id '{instanceId}' must begin with '@', as in '@name@key'.", nameof(instanceId));
        }

        var separator = instanceId.IndexOf('@', 1);
        return separator <= 1
            ? throw new ArgumentException($"The entity id '{instanceId}' must be of the form '@name@key'.", nameof(instanceId))
            : new(instanceId[1..separator], instanceId[(separator + 1)..]);
    }

    /// <summary>"@name@key".</summary>
    public override string ToString() => $"@{Name}@{Key}";

    private sealed class JsonConverter : JsonConverter<EntityInstanceId>
    {
        public override EntityInstanceId Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
            reader.GetString() is { Length: > 0 } text ? FromString(text) : throw new JsonException("An entity id is a string of the form '@name@key'.");

        public override void Write(Utf8JsonWriter writer, EntityInstanceId value, JsonSerializerOptions options) => writer.WriteStringValue(value.ToString());
    }
}
