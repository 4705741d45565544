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
        { Good with { Source = null }, "source" },
        { Good with { Source = "people.csv" }, "source" },
        { Good with { Source = "UPPER/x" }, "source" },
        { Good with { Source = "container/" }, "source" },
        { Good with { Source = "azure-webjobs-secrets/host.json" }, "source" },
        { Good with { Table = null }, "table" },
        { Good with { Table = "a b" }, "table" },
        { Good with { Table = new string('x', 64) }, "table" },
        { Good with { Table = "sqlite_master" }, "table" },
        { Good with { Table = "Chard_Imported_Chunks" }, "table" },
        { Good with { Columns = "" }, "columns" },
        { Good with { Columns = "id:int" }, "columns" },
        { Good with { Columns = "id:integer,ID:text" }, "columns" },
        { Good with { Columns = "xmin:integer" }, "columns" },
        { Good with { Columns = new string('x', 64) }, "columns" },
        { Good with { Delimiter = "ab" }, "delimiter" },
        { Good with { Delimiter = "\"" }, "delimiter" },
        { Good with { Delimiter = "x" }, "delimiter" },
        { Good with { Encoding = "ebcdic" }, "encoding" },
        { Good with { MaxErrors = -1 }, "maxErrors" },
        { Good with { MaxErrors = 100_001 }, "maxErrors" },
    };

    [Theory]
    [MemberData(nameof(Bad))]
    public void Validate_OneFault_FindsIt(ImportCsvArgs args, string argument) =>
        Assert.Equal(argument, Assert.Single(ImportCsvArgsValidator.Validate(args)).Argument);

    [Fact]
    public void Validate_SeveralFaults_FindsAll() =>
        Assert.Equal(4, ImportCsvArgsValidator.Validate(new() { Columns = "id:int", Delimiter = "" }).Count);
}
