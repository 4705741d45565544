using Chard.Domain.Identity;

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

    [Fact]
    public void Union_InnerAndOuter_KeepsTheOrderAndEachOnce()
    {
        Assert.Equal(["a", "b", "c"], Stamps.Union(["a", "b"], ["b", "c", "a", "c"]));
        Assert.Equal(["a"], Stamps.Union(null, ["a"]));
        Assert.Equal(["a"], Stamps.Union(["a"], null));
        Assert.Empty(Stamps.Union(null, []));
    }

    [Fact]
    public void Beyond_WhatIsInherited_IsLeftOut()
    {
        Assert.Equal(["c", "B"], Stamps.Beyond(["a", "c", "B", "c"], ["a", "b"])!);
        Assert.Null(Stamps.Beyond(["a"], ["a"]));
        Assert.Null(Stamps.Beyond([], null));
        Assert.Null(Stamps.Beyond(null, ["a"]));
    }
}
