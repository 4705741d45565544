using System.Collections;
using System.Diagnostics.CodeAnalysis;

namespace Chard.Emulator.Functions.Durable;

/// <summary>Binding data that holds the instance id and nothing else; a dictionary would cost more than the call it is for.</summary>
internal sealed class BindingDataOf(string instanceId) : IReadOnlyDictionary<string, object?>
{
    private const string Key = "instanceId";

    public IEnumerable<string> Keys => [Key];

    public IEnumerable<object?> Values => [instanceId];

    public int Count => 1;

    public object? this[string key] => TryGetValue(key, out var value) ? value : throw new KeyNotFoundException($"There is no binding data '{key}'.");

    public bool ContainsKey(string key) => string.Equals(key, Key, StringComparison.OrdinalIgnoreCase);

    public bool TryGetValue(string key, [MaybeNullWhen(false)] out object? value)
    {
        value = ContainsKey(key) ? instanceId : null;
        return value is not null;
    }

    public IEnumerator<KeyValuePair<string, object?>> GetEnumerator()
    {
        yield return KeyValuePair.Create<string, object?>(Key, instanceId);
    }

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();
}
