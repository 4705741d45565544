using System.Reflection;
using System.Text;
using Chard.Functions.Imports;
using Chard.Functions.Imports.Databases;
using Chard.Functions.Imports.Rules;
using Chard.Functions.Reports;

namespace Chard.Functions.Tests.Reports;

/// <summary>What reports read of every database of imports.</summary>
public abstract class ReportDataContract
{
    private const string Odd = "a \"b\"; --$0";

    private static readonly RequestedColumn[] Requested =
    [
        new("n", ColumnType.Integer, false), new("Rate", ColumnType.Real, false), new(Odd, ColumnType.Text, false),
        new("day", ColumnType.TimestampTz, true),
    ];

    private const string Rows =
        """
        1,0.1,b,2024-01-31T00:00Z
        2,0.3,b,2024-01-31T23:30:00-02:00
        2,-1.5,a,2024-02-29T12:00:00Z
        ,,,
        9,0.3,<i>ä</i>,2025-12-31T00:00Z

        """;

    /// <summary>The names of the cases.</summary>
    public static TheoryData<string> Cases =>
        [.. typeof(ReportDataContract).GetMethods(BindingFlags.Instance | BindingFlags.NonPublic | BindingFlags.DeclaredOnly)
            .Select(m => m.Name).Where(n => n.Count(c => c == '_') == 2)];

    private protected abstract IImportDatabase Database { get; }

    private protected abstract IReportData Data { get; }

    private protected Task RunAsync(string name) =>
        (Task)typeof(ReportDataContract).GetMethod(name, BindingFlags.Instance | BindingFlags.NonPublic)!.Invoke(this, null)!;

    private protected async Task Describe_Table_GivesItsColumnsInOrder()
    {
        await ImportAsync(Rows);

        Assert.Equal(
            [new("n", ColumnType.Integer), new("Rate", ColumnType.Real), new(Odd, ColumnType.Text), new TableColumn(
                "day", ColumnType.TimestampTz)],
            await Data.DescribeAsync("t", default));
    }

    private protected async Task Describe_NoSuchTable_GivesNoColumns() => Assert.Empty(await Data.DescribeAsync("missing", default));

    private protected async Task Count_Columns_LeavesNullsOutAndCountsEachValueOnce()
    {
        await ImportAsync(Rows);

        TableCounts counts = await Data.CountAsync("t", ["day", Odd, "n"], default);

        Assert.Equal(5, counts.Rows);
        Assert.Equal([new(4, 4), new(4, 3), new ColumnCounts(4, 3)], counts.Columns);
        Assert.Equal(5, (await Data.CountAsync("t", [], default)).Rows);
    }

    private protected async Task Summarize_Numbers_GivesTheirRange()
    {
        await ImportAsync(Rows);

        NumberSummary whole = (await Data.SummarizeAsync("t", "n", default))!;
        NumberSummary real = (await Data.SummarizeAsync("t", "Rate", default))!;

        Assert.Equal((1, 9, 3.5), (whole.Lowest, whole.Highest, whole.Mean));
        Assert.Equal((-1.5, 0.3), (real.Lowest, real.Highest));
        Assert.Equal(-0.2, real.Mean, 1e-12);
    }

    private protected async Task CountBetween_Bounds_CountAboveThem()
    {
        await ImportAsync(Rows);

        Assert.Equal([1, 1, 2], await Data.CountBetweenAsync("t", "Rate", [0, 0.3], default));
        Assert.Equal([0, 1, 2, 1], await Data.CountBetweenAsync("t", "n", [1, 2, 3], default));
        Assert.Equal([4], await Data.CountBetweenAsync("t", "n", [], default));
    }

