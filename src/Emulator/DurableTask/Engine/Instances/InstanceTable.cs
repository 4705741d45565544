using System.Collections.Concurrent;

namespace Chard.Emulator.DurableTask;

/// <summary>All unfinished instances. The committer alone changes it, inside its transactions; anyone may look.</summary>
internal sealed class InstanceTable
{
    private readonly ConcurrentDictionary<string, Instance> byId = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<long, Instance> byKey = new();
    private readonly ConcurrentDictionary<long, EntityInstance> entities = new();
    private long lastKey;

    public IEnumerable<Instance> All => byKey.Select(static pair => pair.Value);

    public IEnumerable<EntityInstance> Entities => entities.Select(static pair => pair.Value);

    public void StartKeysAfter(long key) => lastKey = key;

    public long NextKey() => ++lastKey;

    public Instance? Find(string id) => byId.GetValueOrDefault(id);

    public Instance? Find(long key) => byKey.GetValueOrDefault(key);

    public void Add(Instance instance)
    {
        byId[instance.Id] = instance;
        byKey[instance.Key] = instance;
        if (instance is EntityInstance entity)
        {
            entities[instance.Key] = entity;
        }
    }

    /// <summary>Removes this instance; another that has got its id meanwhile stays.</summary>
    public void Remove(Instance instance)
    {
        byId.TryRemove(KeyValuePair.Create(instance.Id, instance));
        byKey.TryRemove(instance.Key, out _);
        entities.TryRemove(instance.Key, out _);
    }
}
