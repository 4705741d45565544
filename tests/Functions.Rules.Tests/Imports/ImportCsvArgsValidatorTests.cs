using Chard.Functions.Imports.Rules;

namespace Chard.Functions.Tests.Imports;

public sealed class ImportCsvArgsValidatorTests
{
    private static readonly ImportCsvArgs Good = new() { Source = "chard-imports/w1/source", Table = "people" };

    private static readonly string[] Containers = ["chard-imports", "container"];

    [Fact]
    public void Validate_Good_FindsNothing() => Assert.Empty(ImportCsvArgsValidator.Validate(Good with
    {
        Columns = "id:integer, full name:text,born:date,rate:real,note",
        Delimiter = "tab",
        Encoding = "UTF-16",
        MaxErrors = 0,
    }, Containers));

    [Theory]
    [InlineData("01a203a05050718e90d736fc5f5e7a20", "import_01a203a05050718e90d736fc5f5e7a20")]
    [InlineData("a_b", "import_a_b")]
    public void TableOf_PlainId_IsReadable(string id, string table) => Assert.Equal(table, TableNames.Of(id));

    [Fact]
    public void TableOf_AnyIds_AreNamesAndDiffer()
    {
        string[] ids = ["a-b", "a_b", "A-b", new string('x', 64), new string('x', 63) + "y", "-"];

        Assert.All(ids, id => Assert.Null(TableNames.Fault(TableNames.Of(id))));
        Assert.Equal(ids.Length, ids.Select(TableNames.Of).Distinct(StringComparer.OrdinalIgnoreCase).Count());
    }

    public static TheoryData<ImportCsvArgs, string> Bad => new()
    {
        { Good with { Source = null }, "source" },
        { Good with { Source = "people.csv" }, "source" },
        { Good with { Source = "UPPER/x" }, "source" },
        { Good with { Source = "container/" }, "source" },
        { Good with { Source = "azure-webjobs-secrets/host.json" }, "source" },
        { Good with { Source = "chard-payloads/w2/result" }, "source" },
        { Good with { Source = "container2/x.csv" }, "source" },
        { Good with { Table = "" }, "table" },
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
        Assert.Equal("/" + argument, Assert.Single(ImportCsvArgsValidator.Validate(args, Containers)).Pointer);

    [Fact]
    public void Validate_SeveralFaults_FindsAll() =>
        Assert.Equal(4, ImportCsvArgsValidator.Validate(new() { Table = "", Columns = "id:int", Delimiter = "" }, Containers).Count);
}
