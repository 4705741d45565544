using System.Net;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;

namespace Chard.Bench;

/// <summary>A caller of the app: starts workflows over HTTP, and waits for them as a caller does.</summary>
internal sealed class AppClient(HttpClient http)
{
    /// <summary>Connections by which many workflows are started at once.</summary>
    private const int Connections = 32;

    /// <summary>Of many at once, so many that were started last are watched; of the others the list tells afterwards.</summary>
    private const int Watched = 8;

    /// <summary>Starts one, waits until it has completed, and reads its result.</summary>
    public async Task RunAsync(string document)
    {
        string id = await StartAsync(document);
        await CompletedAsync(id);
        using HttpResponseMessage result = await http.GetAsync(new Uri($"/api/workflows/{id}/result", UriKind.Relative));
        result.EnsureSuccessStatusCode();
        await result.Content.CopyToAsync(Stream.Null);
    }

    /// <summary>
    /// Starts many at once and stops the meter when all have completed. That costs next to no requests: who waits for all of a batch
    /// has no need to watch each.
    /// </summary>
    public async Task RunAllAsync(string document, int count, Meter meter)
    {
        string owner = Guid.NewGuid().ToString("N");
        string owned = $$"""{"owner":"{{owner}}",{{document[1..]}}""";
        var ids = new string[count];
        await Parallel.ForAsync(
            0, count, new ParallelOptions { MaxDegreeOfParallelism = Connections }, async (i, _) => ids[i] = await StartAsync(owned));
        await Task.WhenAll(ids.TakeLast(Watched).Select(CompletedAsync));
        meter.Stop();
        Dictionary<string, DateTimeOffset> ends = await EndsAsync(owner);
        while (ends.Count < count)
        {
            await Task.WhenAll(ids.Except(ends.Keys).Select(CompletedAsync));
            meter.Stop();
            ends = await EndsAsync(owner);
        }

        // One that nobody watched may have ended after the watched ones, and yet before the list was read.
        TimeSpan last = ends.Values.Max() - meter.Since;
        meter.Took = last > meter.Took ? last : meter.Took;
    }

    /// <summary>Starts many at once, each by a caller who waits for it, and stops the meter when all have completed.</summary>
    public async Task WaitForEachAsync(string document, int count, Meter meter)
    {
        using var starts = new SemaphoreSlim(Connections);
        await Task.WhenAll(Enumerable.Range(0, count).Select(async _ =>
        {
            await starts.WaitAsync();
            string id;
            try
            {
                id = await StartAsync(document);
            }
            finally
            {
                starts.Release();
            }

            await CompletedAsync(id);
        }));
        meter.Stop();
    }

    /// <summary>Sends a start or an upload and tells the workflow's id.</summary>
    /// <exception cref="InvalidOperationException">It was not accepted.</exception>
    public async Task<string> StartAsync(Uri uri, HttpContent content)
    {
        using HttpResponseMessage accepted = await http.PostAsync(uri, content);
        string answer = await accepted.Content.ReadAsStringAsync();
        return accepted.StatusCode == HttpStatusCode.Accepted
            ? JsonElement.Parse(answer).GetProperty("id").GetString()!
            : throw new InvalidOperationException($"The start was answered {accepted.StatusCode}: {answer}");
    }

    /// <summary>Waits at the app until a workflow has completed.</summary>
    /// <exception cref="InvalidOperationException">It ended otherwise.</exception>
    public async Task CompletedAsync(string id)
    {
        while (true)
        {
            JsonElement status = JsonElement.Parse(
                await http.GetStringAsync(new Uri($"/api/workflows/{id}?wait=20", UriKind.Relative)));
            switch (status.GetProperty("status").GetString())
            {
                case "completed":
                    return;
                case "failed":
                    throw new InvalidOperationException($"The workflow has failed: {status}");
            }
        }
    }

    private async Task<string> StartAsync(string document)
    {
        using var content = new StringContent(document, Encoding.UTF8, "application/json");
        return await StartAsync(new Uri("/api/workflows", UriKind.Relative), content);
    }

    /// <summary>The owner's workflows that have completed, and when.</summary>
    private async Task<Dictionary<string, DateTimeOffset>> EndsAsync(string owner)
    {
        var ends = new Dictionary<string, DateTimeOffset>(StringComparer.Ordinal);
        for (string? next = string.Empty; next is not null;)
        {
            JsonElement page = await http.GetFromJsonAsync<JsonElement>(
                new Uri($"/api/workflows?owner={owner}&status=completed&limit=200{next}", UriKind.Relative));
            foreach (JsonElement workflow in page.GetProperty("workflows").EnumerateArray())
            {
                ends[workflow.GetProperty("id").GetString()!] = workflow.GetProperty("completedAt").GetDateTimeOffset();
            }

            next = page.TryGetProperty("continuation", out JsonElement continuation) && continuation.GetString() is { } text
                ? $"&continuation={Uri.EscapeDataString(text)}"
                : null;
        }

        return ends;
    }
}
