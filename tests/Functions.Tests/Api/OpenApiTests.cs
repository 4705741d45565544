using System.Net;
using System.Reflection;
using System.Text.Json;
using Chard.Functions.Tests.Harness;
using Chard.Platform;
using Microsoft.Azure.Functions.Worker;

namespace Chard.Functions.Tests.Api;

/// <summary>
/// Holds the OpenAPI document to the functions. What the functions really answer is held to it by every HTTP test (<see cref="ApiHost"/>).
/// </summary>
[Collection(ApiTests.Name)]
public sealed class OpenApiTests(ApiHost api)
{
    /// <summary>Statuses that any route may give.</summary>
    private static readonly string[] Anywhere = ["401", "403", "500", "503"];

    [Fact]
    public void Document_OfTwoPartsThatSayTheSame_IsRefused()
    {
        var part = new OpenApiPart(TheApp.Assembly, "Chard.Functions.openapi.json");

        var refusal = Assert.Throws<InvalidOperationException>(() => new OpenApiDocument([part, part]));

        Assert.StartsWith("Chard.Functions.openapi.json describes '/imports'", refusal.Message, StringComparison.Ordinal);
        Assert.Contains(
            "EmbeddedResource",
            Assert.Throws<InvalidOperationException>(() => new OpenApiDocument([part with { Resource = "none.json" }])).Message,
            StringComparison.Ordinal);
    }

    [Fact]
    public void Document_RoutesAndMethods_AreTheFunctions()
    {
        string[] functions = [.. HttpFunctions()
            .Where(f => IsOfTheApi(f.Trigger))
            .SelectMany(f => f.Trigger.Methods!.Select(m => $"{m.ToUpperInvariant()} /{f.Trigger.Route}"))
            .Order(StringComparer.Ordinal)];

        Assert.Equal(functions, Operations().Select(o => $"{o.Method} {o.Path}").Order(StringComparer.Ordinal));
    }

    [Fact]
    public void Document_Statuses_AreTheFunctions()
    {
        Dictionary<string, string> documented = Operations().ToDictionary(
            o => $"{o.Method} {o.Path}",
            o => string.Join(
                " ", o.Operation.GetProperty("responses")
                    .EnumerateObject().Select(r => r.Name).Except(Anywhere).Order(StringComparer.Ordinal)));
        foreach ((MethodInfo method, HttpTriggerAttribute trigger) in HttpFunctions())
        {
            if (IsOfTheApi(trigger) && method.GetCustomAttribute<AnswersAttribute>() is { } answers)
            {
                Assert.Equal(
                    string.Join(" ", answers.Statuses.Select(s => $"{s}").Order(StringComparer.Ordinal)),
                    documented[$"{trigger.Methods![0].ToUpperInvariant()} /{trigger.Route}"]);
            }
        }
    }

    /// <summary>True of what programs call: neither the answer to unknown paths nor the dashboard's page.</summary>
    private static bool IsOfTheApi(HttpTriggerAttribute trigger) => trigger.Route is not ("{*path}" or "dashboard/{*path}");

    [Fact]
    public void Functions_AllButHealthAndThePage_AskForAKey()
    {
        Assert.All(HttpFunctions(), f => Assert.Equal(
            f.Trigger.Route == "health" || !IsOfTheApi(f.Trigger) && f.Trigger.Route != "{*path}"
                ? AuthorizationLevel.Anonymous : AuthorizationLevel.Function, f.Trigger.AuthLevel));
        Assert.All(Operations(), o => Assert.Equal(o.Path == "/health", o.Operation.TryGetProperty("security", out _)));
    }

    [Fact]
    public void Document_References_Lead_Somewhere()
    {
        using JsonDocument document = JsonDocument.Parse(TheApp.OpenApi.Utf8);
        foreach (string reference in References(document.RootElement))
        {
            JsonElement place = document.RootElement;
            foreach (string step in reference.TrimStart('#', '/').Split('/'))
            {
                Assert.True(place.TryGetProperty(step, out place), reference);
            }
        }

        string[] ids = [.. Operations().Select(o => o.Operation.GetProperty("operationId").GetString()!)];
        Assert.Equal(ids.Length, ids.Distinct().Count());
    }

    [Fact]
    public async Task Get_GivesTheDocument()
    {
        Answer answer = await api.GetAsync("/api/openapi.json");

        Assert.Equal("application/json", answer.ContentType);
        Assert.Equal("3.1.0", answer.Text("openapi"));
    }

    [Theory]
    [InlineData("GET", "/api/nope")]
    [InlineData("POST", "/api/")]
    [InlineData("DELETE", "/api/workflows/a/b/c/d")]
    public async Task UnknownRoute_Is404(string method, string path) =>
        (await api.SendAsync(new(method), path, null)).IsProblem(404, "route-not-found");

    [Theory]
    [InlineData("DELETE", "/api/tasks", "GET")]
    [InlineData("PUT", "/api/workflows", "GET, POST")]
    [InlineData("GET", "/api/dead-letters/abc/skip", "POST")]
    public async Task WrongMethod_Is405WithAllow(string method, string path, string allow)
    {
        using var request = new HttpRequestMessage(new(method), path);
        using HttpResponseMessage response = await api.Http.SendAsync(request);

        Assert.Equal(HttpStatusCode.MethodNotAllowed, response.StatusCode);
        Assert.Equal(allow, string.Join(", ", response.Content.Headers.Allow));
        Assert.Equal(
            "urn:chard:problem:method-not-allowed",
            JsonElement.Parse(await response.Content.ReadAsStringAsync()).GetProperty("type").GetString());
    }

    private static IEnumerable<(MethodInfo Method, HttpTriggerAttribute Trigger)> HttpFunctions() =>
        from type in TheApp.Types
        from method in type.GetMethods()
        where method.IsDefined(typeof(FunctionAttribute))
        from parameter in method.GetParameters()
        let trigger = parameter.GetCustomAttribute<HttpTriggerAttribute>()
        where trigger is not null
        select (method, trigger);

    private static IEnumerable<(string Path, string Method, JsonElement Operation)> Operations()
    {
        JsonElement document = JsonElement.Parse(TheApp.OpenApi.Utf8.Span);
        return from path in document.GetProperty("paths").EnumerateObject()
               from operation in path.Value.EnumerateObject()
               select (path.Name, operation.Name.ToUpperInvariant(), operation.Value);
    }

    private static IEnumerable<string> References(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.Object => value.EnumerateObject().SelectMany(p =>
            p.Name == "$ref" ? [p.Value.GetString()!] : References(p.Value)),
        JsonValueKind.Array => value.EnumerateArray().SelectMany(References),
        _ => [],
    };
}
