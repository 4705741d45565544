using System.Net;
using System.Text;
using System.Text.Json;
using Azure.Storage.Blobs;
using Chard.Functions.Imports;
using Chard.Functions.Tests.Storage;

namespace Chard.Functions.Tests.Api;

/// <summary>How imports of unusual files end, over HTTP.</summary>
[Collection(ApiTests.Name)]
public sealed class ImportOutcomeTests(ApiHost api)
{
    private readonly string _table = "o" + Guid.NewGuid().ToString("N")[..12];

    [Theory]
    [InlineData("", "id,name,x\n1,Ann\n2,Bob\n", "All 2 rows were rejected. Line 2: The row has 2 fields, the file 3 columns.")]
    [InlineData("", "id,name\n1,\"Ann\"x\n",
        "The only row was rejected. Line 2: Text follows a closing quote: double quotes that are part of a quoted value.")]
    [InlineData("&columns=id:integer,name", "id,name\nA1,Ann\n",
        "The only row was rejected. Line 2: Column 'id': 'A1' is not a 64-bit integer.")]
    [InlineData("&columns=id:integer,name&maxErrors=0", "id,name\nA1,Ann\nA2,Bob\n",
        "All 2 rows were rejected. Line 2: Column 'id': 'A1' is not a 64-bit integer.")]
    public async Task Import_EveryRowRejected_FailsWithTheFirstReason(string query, string csv, string reason)
    {
        string id = await UploadAsync(query, csv);

        JsonElement error = (await api.UntilAsync(id, "failed")).Json.GetProperty("error");

        Assert.Equal("every-row-rejected", error.GetProperty("code").GetString());
        Assert.Equal($"{reason} All reasons: {ImportsApi.ErrorsPath(id)}", error.GetProperty("message").GetString());
        string errors = await api.Http.GetStringAsync(ImportsApi.ErrorsPath(id));
        Assert.Equal(query.Contains("maxErrors=0", StringComparison.Ordinal), errors.Length == 0);
    }

    [Fact]
    public async Task Import_AfterAFileOfWhichNoRowFitted_MakesTheTableAsTheGoodFileHasIt()
    {
        await api.UntilAsync(await UploadAsync("", "id,name\n1,Ann,x\n2,Bob,y\n"), "failed");

        JsonElement result = await ResultAsync(await UploadAsync("", "id,name\n1,Ann\n2,Bob\n"));

        Assert.Equal("""[{"name":"id","type":"integer"},{"name":"name","type":"text"}]""", result.GetProperty("columns").GetRawText());
    }

    [Fact]
    public async Task Import_EveryRowEndsInADelimiter_IsNotedInTheResult()
    {
        JsonElement result = await ResultAsync(await UploadAsync("", "id;name\n1;Ann;\n2;Bob;\n"));

        Assert.Equal((2, 0), (result.GetProperty("imported").GetInt32(), result.GetProperty("rejected").GetInt32()));
        string? note = Assert.Single(result.GetProperty("notes").EnumerateArray()).GetString();
        Assert.Contains("one delimiter more", note, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("&header=false", "text/csv")]
    [InlineData("", "text/csv; header=absent")]
    public async Task Import_WithoutHeader_TakesEveryLine(string query, string type)
    {
        JsonElement result = await ResultAsync(await UploadAsync(query, "1,Ann\n2,Bob\n", type));

        Assert.Equal(2, result.GetProperty("imported").GetInt32());
        Assert.Empty(result.GetProperty("notes").EnumerateArray());
        Assert.Equal(
            """[{"name":"column_1","type":"integer"},{"name":"column_2","type":"text"}]""", result.GetProperty("columns").GetRawText());
    }

    [Fact]
    public async Task Import_OfAStoredFileWithoutHeader_TakesTheSameArguments()
    {
        string container = ImportSources.ContainerOf(AzuriteStorage.Names);
        await api.Service<BlobServiceClient>().GetBlobContainerClient(container).GetBlobClient($"{_table}.csv")
            .UploadAsync(BinaryData.FromString("007|x\n008|y\n"), overwrite: true);

        string args =
            $$"""
            {"source":"{{container}}/{{_table}}.csv","table":"{{_table}}","header":false,"columns":"nr:integer,name",
             "delimiter":"pipe","encoding":"utf-8","maxErrors":1}
            """;
        string id = await api.StartAsync("ImportCsv", args);
        JsonElement result = await ResultAsync(id);

        Assert.Equal(2, result.GetProperty("imported").GetInt32());
        Assert.Equal("""[{"name":"nr","type":"integer"},{"name":"name","type":"text"}]""", result.GetProperty("columns").GetRawText());
    }

    private async Task<JsonElement> ResultAsync(string id)
    {
        await api.UntilAsync(id, "completed");
        return (await api.GetAsync($"/api/workflows/{id}/result")).Json;
    }

    private async Task<string> UploadAsync(string query, string csv, string type = "text/csv")
    {
        using var content = new ByteArrayContent(Encoding.UTF8.GetBytes(csv));
        content.Headers.TryAddWithoutValidation("Content-Type", type);
        using HttpResponseMessage response = await api.Http.PostAsync($"/api/imports?table={_table}{query}", content);
        string text = await response.Content.ReadAsStringAsync();
        Assert.True(response.StatusCode == HttpStatusCode.Accepted, text);
        return JsonElement.Parse(text).GetProperty("id").GetString()!;
    }
}
