using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json;

namespace Chard.EndToEnd.Tests.Harness;

/// <summary>The calls of a user who imports a file.</summary>
internal static class ImportCalls
{
    /// <summary>Posts a CSV body and returns the response, whatever it is.</summary>
    public static async Task<HttpResponseMessage> PostCsvAsync(this HttpClient client, string query, HttpContent content)
    {
        content.Headers.ContentType ??= new MediaTypeHeaderValue("text/csv");
        return await client.PostAsync($"/api/imports{query}", content);
    }

    /// <summary>Posts a CSV body that must be accepted, and returns the workflow's id.</summary>
    public static async Task<string> StartImportAsync(this HttpClient client, string table, byte[] csv)
    {
        using HttpResponseMessage response = await client.PostCsvAsync(
            $"?table={table}", new ByteArrayContent(csv) { Headers = { ContentType = new("text/csv") } });
        string body = await response.Content.ReadAsStringAsync();
        Assert.True(response.StatusCode == HttpStatusCode.Accepted, $"{response.StatusCode}: {body}");
        return JsonElement.Parse(body).GetProperty("id").GetString()!;
    }

    /// <summary>Polls the status until it is final, and returns it.</summary>
    public static Task<JsonElement> WaitUntilFinalAsync(this HttpClient client, string id, TimeSpan? deadline = null) =>
        Eventually.SeenAsync(
            $"workflow {id} has ended", () => client.GetFromJsonAsync<JsonElement>($"/api/workflows/{id}"),
            status => status.GetProperty("status").GetString() is "completed" or "failed" or "cancelled" or "expired", deadline);

    /// <summary>The result of a completed workflow.</summary>
    public static Task<JsonElement> GetResultAsync(this HttpClient client, string id) =>
        client.GetFromJsonAsync<JsonElement>($"/api/workflows/{id}/result");
}
