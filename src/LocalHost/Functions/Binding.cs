using System.Text.Json;

namespace Chard.LocalHost.Functions;

/// <summary>One binding of a function, as <c>functions.metadata</c> has it: members in camelCase, case not significant.</summary>
internal sealed class Binding
{
    private readonly Dictionary<string, JsonElement> members;

    public Binding(JsonElement json)
    {
        members = json.EnumerateObject().ToDictionary(member => member.Name, member => member.Value, StringComparer.OrdinalIgnoreCase);
        Name = Text("name")!;
        Type = Text("type")!;
    }

    /// <summary>The parameter's name, or <c>$return</c>.</summary>
    public string Name { get; }

    public string Type { get; }

    /// <summary>The function takes a type of the storage SDK, which the worker makes itself from a description of the message.</summary>
    public bool IsDeferred =>
        members.TryGetValue("properties", out var properties)
        && properties.TryGetProperty("supportsDeferredBinding", out var deferred)
        && string.Equals(deferred.ToString(), bool.TrueString, StringComparison.OrdinalIgnoreCase);

    public bool IsBinary => string.Equals(Text("dataType"), "Binary", StringComparison.OrdinalIgnoreCase);

    public string? Text(string member) =>
        members.TryGetValue(member, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;

    public IReadOnlyList<string> Texts(string member) =>
        members.TryGetValue(member, out var value) && value.ValueKind == JsonValueKind.Array
            ? [.. value.EnumerateArray().Select(item => item.GetString()!)]
            : [];

    /// <summary>The member as a value for a property of that type; null where it has none.</summary>
    public object? Value(string member, Type type)
    {
        if (!members.TryGetValue(member, out var value))
        {
            return null;
        }

        return value.ValueKind switch
        {
            JsonValueKind.String when type == typeof(string) => value.GetString(),
            JsonValueKind.True when type == typeof(bool) => true,
            JsonValueKind.False when type == typeof(bool) => false,
            _ => null,
        };
    }
}
