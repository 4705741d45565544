using Chard.Domain.DeadLetters;
using FsCheck.Xunit;

namespace Chard.Domain.Tests.DeadLetters;

public sealed class DeadLetterIdTests
{
    [Fact]
    public void OfTask_OrdinaryPath_ReadsAsItIs() =>
        Assert.Equal("order-7.2.0.17.1", DeadLetterId.OfTask("order-7", "2.0.17", 1));

    [Property]
    public void OfTask_AnyPath_IsAValidIdOfItsOwn(string? path, string? other)
    {
        string id = DeadLetterId.OfTask("w", path ?? "", 3);
        Assert.True(DeadLetterId.IsValid(id), id);
        Assert.Equal((path ?? "") == (other ?? ""), id == DeadLetterId.OfTask("w", other ?? "", 3));
    }

    [Fact]
    public void OfTask_LongPaths_StayValidAndApart()
    {
        string workflow = new('w', 64);
        string one = DeadLetterId.OfTask(workflow, new string('/', 100) + "a", 12);
        string two = DeadLetterId.OfTask(workflow, new string('/', 100) + "b", 12);
        Assert.True(DeadLetterId.IsValid(one), one);
        Assert.NotEqual(one, two);
        Assert.NotEqual(one, DeadLetterId.OfTask(workflow, new string('/', 100) + "a", 13));
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("a/b")]
    [InlineData("a\n")]
    [InlineData("ä")]
    public void IsValid_OtherCharacters_False(string? id) => Assert.False(DeadLetterId.IsValid(id));
}
