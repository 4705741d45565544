using System.Text;
using Chard.Functions.Imports.Rules;

namespace Chard.Functions.Tests.Imports;

public sealed class CsvDialectTests
{
    [Theory]
    [InlineData("id,name\n1,Ann\n2,Bob\n", ',')]
    [InlineData("id;name\n1;Ann\n2;Bob\n", ';')]
    [InlineData("id\tname\n1\tAnn\n2\tBob\n", '\t')]
    [InlineData("id|name\n1|Ann\n2|Bob\n", '|')]
    [InlineData("id;name\r\n1;Ann\r\n2;Bob", ';')]
    [InlineData("id,name\r1,Ann\r2,Bob\r", ',')]
    [InlineData("\n\nid,name\n\n1,Ann\n\n2,Bob\n\n", ',')]
    [InlineData("sep=;\r\nid;name\r\n1;Ann\r\n2;Bob\r\n", ';')]
    [InlineData("\"id\",\"name\"\n\"1\",\"Ann\"\n\"2\",\"Bob\"", ',')]
    [InlineData("id,name\r\n1,Ann\n2,Bob\r", ',')]
    public async Task Import_Dialect_IsFoundAndRead(string text, char delimiter)
    {
        var outcome = await CsvImport.RunAsync(text);

        Assert.Null(outcome.Fault);
        Assert.Equal(delimiter, outcome.Layout!.Delimiter);
        Assert.Equal("id:integer, name:text", outcome.Schema);
        Assert.Equal(["1|Ann", "2|Bob"], outcome.Texts);
        Assert.Empty(outcome.Errors);
    }

    [Theory]
    [InlineData("a,b\n\"x, y\",\"say \"\"hi\"\"\"\n", "x, y|say \"hi\"")]
    [InlineData("a,b\n\"two\nlines\",\"and\r\nmore\"\n", "two\nlines|and\r\nmore")]
    [InlineData("a,b\n5\" pipe,x\"\"y\n", "5\" pipe|x\"\"y")]
    [InlineData("a,b\n\"\",x\n", "NULL|x")]
    [InlineData("a,b\n , x \n", " | x ")]
    [InlineData("a,b\n#no,comment\n", "#no|comment")]
    [InlineData("a,b\n\"\"\"\",\"\n\"\n", "\"|\n")]
    public async Task Import_QuotesAndBlanks_AreReadAsRfc4180Says(string text, string row)
    {
        var outcome = await CsvImport.RunAsync(text, delimiter: ',');

        Assert.Equal([row], outcome.Texts);
        Assert.Empty(outcome.Errors);
    }

    public static TheoryData<string, byte[]> Encoded => new()
    {
        { "utf-8", Encoding.UTF8.GetBytes("näme;n\r\nŻółć €;1\r\n") },
        { "utf-8", [.. Encoding.UTF8.GetPreamble(), .. Encoding.UTF8.GetBytes("näme;n\r\nŻółć €;1\r\n")] },
        { "utf-16le", [.. Encoding.Unicode.GetPreamble(), .. Encoding.Unicode.GetBytes("näme;n\r\nŻółć €;1\r\n")] },
        { "utf-16be", [.. Encoding.BigEndianUnicode.GetPreamble(), .. Encoding.BigEndianUnicode.GetBytes("näme;n\r\nŻółć €;1\r\n")] },
        { "utf-16le", Encoding.Unicode.GetBytes("näme;n\r\nŻółć €;1\r\n") },
        { "utf-16be", Encoding.BigEndianUnicode.GetBytes("näme;n\r\nŻółć €;1\r\n") },
    };

    [Theory]
    [MemberData(nameof(Encoded))]
    public async Task Import_Encoding_IsFoundAndRead(string encoding, byte[] file)
    {
        var outcome = await CsvImport.RunAsync(file);

        Assert.Equal(encoding, outcome.Layout!.Encoding);
        Assert.Equal("näme:text, n:integer", outcome.Schema);
        Assert.Equal(["Żółć €|1"], outcome.Texts);
    }

    [Fact]
    public async Task Import_Windows1252Named_IsRead()
    {
        byte[] file = [.. "name\n"u8, 0x80, 0xE4, (byte)'\n'];

        Assert.Equal(["€ä"], (await CsvImport.RunAsync(file, encoding: "cp1252")).Texts);
    }

    [Fact]
    public async Task Import_EightBitTextUnnamed_IsRejectedByRowAndNeverGuessed()
    {
        byte[] file = [.. "id,name\n1,Ann\n2,J"u8, 0xFC, .. "rgen\n3,Bob\n"u8];

        var outcome = await CsvImport.RunAsync(file);

        Assert.Equal(["1|Ann", "3|Bob"], outcome.Texts);
        Assert.Equal(3, Assert.Single(outcome.Errors).Line);
    }

    [Fact]
    public async Task Import_BrokenUtf16_IsRejectedByRow()
    {
        byte[] file =
            [0xFF, 0xFE, .. Encoding.Unicode.GetBytes("id,name\n1,Ann\n2,x"), 0x00, 0xD8, .. Encoding.Unicode.GetBytes("\n3,Bob\n")];

        var outcome = await CsvImport.RunAsync(file);

        Assert.Equal(["1|Ann", "3|Bob"], outcome.Texts);
        Assert.Equal(new RowError(3, new ScannedRecord(0, 0, RecordFault.InvalidText, 0).Reason), Assert.Single(outcome.Errors));
    }

    [Fact]
    public async Task Import_HeaderOnly_HasColumnsAndNoRows()
    {
        var outcome = await CsvImport.RunAsync("id,name\n");

        Assert.Equal("id:text, name:text", outcome.Schema);
        Assert.Equal(0, outcome.Chunks);
        Assert.Equal(0, outcome.Records + outcome.Rejected);
    }

    [Fact]
    public async Task Import_OneColumn_TakesQuotedEmptyAsRowAndEmptyLineAsNone()
    {
        var outcome = await CsvImport.RunAsync("name\nAnn\n\n\"\"\nBob\n");

        Assert.Equal(["Ann", "NULL", "Bob"], outcome.Texts);
    }
}
