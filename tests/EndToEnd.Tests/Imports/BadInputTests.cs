using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using Chard.EndToEnd.Tests.Harness;

namespace Chard.EndToEnd.Tests.Imports;

/// <summary>Bad input gives a 400 or row errors: never a 500, never a hang.</summary>
[Collection(AppCollection.Name)]
public sealed class BadInputTests(AppFixture app)
{
    private static readonly byte[] Image = [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A, 0, 0, 0, 13, 0x49, 0x48, 0x44, 0x52];

    [Fact]
    public Task Post_EmptyBody_IsRefused() => RefusesAsync([], "text/csv");

    [Fact]
    public Task Post_Binary_IsRefused() => RefusesAsync(Image, "text/csv");

    [Theory]
    [InlineData("?table=1;DROP TABLE x")]
    [InlineData("?table=")]
    [InlineData("?columns=id:integr")]
    [InlineData("?delimiter=ab")]
    public Task Post_BadQuery_IsRefused(string query) => RefusesAsync("id\n1\n"u8.ToArray(), "text/csv", query);

    [Fact]
    public async Task Import_LineOfTenMegabytes_IsARowError()
    {
        byte[] csv = Encoding.UTF8.GetBytes($"id,name\n1,a\n2,{new string('x', 10_000_000)}\n3,c\n");

        JsonElement result = await ImportAsync("huge_line", csv);

        Assert.Equal((2, 1), (result.GetProperty("imported").GetInt32(), result.GetProperty("rejected").GetInt32()));
    }

    [Fact]
    public async Task Import_QuoteThatNeverCloses_LosesNoRowBefore()
    {
        JsonElement result = await ImportAsync("open_quote", "id,name\n1,a\n2,\"b\n3,c\n4,d\n"u8.ToArray());

        Assert.True(result.GetProperty("imported").GetInt32() >= 1);
        Assert.True(result.GetProperty("rejected").GetInt32() >= 1);
    }

    [Fact]
    public async Task Import_NulInARow_IsARowError()
    {
        string filler = string.Concat(Enumerable.Range(1, 20_000).Select(i => $"{i},name {i}\n"));

        JsonElement result = await ImportAsync("nul", Encoding.UTF8.GetBytes($"id,name\n{filler}20001,a\0b\n20002,c\n"));

        Assert.Equal((20_001, 1), (result.GetProperty("imported").GetInt32(), result.GetProperty("rejected").GetInt32()));
    }

    [Fact]
    public async Task Import_CellsThatDoNotFitGivenColumns_AreRowErrors()
    {
        JsonElement result = await ImportAsync(
            "given", "id,day\n1,2026-01-01\nx,2026-01-02\n3,yesterday\n4,2026-01-04\n"u8.ToArray(), "&columns=id:integer,day:date");

        Assert.Equal((2, 2), (result.GetProperty("imported").GetInt32(), result.GetProperty("rejected").GetInt32()));
    }

    private async Task RefusesAsync(byte[] body, string contentType, string query = "")
    {
        using var content = new ByteArrayContent(body) { Headers = { ContentType = new MediaTypeHeaderValue(contentType) } };
        using HttpResponseMessage response = await app.Client.PostCsvAsync(query, content);
        string text = await response.Content.ReadAsStringAsync();

        Assert.True(response.StatusCode == HttpStatusCode.BadRequest, $"{response.StatusCode}: {text}");
        Assert.StartsWith("urn:chard:problem:", JsonElement.Parse(text).GetProperty("type").GetString(), StringComparison.Ordinal);
    }

    private async Task<JsonElement> ImportAsync(string table, byte[] csv, string query = "")
    {
        using var content = new ByteArrayContent(csv) { Headers = { ContentType = new MediaTypeHeaderValue("text/csv") } };
        using HttpResponseMessage response = await app.Client.PostCsvAsync($"?table={table}{query}", content);
        string text = await response.Content.ReadAsStringAsync();
        Assert.True(response.StatusCode == HttpStatusCode.Accepted, $"{response.StatusCode}: {text}");

        string id = JsonElement.Parse(text).GetProperty("id").GetString()!;
        JsonElement status = await app.Client.WaitUntilFinalAsync(id);
        Assert.True(status.GetProperty("status").GetString() == "completed", status.GetRawText());
        return await app.Client.GetResultAsync(id);
    }
}
