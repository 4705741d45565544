using Chard.Functions.Imports.Rules;

namespace Chard.Functions.Tests.Imports;

/// <summary>Files of a shape that is not the usual one: one column, no header, a delimiter too many.</summary>
public sealed class ShapeTests
{
    [Theory]
    [InlineData("note\nfirst; second\nthird\n", "first; second/third")]
    [InlineData("note\na;b\nc;d\n", "a;b/c;d")]
    [InlineData("note\nHello, world\nBye, world\n", "Hello, world/Bye, world")]
    [InlineData("note\na|b\tc,d\n\"x;\"\"y\"\"\"\n", "a|b\tc,d/x;\"y\"")]
    [InlineData("\"name; title\"\nAnn; Dr.\n", "Ann; Dr.")]
    [InlineData("name; title\nAnn\nBob; Mr.\nCid\n", "Ann/Bob; Mr./Cid")]
    [InlineData("note\n 1\n", " 1")]
    public async Task Import_DelimiterThatDoesNotDivideHeaderAndRows_IsText(string text, string rows)
    {
        var outcome = await CsvImport.RunAsync(text);

        Assert.Single(outcome.Layout!.Names);
        Assert.Equal(rows.Split('/'), outcome.Texts);
        Assert.Empty(outcome.Errors);
    }

    [Theory]
    [InlineData("id;price\n1;2,5\n2;3,5\n", ';')]
    [InlineData("a,b\n1,x;y;z\n2,x;y;z\n", ',')]
    [InlineData("a,b;c\n1,2;3\n4;5,6\n", ',')]
    [InlineData("a, b;c;d\n1;2;3\n4;5;6\n", ';')]
    [InlineData("a,b\n1,2,3\n4,5,6\n", ',')]
    [InlineData("a;b\n", ';')]
    [InlineData("\"sep=|\"\na,b|c\n1,2|3\n", '|')]
    public async Task Import_SeveralDelimiters_TakesTheOneThatDividesAlike(string text, char delimiter)
    {
        Assert.Equal(delimiter, (await CsvImport.RunAsync(text)).Layout!.Delimiter);
    }

    [Theory]
    [InlineData("a;b\n", "x;")]
    [InlineData("\uFEFFa;b\n", "ä;")]
    public async Task Import_HeadEndsWithinARecord_IsDividedByTheWholeOnes(string header, string row)
    {
        // The last record of the head is cut off within its quotes.
        var text = header + string.Concat(Enumerable.Repeat(row + "1\n", 100)) + $"{row}\"{new string(',', 100_000)}\"\n";

        var outcome = await CsvImport.RunAsync(text);

        Assert.Equal(';', outcome.Layout!.Delimiter);
        Assert.Equal(101, outcome.Rows.Count);
    }

    [Theory]
    [InlineData("1,x\n2,y\n", null, "column_1:integer, column_2:text", "1|x/2|y")]
    [InlineData("1,x\n2,y\n", "id:integer,name", "id:integer, name:text", "1|x/2|y")]
    [InlineData("\uFEFF1,x\n", null, "column_1:integer, column_2:text", "1|x")]
    [InlineData("\n\n1,x\n", null, "column_1:integer, column_2:text", "1|x")]
    [InlineData("sep=;\n1;x\n", null, "column_1:integer, column_2:text", "1|x")]
    [InlineData("one\ntwo", null, "column_1:text", "one/two")]
    [InlineData("1,x,\n2,y,\n", "id:integer,name", "id:integer, name:text", "1|x/2|y")]
    public async Task Import_WithoutHeader_TakesTheFirstLineAsARow(string text, string? columns, string schema, string rows)
    {
        var outcome = await CsvImport.RunAsync(text, columns: columns, header: false);

        Assert.Equal(schema, outcome.Schema);
        Assert.Equal(rows.Split('/'), outcome.Texts);
        Assert.Empty(outcome.Errors);
    }

    [Theory]
    [InlineData("1,\"x\"y\n2,b\n", 1)]
    [InlineData("1,a\n2\n2,b\n", 2)]
    public async Task Import_WithoutHeader_CountsLinesFromTheFirst(string text, int line)
    {
        var outcome = await CsvImport.RunAsync(text, chunkBytes: 1, header: false);

        Assert.Equal(line, Assert.Single(outcome.Errors).Line);
        Assert.Equal("2|b", outcome.Texts[^1]);
    }

    [Fact]
    public async Task Import_WithoutHeaderAndOtherColumnsGiven_IsRefused()
    {
        var outcome = await CsvImport.RunAsync("1,x\n", columns: "id:integer", header: false);

        Assert.Equal(new("columns-mismatch", "1 columns are given, but the first row has 2."), outcome.Fault);
    }

    [Theory]
    [InlineData("id,name\n1,Ann,\n2,Bob,\n", null)]
    [InlineData("id,name\n1,Ann,\"\"\n2,Bob,\n", null)]
    [InlineData("id,name\n1,Ann,\n2,Bob,\n", "id:integer,name:text")]
    [InlineData("id;name\r\n1;Ann;\r\n2;Bob;", null)]
    public async Task Import_EveryRowEndsInADelimiter_LeavesTheEmptyFieldOut(string text, string? columns)
    {
        var outcome = await CsvImport.RunAsync(text, chunkBytes: 1, columns: columns);

        Assert.True(outcome.Format!.TrailingDelimiter);
        Assert.Equal("id:integer, name:text", outcome.Schema);
        Assert.Equal(["1|Ann", "2|Bob"], outcome.Texts);
        Assert.Empty(outcome.Errors);
    }

    [Theory]
    [InlineData("id,name\n1,Ann,\n2,Bob\n", "2|Bob", 2)]
    [InlineData("id,name\n1,Ann\n2,Bob,\n", "1|Ann", 3)]
    [InlineData("id,name\n1,Ann,\n2,Bob,x\n", "", 2)]
    public async Task Import_NotEveryRowEndsInADelimiter_RejectsThoseThatDo(string text, string rows, int line)
    {
        var outcome = await CsvImport.RunAsync(text, chunkBytes: 1);

        Assert.False(outcome.Format!.TrailingDelimiter);
        Assert.Equal(rows, string.Join('/', outcome.Texts));
        Assert.Equal(new RowError(line, "The row has 3 fields, the file 2 columns."), outcome.Errors[0]);
    }

    [Fact]
    public async Task Import_BrokenRowAmongThoseThatEndInADelimiter_IsRejectedAlone()
    {
        var outcome = await CsvImport.RunAsync("id,name\n1,Ann,\n2\n3,Bob,\n");

        Assert.Equal(["1|Ann", "3|Bob"], outcome.Texts);
        Assert.Equal(new RowError(3, "The row has 1 field, the file 2 columns."), Assert.Single(outcome.Errors));
    }
}
