using System.Net;
using System.Text.Json;
using Chard.Functions.Tests.Harness;
using Chard.Testing;

namespace Chard.Functions.Tests.Api;

[Collection(ApiTests.Name)]
public sealed class AuthorizationTests(ApiHost api)
{
    [Fact]
    public async Task EveryRoute_WithoutAKey_Is401AndHealthIsNot()
    {
        await using FunctionsTestHost host = await api.StartAsync(options => options.EnableAuth = true);
        JsonElement paths = JsonElement.Parse(TheApp.OpenApi.Utf8.Span).GetProperty("paths");
        foreach (JsonProperty path in paths.EnumerateObject())
        {
            foreach (JsonProperty operation in path.Value.EnumerateObject())
            {
                var method = new HttpMethod(operation.Name.ToUpperInvariant());
                string url = "/api" + path.Name.Replace("{id}", "nobody", StringComparison.Ordinal);
                HttpStatusCode without = await SendAsync(host, method, url, null);
                HttpStatusCode wrong = await SendAsync(host, method, url, "guess");
                HttpStatusCode with = await SendAsync(host, method, url, host.Keys.Host);

                HttpStatusCode expected = path.Name == "/health" ? HttpStatusCode.OK : HttpStatusCode.Unauthorized;
                Assert.Equal((url, expected, expected), (url, without, wrong));
                Assert.NotEqual((url, HttpStatusCode.Unauthorized), (url, with));
            }
        }

        Assert.Equal(HttpStatusCode.Unauthorized, await SendAsync(host, HttpMethod.Get, "/api/nope", null));
    }

    private static async Task<HttpStatusCode> SendAsync(FunctionsTestHost host, HttpMethod method, string url, string? key)
    {
        using var request = new HttpRequestMessage(method, url);
        if (key is not null)
        {
            request.Headers.Add("x-functions-key", key);
        }

        using HttpResponseMessage response = await host.Http.SendAsync(request);
        return response.StatusCode;
    }
}
