namespace Chard.DurableTask.Sqlite;

/// <summary>
/// The instances that stay in memory for their next turn, in the order in which they came, and how much text all instances keep there.
/// </summary>
internal sealed class ParkedInstances(long maxCharacters)
{
    private readonly LinkedList<Instance> waiting = [];
    private long characters;

    public bool HasRoom => characters < maxCharacters;

    /// <summary>The one that has waited longest, if there is more in memory than there should be.</summary>
    public Instance? Oldest => characters > maxCharacters ? waiting.First?.Value : null;

    public void Add(Instance instance) => instance.Place = waiting.AddLast(instance);

    public void Remove(Instance instance)
    {
        if (instance.Place is { } place)
        {
            waiting.Remove(place);
            instance.Place = null;
        }
    }

    /// <summary>Counts what an instance keeps now, in place of what it kept when it was counted last.</summary>
    public void Count(Instance instance)
    {
        characters += instance.Characters - instance.Counted;
        instance.Counted = instance.Characters;
    }
}
