using System.Globalization;
using System.Net;
using System.Text;
using System.Text.Json;
using Chard.EndToEnd.Tests.Harness;

namespace Chard.EndToEnd.Tests.Imports;

/// <summary>Files that are uploaded again under one key, as by a client that saw no answer.</summary>
[Collection(AppCollection.Name)]
public sealed class RepeatedUploadTests(AppFixture app)
{
    // More than one block, so that two uploads overlap and are committed from parts.
    private const int Rows = 300_000;

    private static readonly byte[] Csv = File(Rows);

    [Fact]
    public async Task Upload_RepeatedAfterTheEnd_ImportsOnceAndRefusesAnotherFile()
    {
        string id = await StartAsync("uploaded_again", Csv);
        await app.Client.WaitUntilFinalAsync(id);

        (HttpStatusCode status, JsonElement again) = await UploadAsync("uploaded_again", Csv);
        Assert.Equal((HttpStatusCode.Accepted, id, "completed"), (status, Text(again, "id"), Text(again, "status")));
        (status, JsonElement other) = await UploadAsync("uploaded_again", File(Rows + 1));
        Assert.Equal((HttpStatusCode.UnprocessableEntity, "urn:chard:problem:idempotency-key-reused"), (status, Text(other, "type")));

        Assert.Equal("completed", Text(await app.Client.WaitUntilFinalAsync(id), "status"));
        AssertEachRowOnce("uploaded_again");
    }

    [Fact]
    public async Task Upload_TwiceAtOnce_IsOneWorkflowAndEachRowOnce()
    {
        string[] ids = await Task.WhenAll(StartAsync("uploaded_twice", Csv), StartAsync("uploaded_twice", Csv));

        string id = Assert.Single(ids.Distinct());
        Assert.Equal("completed", Text(await app.Client.WaitUntilFinalAsync(id), "status"));
        AssertEachRowOnce("uploaded_twice");
    }

    private static byte[] File(int rows)
    {
        var csv = new StringBuilder("id,name\n");
        for (int i = 1; i <= rows; i++)
        {
            csv.Append(CultureInfo.InvariantCulture, $"{i},the name of {i}\n");
        }

        return Encoding.UTF8.GetBytes(csv.ToString());
    }

    private static string? Text(JsonElement document, string member) => document.GetProperty(member).GetString();

    private void AssertEachRowOnce(string table) => Assert.Equal(
        $"{Rows}|{Rows}", ImportDatabase.Ask(app.Database, $"SELECT count(*) || '|' || count(DISTINCT id) FROM {table}"));

    private async Task<string> StartAsync(string table, byte[] csv)
    {
        (HttpStatusCode status, JsonElement body) = await UploadAsync(table, csv);
        Assert.True(status == HttpStatusCode.Accepted, body.GetRawText());
        return Text(body, "id")!;
    }

    /// <summary>Uploads under a key that is the table's.</summary>
    private async Task<(HttpStatusCode Status, JsonElement Body)> UploadAsync(string table, byte[] csv)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, $"/api/imports?table={table}");
        request.Headers.Add("Idempotency-Key", $"key of {table}");
        request.Content = new ByteArrayContent(csv) { Headers = { ContentType = new("text/csv") } };
        using HttpResponseMessage response = await app.Client.SendAsync(request);
        return (response.StatusCode, JsonElement.Parse(await response.Content.ReadAsStringAsync()));
    }
}
