using System.Text.Json;
using Chard.Functions.Imports;
using Chard.Functions.Imports.Rules;
using Chard.Platform;
using Chard.Starts;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Options;

namespace Chard.Functions.Tests.Imports;

public sealed class ImportCsvWorkflowTests
{
    private readonly ImportCsvWorkflow _workflow = new(
        Options.Create(new ImportOptions { ChunksInFlight = 9, Sources = { "files" } }), new StorageNames("Chard"));

    [Theory]
    [InlineData("""{"source":"files/x.csv"}""", "")]
    [InlineData("""{"source":"files/x.csv","table":null,"columns":"id:integer","delimiter":";","encoding":"utf-8","maxErrors":5}""", "")]
    [InlineData("""{"source":"files/x.csv","header":false}""", "")]
    [InlineData("""{"source":"files/x.csv","header":null}""", "")]
    [InlineData("""{"source":"files/x.csv","header":"false"}""", "/header")]
    [InlineData("""{"source":"chard-imports/w0/source-1"}""", "")]
    [InlineData("""{"source":"chard-payloads/w0/result"}""", "/source")]
    [InlineData("{}", "/source")]
    [InlineData("[]", "")]
    [InlineData("""{"source":"files/x.csv","Table":"t"}""", "/Table")]
    [InlineData("""{"source":5,"maxErrors":"5"}""", "/source /maxErrors")]
    [InlineData("""{"source":"files/x.csv","maxErrors":1.5}""", "/maxErrors")]
    [InlineData("""{"source":"files/x.csv","maxErrors":99999999999}""", "/maxErrors")]
    [InlineData("""{"source":"x.csv","table":"a b"}""", "/source /table")]
    public void Validate_Args_PointsAtEveryFault(string args, string pointers)
    {
        var faults = _workflow.Validate(JsonElement.Parse(args));

        Assert.Equal(pointers, string.Join(' ', faults.Select(f => f.Pointer)));
        Assert.Equal(args == "[]" ? 1 : pointers.Split(' ', StringSplitOptions.RemoveEmptyEntries).Length, faults.Count);
    }

    [Fact]
    public async Task Arguments_AllOfThem_AreTakenByNameAndInTheQuery()
    {
        var all = new ImportCsvArgs
        {
            Source = "files/x.csv",
            Table = "t",
            Columns = "id:integer",
            Header = false,
            Delimiter = ";",
            Encoding = "utf-8",
            MaxErrors = 5,
        };
        var request = new DefaultHttpContext().Request;
        request.QueryString = new QueryString("?table=t&columns=id:integer&header=false&delimiter=;&encoding=utf-8&maxErrors=5");

        var args = ImportCsvWorkflow.Write(all);
        var input = (ImportCsvInput)await _workflow.CreateInputAsync(new StartIdentity("w1", "hash", []), args, default);

        Assert.Equal(typeof(ImportCsvArgs).GetProperties().Length, args.EnumerateObject().Count());
        Assert.Empty(_workflow.Validate(args));
        Assert.Equal(all, input.Args);
        Assert.Equal(all with { Source = null }, ImportRequest.Read(request).Args);
    }

    [Fact]
    public async Task CreateInputAsync_NoTable_GivesTheImportOneOfItsOwn()
    {
        var input = (ImportCsvInput)await _workflow.CreateInputAsync(
            new StartIdentity("w1", "hash", []), ImportCsvWorkflow.Write(new ImportCsvArgs { Source = "files/x.csv" }), default);

        Assert.Equal("import_w1", input.Args.Table);
        Assert.Equal("files/x.csv", input.Args.Source);
        Assert.Equal(9, input.ChunksInFlight);
    }
}
