using Chard.Functions.Imports.Rules;

namespace Chard.Functions.Tests.Imports;

public sealed class TableFitTests
{
    [Theory]
    [InlineData(ColumnType.Text, ColumnType.Text, false, true)]
    [InlineData(ColumnType.Text, ColumnType.Integer, false, true)]
    [InlineData(ColumnType.Text, ColumnType.Date, false, true)]
    [InlineData(ColumnType.Real, ColumnType.Integer, false, true)]
    [InlineData(ColumnType.Integer, ColumnType.Real, false, false)]
    [InlineData(ColumnType.Integer, ColumnType.Text, false, false)]
    [InlineData(ColumnType.Date, ColumnType.Text, false, false)]
    [InlineData(ColumnType.Integer, null, false, true)]
    [InlineData(ColumnType.Text, ColumnType.Integer, true, false)]
    [InlineData(ColumnType.Real, ColumnType.Integer, true, false)]
    [InlineData(ColumnType.Real, ColumnType.Real, true, true)]
    [InlineData(null, ColumnType.Text, false, false)]
    public void Append_TypeOfTheTable_HoldsWhatItCanHoldWithoutLoss(ColumnType? table, ColumnType? file, bool given, bool fits)
    {
        var fault = TableFit.Append("t", [new RequestedColumn("a", file, given)], [("A", table)], out var columns);

        Assert.Equal(fits, fault is null);
        Assert.Equal(fits ? [new ImportColumn("A", table!.Value)] : [], columns);
    }

    [Theory]
    [InlineData("a", "a b")]
    [InlineData("a b", "a")]
    [InlineData("a b", "a c")]
    public void Append_OtherColumns_SaysWhichThereAre(string table, string file)
    {
        var fault = TableFit.Append(
            "t", [.. file.Split(' ').Select(n => new RequestedColumn(n, ColumnType.Text, false))],
            [.. table.Split(' ').Select(n => (n, (ColumnType?)ColumnType.Text))], out _);

        Assert.Equal("table-mismatch", fault!.Code);
        Assert.Contains(
            $"it has the columns {table.Replace(" ", ", ", StringComparison.Ordinal)}, the file "
                + $"{file.Replace(" ", ", ", StringComparison.Ordinal)}.", fault.Message, StringComparison.Ordinal);
    }
}
