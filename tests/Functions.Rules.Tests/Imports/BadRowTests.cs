using System.Text;
using Chard.Functions.Imports.Rules;

namespace Chard.Functions.Tests.Imports;

public sealed class BadRowTests
{
    [Theory]
    [InlineData("id,name\n1,Ann\n2\n3,Bob\n", 3, "The row has 1 field, the file 2 columns.")]
    [InlineData("id,name\n1,Ann\n2,a,b\n3,Bob\n", 3, "The row has 3 fields, the file 2 columns.")]
    [InlineData("id,name\n1,Ann\n2,\"x\"y\n3,Bob\n", 3, "Text follows a closing quote")]
    [InlineData("id,name\n1,Ann\n2,x\0y\n3,Bob\n", 3, "NUL")]
    [InlineData("id,name\n1,Ann\n2,\"open\n3,Bob\n", 3, "never closed")]
    [InlineData("id,name\n1,Ann\n\n\r\n2,\"open\r\n3,Bob", 5, "never closed")]
    [InlineData("id,name\n1,Ann\r2,\"open\r3,Bob\r", 3, "never closed")]
    public async Task Import_BadRow_IsReportedByLineAndTheOthersGoIn(string text, long line, string reason)
    {
        var outcome = await CsvImport.RunAsync(text);

        Assert.Equal(["1|Ann", "3|Bob"], outcome.Texts);
        Assert.Equal("id:integer, name:text", outcome.Schema);
        var error = Assert.Single(outcome.Errors);
        Assert.Equal(line, error.Line);
        Assert.Contains(reason, error.Reason, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Import_QuoteOpenedLongBeforeTheNextQuote_LosesItsOwnLineOnly()
    {
        var text = "id,name\n1,\"open\n2,Ann\n3,Bob\n4,\"Cid, Jr.\"\n";

        var outcome = await CsvImport.RunAsync(text);

        Assert.Equal(["2|Ann", "3|Bob", "4|Cid, Jr."], outcome.Texts);
        Assert.Equal(2, Assert.Single(outcome.Errors).Line);
    }

    [Fact]
    public async Task Import_BrokenQuoteAfterAFieldOfSeveralLines_IsReportedWhereItOpens()
    {
        var outcome = await CsvImport.RunAsync("id,a,b\n1,\"x\ny\",\"open\n2,c,d\n");

        Assert.Equal(["2|c|d"], outcome.Texts);
        Assert.Equal(3, Assert.Single(outcome.Errors).Line);
    }

    [Theory]
    [InlineData(10_000_000, "")]
    [InlineData(10_000_000, "\"")]
    [InlineData(1_048_576, "")]
    [InlineData(2_400_000, "\"")]
    public async Task Import_LineOfTenMegabytes_IsOneBadRow(int length, string quote)
    {
        var text = $"id,name\n1,Ann\n2,{quote}{new string('x', length)}{quote}\n3,Bob\n";

        var outcome = await CsvImport.RunAsync(text);

        Assert.Equal(["1|Ann", "3|Bob"], outcome.Texts);
        var error = Assert.Single(outcome.Errors);
        Assert.Equal(3, error.Line);
        Assert.Equal("The record is longer than 1 MiB.", error.Reason);
    }

    [Fact]
    public async Task Import_RecordOfJustTheLimit_GoesIn()
    {
        var text = $"id,name\r\n1,{new string('x', ImportLimits.MaxRecordBytes - 2)}\r\n2,Bob\r\n";

        var outcome = await CsvImport.RunAsync(text);

        Assert.Equal(2, outcome.Rows.Count);
        Assert.Empty(outcome.Errors);
    }

    [Fact]
    public async Task Import_QuotedFieldPastTheLimit_LosesItsFirstLineOnly()
    {
        var lines = string.Concat(Enumerable.Range(2, 200_000).Select(i => $"{i},name {i}\n"));

        var outcome = await CsvImport.RunAsync($"id,name\n1,\"open\n{lines}200002,\"closed\"\n");

        Assert.Equal(2, Assert.Single(outcome.Errors).Line);
        Assert.Equal(200_001, outcome.Rows.Count);
    }

    [Fact]
    public async Task Import_QuoteOpensInEveryLine_StaysLinear()
    {
        // Each opening quote is ended by the next: no line is searched twice, so this takes no longer than good rows do.
        var text = "a,b\n" + string.Concat(Enumerable.Repeat("1,\"x\n", 100_000));

        var outcome = await CsvImport.RunAsync(text);

        Assert.Equal(100_000, outcome.Rejected);
        Assert.Equal(1000, outcome.Errors.Count);
        Assert.Equal(2, outcome.Errors[0].Line);
    }

    [Fact]
    public async Task Import_MoreErrorsThanKept_CountsThemAll()
    {
        var file = Encoding.UTF8.GetBytes(
            "id,name\n" + string.Concat(Enumerable.Range(0, 5000).Select(i => i % 2 == 0 ? "1\n" : "1,\"x\"y\n")));

        var outcome = await CsvImport.RunAsync(file, delimiter: ',', maxErrors: 10);

        Assert.Equal(5000, outcome.Rejected);
        Assert.Equal(20, outcome.Errors.Count);
    }

    [Theory]
    [InlineData("id:integer,age:integer", "1,abc", "Column 'age': 'abc' is not a 64-bit integer.")]
    [InlineData("id:integer,age:integer", "1,9223372036854775808", "Column 'age': '9223372036854775808' is not a 64-bit integer.")]
    [InlineData("id:integer,age:integer", "1,1.0", "Column 'age': '1.0' is not a 64-bit integer.")]
    [InlineData("id:integer,age:real", "1,NaN", "Column 'age': 'NaN' is not a number.")]
    [InlineData("id:integer,age:real", "1,12345678901234567.89",
        "Column 'age': '12345678901234567.89' would be changed, for a real has 15 digits: import it as text.")]
    [InlineData("id:integer,age:real", "1,1e-400", "Column 'age': '1e-400' would be changed, for a real has 15 digits: import it as text.")]
    [InlineData("id:integer,age:real", "1,1e400", "Column 'age': '1e400' would be changed, for a real has 15 digits: import it as text.")]
    [InlineData("id:integer,age:date", "1,2023-02-29", "Column 'age': '2023-02-29' is not an ISO 8601 date.")]
    [InlineData("id:integer,age:date", "1,2023-02-28T10:00", "Column 'age': '2023-02-28T10:00' is not an ISO 8601 date.")]
    [InlineData("id:integer,age:timestamp", "1,2023-02-28T10:00Z",
        "Column 'age': '2023-02-28T10:00Z' is not an ISO 8601 date and time without an offset.")]
    [InlineData("id:integer,age:timestamptz", "1,2023-02-28T10:00",
        "Column 'age': '2023-02-28T10:00' is not an ISO 8601 date and time with an offset.")]
    [InlineData("id:integer,age:timestamp", "1,2023-02-28T10:00:00.1234567",
        "Column 'age': '2023-02-28T10:00:00.1234567' would be changed, for a timestamp ends at microseconds and the year 9999: import it "
            + "as text.")]
    [InlineData("id:integer,age:timestamptz", "1,9999-12-31T23:00-02:00",
        "Column 'age': '9999-12-31T23:00-02:00' would be changed, for a timestamptz ends at microseconds and the year 9999: import it as "
            + "text.")]
    public async Task Import_CellDoesNotFitGivenColumn_RejectsTheRow(string columns, string row, string reason)
    {
        var outcome = await CsvImport.RunAsync($"id,age\n{row}\n2,\n", columns: columns);

        Assert.Equal(new RowError(2, reason), Assert.Single(outcome.Errors));
        Assert.Equal(["2|NULL"], outcome.Texts);
    }

    [Fact]
    public async Task Import_LongCell_IsCutInTheReason()
    {
        var outcome = await CsvImport.RunAsync($"id,age\n1,{new string('ä', 500)}\n", columns: "id:integer,age:integer");

        Assert.InRange(Assert.Single(outcome.Errors).Reason.Length, 40, 120);
    }
}
