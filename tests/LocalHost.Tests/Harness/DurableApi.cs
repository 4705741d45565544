using System.Net.Http.Json;
using System.Text.Json;

namespace Chard.LocalHost.Tests;

/// <summary>A host's orchestrations, by its management API.</summary>
internal static class DurableApi
{
    public const string Base = "/runtime/webhooks/durabletask";

    private static readonly string[] Ended = ["Completed", "Failed", "Terminated", "Canceled"];

    public static async Task BeginAsync(this TestedHost host, string name, string id, object? input = null)
    {
        using var response = await host.Http.PostAsync($"{Base}/orchestrators/{name}/{id}", JsonContent.Create(input));
        Assert.True(response.IsSuccessStatusCode, await response.Content.ReadAsStringAsync());
    }

    public static async Task RaiseAsync(this TestedHost host, string id, string name, object? value)
    {
        using var response = await host.Http.PostAsync($"{Base}/instances/{id}/raiseEvent/{name}", JsonContent.Create(value));
        Assert.True(response.IsSuccessStatusCode, await response.Content.ReadAsStringAsync());
    }

    /// <summary>The status, as soon as it is one of those.</summary>
    public static async Task<JsonElement> StatusAsync(this TestedHost host, string id, params string[] states)
    {
        var status = default(JsonElement);
        await Eventually.TrueAsync(
            $"{id} {string.Join(" or ", states)}",
            async () =>
            {
                using var response = await host.Http.GetAsync($"{Base}/instances/{id}");
                return response.IsSuccessStatusCode
                    && (status = await response.Content.ReadFromJsonAsync<JsonElement>())
                        .GetProperty("runtimeStatus").GetString() is { } state
                    && states.Contains(state);
            });
        return status;
    }

    public static Task<JsonElement> EndAsync(this TestedHost host, string id) => host.StatusAsync(id, Ended);

    /// <summary>The output of an orchestration that must succeed.</summary>
    public static async Task<JsonElement> RunAsync(this TestedHost host, string name, object? input = null)
    {
        await host.BeginAsync(name, name, input);
        var status = await host.EndAsync(name);
        Assert.True(status.GetProperty("runtimeStatus").GetString() == "Completed", status.ToString());
        return status.GetProperty("output");
    }
}
