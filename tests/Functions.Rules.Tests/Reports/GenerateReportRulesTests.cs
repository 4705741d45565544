using Chard.Functions.Reports;

namespace Chard.Functions.Tests.Reports;

public sealed class GenerateReportRulesTests
{
    [Fact]
    public void Check_GoodArgs_HasNoFault()
    {
        Assert.Empty(GenerateReportRules.Check(new("people")));
        Assert.Empty(GenerateReportRules.Check(new("people", new string('x', 200), ["overview", "timeline"], ["<b>", "ä"])));
    }

    [Fact]
    public void Check_EveryBadMember_IsNamed() => Assert.Equal(
        ["/table", "/title", "/sections/0", "/sections/2", "/columns/0", "/columns/1"],
        GenerateReportRules.Check(new("no such", "two\nlines", ["Overview", "values", "values"], ["", new string('x', 64), "ok"]))
            .Select(f => f.Pointer));

    [Fact]
    public void Check_TooManyColumns_IsNamed() =>
        Assert.Equal(
            ["/columns"],
            GenerateReportRules.Check(new("t", Columns: [.. Enumerable.Range(0, 51).Select(i => $"c{i}")])).Select(f => f.Pointer));

    [Fact]
    public void KindsOf_SectionsLeftOut_AreAll()
    {
        Assert.Equal(Enum.GetValues<SectionKind>(), GenerateReportRules.KindsOf(new("t")).Order());
        Assert.Equal([SectionKind.Values], GenerateReportRules.KindsOf(new("t", Sections: ["values"])));
    }
}