    private protected async Task Top_Texts_ComeByCountThenByCodePoint()
    {
        await ImportAsync(Rows);

        TopValues all = await Data.TopAsync("t", Odd, 10, default);
        TopValues one = await Data.TopAsync("t", Odd, 1, default);

        Assert.Equal([new("b", 2), new("<i>ä</i>", 1), new TextCount("a", 1)], all.Values);
        Assert.Equal((4, 3), (all.Count, all.Distinct));
        Assert.Equal([new TextCount("b", 2)], one.Values);
        Assert.Equal((4, 3), (one.Count, one.Distinct));
    }

    private protected async Task Top_LongText_IsCut()
    {
        await ImportAsync($",,{new string('ä', 500)},\n");

        Assert.Equal(new string('ä', TopValues.MaxLength), Assert.Single((await Data.TopAsync("t", Odd, 10, default)).Values).Text);
    }

    private protected async Task Span_Dates_IsInUtc()
    {
        await ImportAsync(Rows);

        Assert.Equal(new DaySpan(new(2024, 1, 31), new(2025, 12, 31)), await Data.SpanAsync("t", "day", default));
    }

    private protected async Task CountBy_Intervals_AreThoseOfUtcAndLeaveOutTheEmpty()
    {
        await ImportAsync(Rows);

        Assert.Equal(
            [new(new(2024, 1, 31), 1), new(new(2024, 2, 1), 1), new(new(2024, 2, 29), 1), new DayCount(new(2025, 12, 31), 1)],
            await Data.CountByAsync("t", "day", DayInterval.Day, default));
        Assert.Equal(
            [new(new(2024, 1, 1), 1), new(new(2024, 2, 1), 2), new DayCount(new(2025, 12, 1), 1)],
            await Data.CountByAsync("t", "day", DayInterval.Month, default));
        Assert.Equal(
            [new(new(2024, 1, 1), 3), new DayCount(new(2025, 1, 1), 1)], await Data.CountByAsync("t", "day", DayInterval.Year, default));
    }

    private protected async Task Span_DatesAndTimesWithoutAnOffset_AreTakenAsTheyStand()
    {
        RequestedColumn[] requested = [new("d", ColumnType.Date, true), new("t", ColumnType.Timestamp, true)];
        await ImportAsync("0001-01-01,2024-01-31 23:59:59\n9999-12-31,2024-02-01T00:00\n", requested);

        Assert.Equal(new DaySpan(new(1, 1, 1), new(9999, 12, 31)), await Data.SpanAsync("t", "d", default));
        Assert.Equal(
            [new(new(2024, 1, 31), 1), new DayCount(new(2024, 2, 1), 1)], await Data.CountByAsync("t", "t", DayInterval.Day, default));
        Assert.Equal(
            [new(new(1, 1, 1), 1), new DayCount(new(9999, 12, 1), 1)], await Data.CountByAsync("t", "d", DayInterval.Month, default));
    }

    private protected async Task Queries_NoValues_GiveNothing()
    {
        await ImportAsync(",,,\n");

        Assert.Null(await Data.SummarizeAsync("t", "n", default));
        Assert.Null(await Data.SpanAsync("t", "day", default));
        Assert.Empty((await Data.TopAsync("t", Odd, 10, default)).Values);
        Assert.Empty(await Data.CountByAsync("t", "day", DayInterval.Day, default));
        Assert.Equal([0, 0], await Data.CountBetweenAsync("t", "Rate", [0], default));
    }

    private protected async Task Queries_TokenFires_End()
    {
        await ImportAsync(Rows);

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => Data.CountAsync("t", ["n"], new CancellationToken(canceled: true)));
    }

    private protected async Task ImportAsync(string csv, RequestedColumn[]? requested = null)
    {
        IReadOnlyList<ImportColumn> columns = await Database.PrepareTableAsync("t", requested ?? Requested, default);
        using var rows = new ChunkRows(Encoding.UTF8.GetBytes(csv), 2, new RowFormat(columns, ',', Exact: false), 1000);
        ChunkCounts counts = await Database.ImportChunkAsync(new("i1", "t", 0), columns, rows, _ => Task.CompletedTask, default);
        Assert.Equal(0, counts.Rejected);
    }
}
