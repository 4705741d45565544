using Chard.Domain.Tasks;
using Chard.Functions.Imports.Rules;
using Chard.Functions.Reports;

namespace Chard.Functions.Tests.Reports;

public sealed class SectionChoiceTests
{
    private static readonly IReadOnlySet<SectionKind> All = Enum.GetValues<SectionKind>().ToHashSet();

    [Theory]
    [InlineData("n", ColumnType.Integer, 9, 9, SectionKind.Histogram)]
    [InlineData("id", ColumnType.Integer, 9, 8, SectionKind.Histogram)]
    [InlineData("rate", ColumnType.Real, 9, 9, SectionKind.Histogram)]
    [InlineData("city", ColumnType.Text, 9, 8, SectionKind.Values)]
    [InlineData("city", ColumnType.Text, 1, 1, SectionKind.Values)]
    [InlineData("born", ColumnType.Date, 9, 9, SectionKind.Timeline)]
    public void Of_ColumnThatSaysSomething_HasASection(string name, ColumnType type, long values, long distinct, SectionKind kind) =>
        Assert.Equal([new(SectionKind.Overview, null), new PlannedSection(kind, 0)], SectionChoice.Of(
            [new(name, type, values, distinct)], All, named: false));

    [Theory]
    [InlineData("ID", ColumnType.Integer)]
    [InlineData("order_id", ColumnType.Integer)]
    [InlineData("orderId", ColumnType.Integer)]
    [InlineData("name", ColumnType.Text)]
    public void Of_ColumnThatIsAllDifferent_HasASectionOnlyIfNamed(string name, ColumnType type)
    {
        ColumnProfile[] columns = [new(name, type, 9, 9)];

        Assert.Single(SectionChoice.Of(columns, All, named: false));
        Assert.Equal(2, SectionChoice.Of(columns, All, named: true).Count);
    }

    [Fact]
    public void Of_NoValuesOrAnUnknownType_HasNoSection() =>
        Assert.Single(SectionChoice.Of([new("a", ColumnType.Real, 0, 0), new("b", null, 5, 5)], All, named: true));

    [Fact]
    public void Plan_OfTheWorstNames_TravelsWithEveryStep()
    {
        TableColumn[] columns =
            [.. Enumerable.Range(0, 60).Select(i => new TableColumn(new string('"', 61) + $"{i:00}", ColumnType.Integer))];
        ColumnProfile[] chosen =
            [.. SectionChoice.FirstOf(columns).Select(c => new ColumnProfile(c.Name, c.Type, long.MaxValue, long.MaxValue - 1))];
        var plan = new ReportPlan(new('t', 63), new('"', 200), long.MaxValue, 1000, chosen, SectionChoice.Of(chosen, All, named: true));
        var section = new ReportSection(new($"{new string('w', 64)}/report/100/section.html", new('0', 64), 1_000_000));

        Assert.InRange(chosen.Length, 15, 50);
        AssertTravels(new CombineReportArgs(plan, [.. plan.Sections.Select(_ => section)], DateTimeOffset.MaxValue));
        Assert.All(plan.Calls, AssertTravels);
    }

    [Fact]
    public void Plan_OfFiftyLongNames_HasAllOfThemAndTravels()
    {
        TableColumn[] columns = [.. Enumerable.Range(0, 60).Select(i => new TableColumn(new string('語', 20) + $"{i:00}", ColumnType.Real))];
        ColumnProfile[] chosen =
            [.. SectionChoice.FirstOf(columns).Select(c => new ColumnProfile(c.Name, c.Type, long.MaxValue, long.MaxValue))];
        var plan = new ReportPlan("t", "t", long.MaxValue, 1000, chosen, SectionChoice.Of(chosen, All, named: true));
        var section = new ReportSection(new($"{new string('w', 64)}/report/100/section.html", new('0', 64), 1_000_000));

        Assert.Equal(50, chosen.Length);
        AssertTravels(new CombineReportArgs(plan, [.. plan.Sections.Select(_ => section)], DateTimeOffset.MaxValue));
    }

    private static void AssertTravels(object args) =>
        Assert.InRange(System.Text.Encoding.UTF8.GetByteCount(TaskJson.ToElement(args).GetRawText()), 1, TaskValue.MaxInlineBytes);
}
