using Chard.Domain.Workflows;

namespace Chard.Domain.Tests.Workflows;

/// <summary>What the engine is told of a start comes back whole, and only for the instance it belongs to.</summary>
public sealed class StartRecordTests
{
    private static readonly DateTimeOffset Now = new(2030, 1, 31, 12, 0, 0, TimeSpan.Zero);

    private static readonly WorkflowState Full = new()
    {
        Id = "w1", Workflow = "ImportCsv", Status = WorkflowStatus.Queued, Owner = "o'neil \"x\"", Stamps = ["batch:7", "x"],
        CreatedAt = Now, UpdatedAt = Now, StartAt = Now.AddHours(1), ExpiresAt = Now.AddHours(2),
    };

    [Fact]
    public void ToState_OfAFullState_IsThatState()
    {
        WorkflowState back = StartRecord.In("w1", StartRecord.Of(Full, "abc").ToTags())!.ToState(version: 1);

        Assert.Equal(Full.Stamps, back.Stamps);
        Assert.Equal(Full with { Stamps = [] }, back with { Stamps = [] });
    }

    [Fact]
    public void ToTags_OfAPlainStart_IsSmall()
    {
        WorkflowState plain = Full with { Owner = null, Stamps = [], StartAt = null, ExpiresAt = null };
        IReadOnlyDictionary<string, string> tags = StartRecord.Of(plain, new string('a', 64)).ToTags();

        // Every activity carries it.
        Assert.InRange(tags.Sum(tag => tag.Key.Length + tag.Value.Length), 100, 170);
        Assert.Equal(new string('a', 64), StartRecord.In("w1", tags)?.RequestHash);
    }

    [Fact]
    public void In_TheTagsOfAnotherInstance_IsNull() => Assert.Null(StartRecord.In("w1.0", StartRecord.Of(Full, "abc").ToTags()));

    [Fact]
    public void In_NoTags_IsNull() => Assert.Null(StartRecord.In("w1", new Dictionary<string, string>()));
}
