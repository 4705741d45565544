using System.Collections;
using Chard.Emulator.Tables.Entities;

namespace Azure.Data.Tables;

/// <summary>
/// An entity of named, typed properties. Values may be <see cref="string"/>, <see cref="int"/>, <see cref="long"/>, <see cref="double"/>,
/// <see cref="bool"/>, <see cref="Guid"/>, <see cref="DateTime"/> (UTC), <see cref="DateTimeOffset"/>, <see cref="byte"/> arrays and <see cref="BinaryData"/>.
/// A property that is null is not stored. Not safe for use by several threads at once.
/// </summary>
public sealed class TableEntity : ITableEntity, IDictionary<string, object>
{
    private readonly Dictionary<string, object> properties;

    public TableEntity() => properties = [];

    public TableEntity(string partitionKey, string rowKey)
        : this()
    {
        PartitionKey = partitionKey;
        RowKey = rowKey;
    }

    /// <summary>An entity with a copy of <paramref name="values"/>, which may hold the keys too.</summary>
    public TableEntity(IDictionary<string, object> values)
        => properties = values is null ? [] : new Dictionary<string, object>(values);

    public string PartitionKey
    {
        get => GetString(EntityProperties.PartitionKey);
        set => properties[EntityProperties.PartitionKey] = value;
    }

    public string RowKey
    {
        get => GetString(EntityProperties.RowKey);
        set => properties[EntityProperties.RowKey] = value;
    }

    public DateTimeOffset? Timestamp
    {
        get => GetDateTimeOffset(EntityProperties.Timestamp);
        set => properties[EntityProperties.Timestamp] = value;
    }

    public ETag ETag
    {
        get => GetString(EntityProperties.ETag) is { } tag ? new ETag(tag) : default;
        set => properties[EntityProperties.ETag] = value == default ? null : value.ToString();
    }

    public ICollection<string> Keys => properties.Keys;

    ICollection<object> IDictionary<string, object>.Values => properties.Values;

    public int Count => properties.Count;

    bool ICollection<KeyValuePair<string, object>>.IsReadOnly => false;

    /// <summary>The value of a property, null when there is none. An <see cref="int"/> set where a long or double stood becomes one.</summary>
    public object this[string key]
    {
        get => Find(key);
        set => Set(key, value);
    }

    public string GetString(string key) => Get<string>(key);

    public BinaryData GetBinaryData(string key)
        => Find(key) switch
        {
            null => null,
            byte[] bytes => new BinaryData(bytes),
            var value => As<BinaryData>(key, value),
        };

    public byte[] GetBinary(string key)
        => Find(key) switch
        {
            null => null,
            BinaryData data => data.ToArray(),
            var value => As<byte[]>(key, value),
        };

    public bool? GetBoolean(string key) => Get<bool?>(key);

    public DateTime? GetDateTime(string key)
        => Find(key) switch
        {
            null => null,
            DateTimeOffset time => time.UtcDateTime,
            var value => As<DateTime>(key, value),
        };

    public DateTimeOffset? GetDateTimeOffset(string key)
        => Find(key) switch
        {
            null => null,
            DateTime time => new DateTimeOffset(time),
            var value => As<DateTimeOffset>(key, value),
        };

    public double? GetDouble(string key) => Get<double?>(key);

    public Guid? GetGuid(string key) => Get<Guid?>(key);

    public int? GetInt32(string key) => Get<int?>(key);

    public long? GetInt64(string key) => Get<long?>(key);

    public void Add(string key, object value) => Set(key, value);

    public bool ContainsKey(string key) => properties.ContainsKey(key);

    public bool Remove(string key) => properties.Remove(key);

    public bool TryGetValue(string key, out object value) => properties.TryGetValue(key, out value);

    public void Clear() => properties.Clear();

    void ICollection<KeyValuePair<string, object>>.Add(KeyValuePair<string, object> item) => Set(item.Key, item.Value);

    bool ICollection<KeyValuePair<string, object>>.Contains(KeyValuePair<string, object> item)
        => ((ICollection<KeyValuePair<string, object>>)properties).Contains(item);

    void ICollection<KeyValuePair<string, object>>.CopyTo(KeyValuePair<string, object>[] array, int arrayIndex)
        => ((ICollection<KeyValuePair<string, object>>)properties).CopyTo(array, arrayIndex);

    bool ICollection<KeyValuePair<string, object>>.Remove(KeyValuePair<string, object> item)
        => ((ICollection<KeyValuePair<string, object>>)properties).Remove(item);

    IEnumerator<KeyValuePair<string, object>> IEnumerable<KeyValuePair<string, object>>.GetEnumerator() => properties.GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => properties.GetEnumerator();

    /// <summary>What the reader of a response uses: no copy of an enumerator on the heap, no coercion.</summary>
    internal Dictionary<string, object> Properties => properties;

    private static T As<T>(string key, object value)
        => value is T typed
            ? typed
            : throw new InvalidOperationException($"Property '{key}' holds a {value.GetType().Name}: it cannot be returned as {typeof(T).Name}.");

    private T Get<T>(string key) => Find(key) is { } value ? As<T>(key, value) : default;

    private object Find(string key)
    {
        ArgumentException.ThrowIfNullOrEmpty(key);
        return properties.GetValueOrDefault(key);
    }

    private void Set(string key, object value)
    {
        ArgumentException.ThrowIfNullOrEmpty(key);
        // A type once stored is kept where nothing is lost by it: entity["Total"] = 0 must not turn a double into an int.
        if (value is int number && properties.TryGetValue(key, out var current))
        {
            value = current switch
            {
                double => (double)number,
                long => (long)number,
                _ => value,
            };
        }

        properties[key] = value;
    }
}
