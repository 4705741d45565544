using Chard.Domain.Imports;

namespace Chard.Domain.Tests.Imports;

public sealed class ImportCsvArgsValidatorTests
{
    private static readonly ImportCsvArgs Good = new() { Source = "chard-imports/w1/source", Table = "people" };

    [Fact]
    public void Validate_Good_FindsNothing() => Assert.Empty(ImportCsvArgsValidator.Validate(Good with
    {
        Columns = "id:integer, full name:text,born:date,rate:real,note",
        Delimiter = "tab",
        Encoding = "UTF-16",
        MaxErrors = 0,
    }));

    public static TheoryData<ImportCsvArgs, string> Bad => new()
    {
        { Good with { Source = null }, "bad-source" },
        { Good with { Source = "people.csv" }, "bad-source" },
        { Good with { Source = "UPPER/x" }, "bad-source" },
        { Good with { Source = "container/" }, "bad-source" },
        { Good with { Table = null }, "bad-table" },
        { Good with { Table = "a b" }, "bad-table" },
        { Good with { Table = new string('x', 64) }, "bad-table" },
        { Good with { Table = "sqlite_master" }, "bad-table" },
        { Good with { Table = "Chard_Imported_Chunks" }, "bad-table" },
        { Good with { Columns = "" }, "bad-columns" },
        { Good with { Columns = "id:int" }, "bad-columns" },
        { Good with { Columns = "id:integer,ID:text" }, "bad-columns" },
        { Good with { Columns = "xmin:integer" }, "bad-columns" },
        { Good with { Columns = new string('x', 64) }, "bad-columns" },
        { Good with { Delimiter = "ab" }, "bad-delimiter" },
        { Good with { Delimiter = "\"" }, "bad-delimiter" },
        { Good with { Delimiter = "x" }, "bad-delimiter" },
        { Good with { Encoding = "ebcdic" }, "bad-encoding" },
        { Good with { MaxErrors = -1 }, "bad-max-errors" },
        { Good with { MaxErrors = 100_001 }, "bad-max-errors" },
    };

    [Theory]
    [MemberData(nameof(Bad))]
    public void Validate_OneFault_FindsIt(ImportCsvArgs args, string code) =>
        Assert.Equal(code, Assert.Single(ImportCsvArgsValidator.Validate(args)).Code);

    [Fact]
    public void Validate_SeveralFaults_FindsAll() =>
        Assert.Equal(4, ImportCsvArgsValidator.Validate(new() { Columns = "id:int", Delimiter = "" }).Count);
}
