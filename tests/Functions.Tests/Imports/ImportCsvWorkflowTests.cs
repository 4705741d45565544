using System.Text.Json;
using Azure.Storage.Blobs;
using Chard.Domain.Tasks;
using Chard.Domain.Workflows;
using Chard.Functions.Imports;
using Chard.Functions.Imports.Rules;
using Chard.Functions.Tests.Harness;
using Chard.Platform;
using Chard.Starts;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;

namespace Chard.Functions.Tests.Imports;

/// <summary>What a start of <c>ImportCsv</c> takes, as the app registers it.</summary>
public sealed class ImportCsvWorkflowTests
{
    private readonly IWorkflowDefinition _workflow;

    public ImportCsvWorkflowTests()
    {
        IConfiguration settings = new ConfigurationBuilder().AddInMemoryCollection(new Dictionary<string, string?>
        {
            ["Chard:Imports:ChunksInFlight"] = "9",
            ["Chard:Imports:Sources:0"] = "files",
        }).Build();
        var services = new ServiceCollection();
        services.AddSingleton(settings);
        services.AddSingleton(new StorageNames("Chard"));
        services.AddSingleton(new BlobServiceClient(new Uri("http://127.0.0.1:1/account")));
        services.AddSingleton(TaskCatalogue.Create(
            TheApp.Tasks, TheApp.TaskFunctions,
            new Dictionary<string, IReadOnlyList<KeyValuePair<string, string?>>> { ["ImportChunk"] = [new("Attempts", "3")] }));
        new ChardBuilder(services, settings).AddImports();
        _workflow = services.BuildServiceProvider().GetServices<IWorkflowDefinition>().Single();
    }

    [Theory]
    [InlineData("""{"source":"files/x.csv"}""", "")]
    [InlineData("""{"source":"files/x.csv","table":null,"columns":"id:integer","delimiter":";","encoding":"utf-8","maxErrors":5}""", "")]
    [InlineData("""{"source":"files/x.csv","header":false}""", "")]
    [InlineData("""{"source":"files/x.csv","header":null}""", "")]
    [InlineData("""{"source":"files/x.csv","header":"false"}""", "/header")]
    [InlineData("""{"source":"chard-imports/w0/source-1"}""", "")]
    [InlineData("""{"source":"chard-payloads/w0/result"}""", "/source")]
    [InlineData("{}", "/source")]
    [InlineData("""{"source":"files/x.csv","Table":"t"}""", "/Table")]
    [InlineData("""{"source":"files/x.csv","maxErrors":"5"}""", "/maxErrors")]
    [InlineData("""{"source":"files/x.csv","maxErrors":1.5}""", "/maxErrors")]
    [InlineData("""{"source":"files/x.csv","maxErrors":99999999999}""", "/maxErrors")]
    [InlineData("""{"source":"x.csv","table":"a b","delimiter":"xx","maxErrors":-1}""", "/source /table /delimiter /maxErrors")]
    public void Validate_Args_PointsAtEveryFault(string args, string pointers)
    {
        var faults = _workflow.Validate(JsonElement.Parse(args));

        Assert.Equal(pointers, string.Join(' ', faults.Select(f => f.Pointer)));
    }

    [Fact]
    public void Validate_NoObject_SaysSo() =>
        Assert.Equal("The arguments are a JSON object.", Assert.Single(_workflow.Validate(JsonElement.Parse("[]"))).Message);

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

        var args = ImportsApi.Write(all);

        Assert.Equal(typeof(ImportCsvArgs).GetProperties().Length, args.EnumerateObject().Count());
        Assert.Empty(_workflow.Validate(args));
        Assert.Equal(all, (await InputAsync(args)).Args.File);
        Assert.Equal(all with { Source = null }, ImportRequest.Read(request).Args);
    }

    [Fact]
    public async Task Input_HasTheSettingsOfNow()
    {
        WorkflowInput<ImportCsvInput> input = await InputAsync(ImportsApi.Write(new ImportCsvArgs { Source = "files/x.csv" }));

        Assert.Equal("w1", input.Id);
        Assert.Equal(9, input.Args.ChunksInFlight);
        Assert.Equal(3, input.Policies!["ImportChunk"].Attempts);
    }

    /// <summary>The input as the orchestrator reads it.</summary>
    private async Task<WorkflowInput<ImportCsvInput>> InputAsync(JsonElement args) =>
        JsonSerializer.SerializeToElement(await _workflow.CreateInputAsync(new StartIdentity("w1", "hash", []), args, default))
            .Deserialize<WorkflowInput<ImportCsvInput>>()!;
}
