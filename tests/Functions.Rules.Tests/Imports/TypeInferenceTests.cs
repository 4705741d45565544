using Chard.Functions.Imports.Rules;

namespace Chard.Functions.Tests.Imports;

public sealed class TypeInferenceTests
{
    [Theory]
    [InlineData("1 -5 0", "integer")]
    [InlineData("-9223372036854775808 9223372036854775807", "integer")]
    [InlineData("9223372036854775808", "text")]
    [InlineData("007", "text")]
    [InlineData("+49", "text")]
    [InlineData("-0", "text")]
    [InlineData("1_000", "text")]
    [InlineData("1·", "text")]
    [InlineData("·1", "text")]
    [InlineData("1 ·", "text")]
    [InlineData("1 2.5", "real")]
    [InlineData("2.5 1", "real")]
    [InlineData("0.1 -0.25 12345678901.5 0.001", "real")]
    [InlineData("1.5·", "text")]
    [InlineData(".5", "text")]
    [InlineData("-.25", "text")]
    [InlineData("1E5 2E3", "text")]
    [InlineData("1.5e3", "text")]
    [InlineData("1.10 1.2", "text")]
    [InlineData("1.0", "text")]
    [InlineData("0.000986", "text")]
    [InlineData("12345678901234567.89", "text")]
    [InlineData("0.12345678901", "real")]
    [InlineData("1234567890123.5", "text")]
    [InlineData("5.", "text")]
    [InlineData("1,5", "text")]
    [InlineData("1e999", "text")]
    [InlineData("NaN", "text")]
    [InlineData("Infinity", "text")]
    [InlineData("00.5", "text")]
    [InlineData("-0.0", "text")]
    [InlineData("1000000000000000 0.5", "text")]
    [InlineData("0.5 1000000000000000", "text")]
    [InlineData("999999999999999 0.5", "real")]
    [InlineData("true false", "text")]
    [InlineData("2024-02-29 0001-01-01 9999-12-31", "date")]
    [InlineData("2024-02-29 ·", "text")]
    [InlineData("2024-02-29·10:00:00 2024-02-29·10:00:00.000001 0001-01-01·00:00:00", "timestamp")]
    [InlineData("2024-02-29·10:00:00.50", "text")]
    [InlineData("2024-02-29·10:00", "text")]
    [InlineData("2024-02-29·10:00:00.1234567", "text")]
    [InlineData("2024-02-29·10:00:00Z", "text")]
    [InlineData("2010-01-01T01:00:00", "text")]
    [InlineData("2024-02-29 2024-02-29·10:00:00", "text")]
    [InlineData("2024-2-29", "text")]
    [InlineData("2023-02-29", "text")]
    [InlineData("2024-13-01", "text")]
    [InlineData("2024-01-01·24:00:00", "text")]
    [InlineData("20240101", "integer")]
    [InlineData("01/02/2024", "text")]
    [InlineData("2024-01-01 5", "text")]
    [InlineData("5 2024-01-01", "text")]
    [InlineData("1 x", "text")]
    [InlineData("_ _", "text")]
    [InlineData("_ 1 _", "integer")]
    public async Task Types_Cells_AreThoseThatGiveEachBackAsItStands(string cells, string type)
    {
        // "_" is an empty cell, "·" a blank; a second column keeps a line from being empty.
        string[] written = [.. cells.Split(' ').Select(c => c == "_" ? "" : c.Replace('·', ' '))];
        var text = "a;b\n" + string.Concat(written.Select(c => $"{c};x\n"));

        var outcome = await CsvImport.RunAsync(text, delimiter: ';');

        Assert.Equal($"a:{type}, b:text", outcome.Schema);
        Assert.Equal(written.Select(c => c.Length == 0 ? "NULL" : c), outcome.Rows.Select(r => r[0].ToString()));
        Assert.Empty(outcome.Errors);
    }

    [Fact]
    public async Task Types_LateRow_MakesNoEarlierRowBad()
    {
        var text = "n,x\n" + string.Concat(Enumerable.Range(0, 20_000).Select(i => $"{i},x\n")) + "late,x\n";

        var outcome = await CsvImport.RunAsync(text, chunkBytes: 1000);

        Assert.Equal("n:text, x:text", outcome.Schema);
        Assert.Equal(20_001, outcome.Rows.Count);
        Assert.True(outcome.Chunks > 100);
    }

    [Fact]
    public async Task Types_RaggedRow_IsNoEvidence()
    {
        var outcome = await CsvImport.RunAsync("n,m\n1,2\nword\n3,4\n");

        Assert.Equal("n:integer, m:integer", outcome.Schema);
    }

    [Theory]
    [InlineData("date", "2024-01-31", "2024-01-31")]
    [InlineData("timestamp", "2024-01-31T10:00", "2024-01-31 10:00:00")]
    [InlineData("timestamp", "2024-01-31 10:00:00.500000000", "2024-01-31 10:00:00.5")]
    [InlineData("timestamptz", "2024-01-31 10:00:00.5+02:00", "2024-01-31 08:00:00.5+00:00")]
    [InlineData("timestamptz", "2024-01-31T23:30:00-0130", "2024-02-01 01:00:00+00:00")]
    [InlineData("timestamptz", "2024-01-31t23:30:00z", "2024-01-31 23:30:00+00:00")]
    [InlineData("integer", "007", "7")]
    [InlineData("integer", " +5 ", "5")]
    [InlineData("real", " 1e3 ", "1000")]
    [InlineData("real", "1.10", "1.1")]
    [InlineData("real", "00012345678901234500000", "1.23456789012345E+19")]
    [InlineData("real", "0.000", "0")]
    [InlineData("real", "   ", "NULL")]
    [InlineData("text", "   ", "   ")]
    public async Task Convert_GivenType_KeepsTheValueAndNotTheSpelling(string type, string cell, string kept)
    {
        var outcome = await CsvImport.RunAsync($"d;x\n{cell};1\n", columns: $"d:{type},x:text", delimiter: ';');

        Assert.Equal([$"{kept}|1"], outcome.Texts);
    }

    [Fact]
    public void Convert_Exact_RefusesWhatAColumnWouldSpellOtherwise()
    {
        // As where a file is appended to a table whose column is of another type than the file's.
        var format = new RowFormat([new("a", ColumnType.Real)], ',', Exact: true);
        using var rows = new ChunkRows("1\n1000000000000000000\n"u8.ToArray(), 2, format, 10);

        Assert.True(rows.Read());
        Assert.False(rows.Read());
        var error = Assert.Single(rows.Errors);
        Assert.Equal(3, error.Line);
        Assert.StartsWith("Column 'a': '1000000000000000000' would not come out of a real column", error.Reason, StringComparison.Ordinal);
    }
}
