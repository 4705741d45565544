using System.Net;
using System.Text;
using System.Text.Json;
using Chard.Testing;
using Grpc.Core;

namespace Chard.Functions.Tests.Api;

/// <summary>
/// The engine dies at each commit of a start in turn, before it or after it; the caller sends the start again, as callers do.
/// </summary>
[Collection(ApiTests.Name)]
public sealed class CrashTests(ApiHost api)
{
    private const int MostCommits = 20;

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Start_CrashAtEveryCommit_StillRunsOnce(bool before)
    {
        await using FunctionsTestHost host = await api.StartAsync(_ => { });
        int commit = 1;
        for (; commit <= MostCommits; commit++)
        {
            string id = $"crash-{commit}";
            if (before)
            {
                host.Faults.CrashBeforeCommit(host.Faults.Commits + commit);
            }
            else
            {
                host.Faults.CrashAfterCommit(host.Faults.Commits + commit);
            }

            Task<string?> first = TryStartAsync(host, id);
            if (await Task.WhenAny(host.Faults.Crashed, CompletedAsync(host, id)) != host.Faults.Crashed)
            {
                await first;
                break; // it needs no more commits than this
            }

            await first;
            await host.CrashAsync();
            await host.StartAsync();
            Assert.Equal(id, await TryStartAsync(host, id));
            JsonElement status = await CompletedAsync(host, id);
            Assert.Equal("completed", status.GetProperty("status").GetString());
            Assert.Equal(id, await ResultAsync(host, id));
        }

        Assert.InRange(commit, 3, MostCommits);
    }

    /// <summary>Starts; null if the crash came before the answer.</summary>
    private static async Task<string?> TryStartAsync(FunctionsTestHost host, string id)
    {
        try
        {
            using var content = new StringContent(
                $$"""{"workflow":"Answer","args":"{{id}}","id":"{{id}}"}""", Encoding.UTF8, "application/json");
            using HttpResponseMessage response = await host.Http.PostAsync("/api/workflows", content);
            return response.StatusCode == HttpStatusCode.Accepted
                ? JsonElement.Parse(await response.Content.ReadAsStringAsync()).GetProperty("id").GetString()
                : null;
        }
        catch (Exception e) when (e is HttpRequestException or IOException or RpcException)
        {
            return null;
        }
    }

    private static async Task<JsonElement> CompletedAsync(FunctionsTestHost host, string id)
    {
        (_, string text) = await Eventually.SeenAsync(
            $"{id} has completed", LookAsync, seen => seen.Status == HttpStatusCode.OK
                && JsonElement.Parse(seen.Text).GetProperty("completedAt").ValueKind == JsonValueKind.String);
        return JsonElement.Parse(text);

        async Task<(HttpStatusCode? Status, string Text)> LookAsync()
        {
            try
            {
                using HttpResponseMessage response = await host.Http.GetAsync($"/api/workflows/{id}?wait=1");
                return (response.StatusCode, await response.Content.ReadAsStringAsync());
            }
            catch (Exception e) when (e is HttpRequestException or IOException or ObjectDisposedException or InvalidOperationException)
            {
                // The host is down: whoever waits for the crash has seen it, or will.
                return (null, e.Message);
            }
        }
    }

    private static async Task<string?> ResultAsync(FunctionsTestHost host, string id) =>
        JsonSerializer.Deserialize<string>(await host.Http.GetStringAsync($"/api/workflows/{id}/result"));
}
