using Chard.Domain.Identity;
using Chard.Domain.Workflows;
using FsCheck;
using FsCheck.Xunit;

namespace Chard.Domain.Tests.Workflows;

public sealed class StartKeyTests
{
    [Theory]
    [InlineData("a", true)]
    [InlineData(" ~", true)]
    [InlineData("", false)]
    [InlineData(null, false)]
    [InlineData("a\tb", false)]
    [InlineData("ä", false)]
    public void IsValid_PrintableAsciiOnly(string? key, bool valid) => Assert.Equal(valid, StartKey.IsValid(key));

    [Fact]
    public void IsValid_Length_UpTo255()
    {
        Assert.True(StartKey.IsValid(new string('k', 255)));
        Assert.False(StartKey.IsValid(new string('k', 256)));
    }

    [Property]
    public bool ToWorkflowId_AnyKeyAndOwner_IsAValidId(NonEmptyString key, string? owner) =>
        WorkflowId.IsValid(StartKey.ToWorkflowId(key.Get, owner));

    [Theory]
    [InlineData("k", null, "k", "")]
    [InlineData("bk", "a", "k", "ab")]
    [InlineData("k", "a", "k", "b")]
    [InlineData("k", "a", "K", "a")]
    public void ToWorkflowId_OtherKeyOrOwner_IsAnotherWorkflow(string key, string? owner, string otherKey, string? otherOwner)
    {
        Assert.NotEqual(StartKey.ToWorkflowId(key, owner), StartKey.ToWorkflowId(otherKey, otherOwner));
        Assert.Equal(StartKey.ToWorkflowId(key, owner), StartKey.ToWorkflowId(key, owner));
    }
}
