namespace Chard.Domain.Tests.Imports;

public sealed class TypeInferenceTests
{
    [Theory]
    [InlineData("1 -5 0", "integer")]
    [InlineData("9223372036854775807", "integer")]
    [InlineData("9223372036854775808", "text")]
    [InlineData("007", "text")]
    [InlineData("+49", "text")]
    [InlineData("-0", "text")]
    [InlineData("1_000", "text")]
    [InlineData("1 2.5", "real")]
    [InlineData("2.5 1", "real")]
    [InlineData(".5 -.25 1e3 1.5E-7", "real")]
    [InlineData("5.", "text")]
    [InlineData("1,5", "text")]
    [InlineData("1e999", "text")]
    [InlineData("NaN", "text")]
    [InlineData("Infinity", "text")]
    [InlineData("00.5", "text")]
    [InlineData("9007199254740993 0.5", "text")]
    [InlineData("0.5 9007199254740993", "text")]
    [InlineData("9007199254740992 0.5", "real")]
    [InlineData("2024-02-29 2024-02-29T10:00 2024-02-29T10:00:00.123456Z 2024-02-29T10:00:00+05:30", "date")]
    [InlineData("2023-02-29", "text")]
    [InlineData("2024-13-01", "text")]
    [InlineData("2024-01-01T24:00", "text")]
    [InlineData("20240101", "integer")]
    [InlineData("01/02/2024", "text")]
    [InlineData("2024-01-01 5", "text")]
    [InlineData("5 2024-01-01", "text")]
    [InlineData("1 x", "text")]
    [InlineData("_ _", "text")]
    [InlineData("_ 1 _", "integer")]
    public async Task Types_Cells_NarrowestThatHoldsAll(string cells, string type)
    {
        // "_" is an empty cell; a second column keeps its line from being empty.
        var text = "a;b\n" + string.Concat(cells.Split(' ').Select(c => $"{(c == "_" ? "" : c)};x\n"));

        var outcome = await CsvImport.RunAsync(text, delimiter: ';');

        Assert.Equal($"a:{type}, b:text", outcome.Schema);
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
    [InlineData("2024-01-31", "2024-01-31")]
    [InlineData("2024-01-31T10:00", "2024-01-31T10:00:00Z")]
    [InlineData("2024-01-31 10:00:00.5+02:00", "2024-01-31T08:00:00.5Z")]
    [InlineData("2024-01-31T23:30:00-0130", "2024-02-01T01:00:00Z")]
    public async Task Convert_Date_IsKeptAsIsoInUtc(string cell, string kept)
    {
        var outcome = await CsvImport.RunAsync($"d;x\n{cell};1\n", delimiter: ';');

        Assert.Equal([$"{kept}|1"], outcome.Texts);
    }

    [Fact]
    public async Task Convert_GivenTypes_TakeMoreThanInference()
    {
        var outcome = await CsvImport.RunAsync("a;b\n007;12345678901234567890\n +5 ; 1e3 \n", columns: "a:integer,b:real", delimiter: ';');

        Assert.Equal(["7|1.2345678901234567E+19", "5|1000"], outcome.Texts);
    }
}
