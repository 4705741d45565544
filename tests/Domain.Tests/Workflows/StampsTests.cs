using Chard.Domain.Workflows;

namespace Chard.Domain.Tests.Workflows;

public sealed class StampsTests
{
    [Fact]
    public void AreValid_WithinTheRule_True()
    {
        Assert.True(Stamps.AreValid([]));
        Assert.True(Stamps.AreValid(["batch=2030-01-31", "customer:7", new string('x', 64)]));
        Assert.True(Stamps.AreValid([.. Enumerable.Range(0, 16).Select(i => $"s{i}")]));
    }

    [Fact]
    public void AreValid_OutsideOfTheRule_False()
    {
        Assert.False(Stamps.AreValid([.. Enumerable.Range(0, 17).Select(i => $"s{i}")]));
        Assert.False(Stamps.AreValid(["same", "same"]));
        Assert.False(Stamps.AreValid([new string('x', 65)]));
        Assert.False(Stamps.AreValid([""]));
        Assert.False(Stamps.AreValid(["two words"]));
        Assert.False(Stamps.AreValid(["line\n"]));
    }
}
