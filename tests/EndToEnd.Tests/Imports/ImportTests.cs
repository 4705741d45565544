using System.Globalization;
using System.Net;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using Chard.EndToEnd.Tests.Harness;

namespace Chard.EndToEnd.Tests.Imports;

/// <summary>Imports over HTTP, with a real process, Azurite and a database file.</summary>
[Collection(AppCollection.Name)]
public sealed class ImportTests(AppFixture app)
{
    public static TheoryData<string> ShapeNames => [.. CsvShapes.All.Select(s => s.Name)];

    [Theory]
    [MemberData(nameof(ShapeNames))]
    public async Task Import_OfAShape_GivesItsRows(string name)
    {
        CsvShapes.Shape shape = CsvShapes.All.Single(s => s.Name == name);
        string table = "shape_" + string.Concat(name.Where(char.IsAsciiLetterOrDigit));

        string id = await app.Client.StartImportAsync(table, shape.Bytes);
        JsonElement status = await app.Client.WaitUntilFinalAsync(id);
        Assert.Equal("completed", status.GetProperty("status").GetString());

        JsonElement result = await app.Client.GetResultAsync(id);
        Assert.Equal(shape.Columns, string.Join(',', result.GetProperty("columns").EnumerateArray()
            .Select(c => $"{c.GetProperty("name").GetString()}:{c.GetProperty("type").GetString()}")));
        Assert.Equal(
            (table, shape.Imported, shape.Rejected, shape.Imported + shape.Rejected),
            (result.GetProperty("table").GetString(), result.GetProperty("imported")
                .GetInt32(), result.GetProperty("rejected").GetInt32(), result.GetProperty("rows").GetInt32()));
        Assert.Equal(shape.Rejected == 0, result.GetProperty("errors").ValueKind == JsonValueKind.Null);
        Assert.Equal(shape.Answer, ImportDatabase.Ask(app.Database, string.Format(CultureInfo.InvariantCulture, shape.Probe, table)));
    }

    [Fact]
    public async Task Import_OfAHundredThousandRows_HasEveryRowOnce()
    {
        var csv = new StringBuilder("id,name,price,day\n");
        for (int i = 1; i <= 100_000; i++)
        {
            csv.Append(CultureInfo.InvariantCulture, $"{i},\"name {i}\",{i}.25,2026-01-{(i % 28) + 1:00}\n");
        }

        string id = await app.Client.StartImportAsync("hundred_thousand", Encoding.UTF8.GetBytes(csv.ToString()));
        JsonElement status = await app.Client.WaitUntilFinalAsync(id);

        Assert.Equal("completed", status.GetProperty("status").GetString());
        Assert.Equal("100000|5000050000|100000", ImportDatabase.Ask(
            app.Database, "SELECT count(*) || '|' || sum(id) || '|' || count(DISTINCT id) FROM hundred_thousand"));
    }

    [Fact]
    public async Task Import_RaggedRow_IsReportedWithItsLineAndReason()
    {
        string id = await app.Client.StartImportAsync("ragged", "id,name\n1,a\n2\n3,c\n"u8.ToArray());
        await app.Client.WaitUntilFinalAsync(id);
        JsonElement result = await app.Client.GetResultAsync(id);

        string errors = await app.Client.GetStringAsync(result.GetProperty("errors").GetString());

        JsonElement error = JsonElement.Parse(Assert.Single(errors.Split('\n', StringSplitOptions.RemoveEmptyEntries)));
        Assert.Equal(3, error.GetProperty("line").GetInt32());
        Assert.NotEmpty(error.GetProperty("reason").GetString()!);
    }

    [Fact]
    public async Task Import_IntoATableWithOtherColumns_FailsAndSaysWhy()
    {
        await app.Client.WaitUntilFinalAsync(await app.Client.StartImportAsync("taken", "id,name\n1,a\n"u8.ToArray()));

        JsonElement status = await app.Client.WaitUntilFinalAsync(await app.Client.StartImportAsync("taken", "other\n1\n"u8.ToArray()));

        Assert.Equal("failed", status.GetProperty("status").GetString());
        Assert.Contains("taken", status.GetProperty("error").GetProperty("message").GetString(), StringComparison.Ordinal);
        Assert.Equal("1", ImportDatabase.Ask(app.Database, "SELECT count(*) FROM taken"));
    }

    [Fact]
    public async Task Status_OfAnUnknownWorkflow_IsAProblemDocument()
    {
        using HttpResponseMessage response = await app.Client.GetAsync("/api/workflows/nothing-of-this-name");

        Assert.Equal(HttpStatusCode.NotFound, response.StatusCode);
        Assert.Equal("application/problem+json", response.Content.Headers.ContentType?.MediaType);
        Assert.Equal(
            "urn:chard:problem:workflow-not-found",
            (await response.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("type").GetString());
    }
}
