using System.Net.Http.Json;
using System.Text.Json;
using Chard.EndToEnd.Tests.Harness;
using Chard.LocalHost.Azurite;

namespace Chard.EndToEnd.Tests.Kills;

/// <summary>A worker that has run as many tasks as it may is replaced, and no task notices.</summary>
public sealed class RecycleTests
{
    [Fact]
    public async Task Worker_AfterItsTasks_IsReplacedAndEachTaskRunsOnce()
    {
        const int Tasks = 120;
        string folder = Directory.CreateTempSubdirectory("chard-recycle-").FullName;
        await using (AzuriteProcess azurite = await AzuriteProcess.StartAsync())
        {
            await using AppProcess app = await AppProcess.StartAsync(folder, azurite.ConnectionString, ("Chard__Recycle__Tasks", "50"));
            var start = new { canvas = new { group = Enumerable.Range(0, Tasks).Select(i => new { task = "Echo", args = i }), pack = 1 } };
            using HttpResponseMessage started = await app.Client.PostAsJsonAsync("/api/workflows", start);
            Assert.True(started.IsSuccessStatusCode, await started.Content.ReadAsStringAsync());
            string id = (await started.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("id").GetString()!;

            await Eventually.TrueAsync("the workflow completes", async () =>
            {
                // In the moment of the change the host has no worker to ask.
                using HttpResponseMessage answer = await app.Client.GetAsync($"/api/workflows/{id}");
                return answer.IsSuccessStatusCode
                    && (await answer.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("status").GetString() == "completed";
            });

            var page = await app.Client.GetFromJsonAsync<JsonElement>($"/api/workflows/{id}?tasks=true");
            JsonElement[] rows = [.. page.GetProperty("tasks").EnumerateArray()];
            Assert.Equal(Tasks, rows.Length);
            Assert.All(rows, row => Assert.Equal(("succeeded", 1),
                (row.GetProperty("status").GetString(), row.GetProperty("attempt").GetInt32())));
            Assert.Contains("The worker asked for another in its place", app.Output, StringComparison.Ordinal);
        }

        Directory.Delete(folder, recursive: true);
    }
}
