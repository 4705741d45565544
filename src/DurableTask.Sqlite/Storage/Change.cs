namespace Chard.DurableTask.Sqlite;

/// <summary>
/// One change of the store while it is made. It may be made again, so what it does to memory goes into <see cref="Publish"/>.
/// </summary>
internal sealed class Change(Writer writer, DateTime now)
{
    private readonly List<Action> published = [];

    public Database Database => writer.Database;

    /// <summary>The time of the change, UTC.</summary>
    public DateTime Now => now;

    /// <summary>Keys grow in the order in which things happen, and are not used again.</summary>
    public long NextKey() => writer.NextKey();

    /// <summary>
    /// What memory learns once the change is stored. Runs on the writer's thread, in the order of the changes, under the lock of the table.
    /// </summary>
    public void Publish(Action action) => published.Add(action);

    public void RunPublished()
    {
        foreach (var action in published)
        {
            action();
        }
    }
}
