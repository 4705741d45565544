using System.Text.RegularExpressions;
using Chard.Platform;

namespace Chard.Functions.Tests.Storage;

/// <summary>Names of tables, queues and containers, by Azure's rules for them.</summary>
public sealed partial class StorageNamesTests
{
    public static TheoryData<string> Hubs => ["Chard", "abc", "Z9z", new string('H', 40)];

    private static string[] Tables(StorageNames names) =>
        [names.WorkflowTable, names.DeadLetterTable, names.ScheduleTable];

    private static string[] Queues(StorageNames names) =>
        [names.StartQueue, names.PoisonedStartQueue, names.SlowTaskQueue, names.PoisonedSlowTaskQueue];

    private static string[] Containers(StorageNames names) =>
        [names.Container("imports"), names.Container(new string('c', 22)), names.PayloadContainer];

    [Theory]
    [MemberData(nameof(Hubs))]
    public void Names_AnyHub_AreValidAndDiffer(string hub)
    {
        var names = new StorageNames(hub);

        Assert.All(Tables(names), name => Assert.Matches(TableRule(), name));
        Assert.All([.. Queues(names), .. Containers(names)], name => Assert.Matches(QueueRule(), name));
        Assert.Equal(3, Tables(names).Distinct(StringComparer.OrdinalIgnoreCase).Count());
        Assert.Equal(4, Queues(names).Distinct().Count());
        Assert.Equal(3, Containers(names).Distinct().Count());
    }

    [Fact]
    public void Names_OfTheDefaultHub_AreWhatTheyWere()
    {
        var names = new StorageNames("Chard");

        Assert.Equal(["ChardWorkflows", "ChardDeadLetters", "ChardSchedules"], Tables(names));
        Assert.Equal(["chard-imports", "chard-payloads"], [names.Container("imports"), names.PayloadContainer]);
        Assert.Equal(
            ["chard-workflow-starts", "chard-workflow-starts-poison", "chard-tasks-slow", "chard-tasks-slow-poison"], Queues(names));
    }

    [Fact]
    public void Names_TwoHubs_ShareNone()
    {
        // One whose name goes on where the other's ends, as one with the other's name of a table would.
        (StorageNames one, StorageNames other) = (new("Chard"), new("ChardWorkflows"));

        Assert.Empty(All(one).Intersect(All(other), StringComparer.OrdinalIgnoreCase));

        static IEnumerable<string> All(StorageNames names) => [.. Tables(names), .. Queues(names), .. Containers(names)];
    }

    [Theory]
    [InlineData("")]
    [InlineData("ab")]
    [InlineData("1abc")]
    [InlineData("my-hub")]
    [InlineData("Härd")]
    [InlineData("hub\n")]
    public void Names_OfWhatIsNoHub_AreRefused(string hub)
    {
        var refusal = Assert.Throws<ArgumentException>(() => new StorageNames(hub));

        Assert.StartsWith(
            $"'{hub}' cannot be the name of a task hub: 3 to 40 of A-Z, a-z, 0-9, a letter first.", refusal.Message,
            StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("")]
    [InlineData("payloads")]
    [InlineData("leases")]
    [InlineData("Imports")]
    [InlineData("a--b")]
    [InlineData("-a")]
    [InlineData("a_b")]
    [InlineData("abcdefghijklmnopqrstuvw")]
    public void Container_OfAnotherNameThanAnAppMayGive_IsRefused(string name)
    {
        var refusal = Assert.Throws<ArgumentException>(() => new StorageNames("Chard").Container(name));

        Assert.StartsWith($"'{name}' cannot be the name of an app's container", refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Names_FortyOneCharacters_AreRefused() => Assert.Throws<ArgumentException>(() => new StorageNames(new string('h', 41)));

    // https://learn.microsoft.com/rest/api/storageservices: naming tables; naming queues, to which containers add nothing.
    [GeneratedRegex(@"\A[A-Za-z][A-Za-z0-9]{2,62}\z")]
    private static partial Regex TableRule();

    [GeneratedRegex(@"\A(?=.{3,63}\z)[a-z0-9](-?[a-z0-9])*\z")]
    private static partial Regex QueueRule();
}
