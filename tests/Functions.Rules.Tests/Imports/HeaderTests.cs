using System.Text;
using Chard.Functions.Imports.Rules;

namespace Chard.Functions.Tests.Imports;

public sealed class HeaderTests
{
    [Theory]
    [InlineData("id,name", "id|name")]
    [InlineData(" id , name ", "id|name")]
    [InlineData("id,,", "id|column_2|column_3")]
    [InlineData("a,A,a,a_2", "a|A_2|a_3|a_2_2")]
    [InlineData("xmin,ctid,x", "xmin_2|ctid_2|x")]
    [InlineData("\"a\nb\",c", "a_b|c")]
    public async Task Names_Header_AreFixedTheSameWayAlways(string header, string names)
    {
        var outcome = await CsvImport.RunAsync(header + "\n", delimiter: ',');

        Assert.Equal(names, string.Join('|', outcome.Layout!.Names));
    }

    [Fact]
    public void Fix_LongName_IsCutToWholeCharactersIn63Bytes()
    {
        var name = Assert.Single(HeaderNames.Fix([new string('ä', 100)]));

        Assert.Equal(62, Encoding.UTF8.GetByteCount(name));
    }

    [Fact]
    public void Fix_LongNamesThatEndAlike_StayApart()
    {
        var names = HeaderNames.Fix([new string('x', 80), new string('x', 90)]);

        Assert.Equal(2, names.Distinct().Count());
        Assert.All(names, n => Assert.InRange(n.Length, 1, 63));
    }

    [Theory]
    [InlineData("", "empty-file")]
    [InlineData("\uFEFF", "empty-file")]
    [InlineData(" \n\n", "empty-file")]
    [InlineData("{\"a\":1}", "not-csv")]
    [InlineData("<html><body>", "not-csv")]
    [InlineData("PK\u0003\u0004xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx", "not-csv")]
    [InlineData("a,b\n\0\0\0\0", "not-csv")]
    [InlineData("a\0,b\n1,2\n3,4\n5,6\n7,8\n9,10\n11,12\n13,14\n", "not-csv")]
    [InlineData("\"open,b\n1,2\n", "bad-header")]
    public async Task Import_NoCsv_IsRefused(string text, string code)
    {
        var outcome = await CsvImport.RunAsync(text);

        Assert.Equal(code, outcome.Fault?.Code);
    }

    [Fact]
    public async Task Import_MoreColumnsThanTheLimit_IsRefused()
    {
        var outcome = await CsvImport.RunAsync(string.Join(',', Enumerable.Range(0, 1001)) + "\n");

        Assert.Equal("too-many-columns", outcome.Fault?.Code);
    }

    [Theory]
    [InlineData("id:integer", "1 columns are given, but the header has 2")]
    [InlineData("name:text,id:integer", "Column 'name' is given in place 1, but stands in place 2")]
    public async Task Import_GivenColumnsUnlikeTheHeader_IsRefused(string columns, string message)
    {
        var outcome = await CsvImport.RunAsync("id,name\n1,Ann\n", columns: columns);

        Assert.Equal("columns-mismatch", outcome.Fault?.Code);
        Assert.StartsWith(message, outcome.Fault!.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Import_GivenColumnsOfOtherNames_RenameInOrder()
    {
        var outcome = await CsvImport.RunAsync("Nr,Name\n1,Ann\n", columns: "id:integer,full:text");

        Assert.Equal("id:integer, full:text", outcome.Schema);
        Assert.Equal(["1|Ann"], outcome.Texts);
    }
}
