using System.Net;
using System.Net.Http.Headers;
using System.Text.Json;
using System.Text;
using Chard.Domain.Payloads;
using Chard.Functions.Tests.Harness;
using Chard.Functions.Tests.InMemory;
using Chard.Starts;
using Chard.Testing;
using Microsoft.DurableTask.Client;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.DependencyInjection;

namespace Chard.Functions.Tests.Api;

/// <summary>The whole app with test workflows beside its own and a schedule, for all tests of the HTTP API.</summary>
public sealed class ApiHost : IAsyncLifetime
{
    private static readonly string[] TestWorkflowNames =
    [
        nameof(TestWorkflows.Answer), nameof(TestWorkflows.Wait), nameof(TestWorkflows.WaitBelow), nameof(TestWorkflows.Boom),
        nameof(TestWorkflows.Mute), nameof(TestWorkflows.Parked), nameof(TestWorkflows.Progress),
    ];

    public FunctionsTestHost App { get; private set; } = null!;

    public InMemoryPayloadStore Payloads { get; } = new();

    public HttpClient Http => App.Http;

    public DurableTaskClient Durable => App.Durable;

    /// <summary>What this host has different.</summary>
    internal Action<FunctionsTestHostOptions> Configure { get; init; } = _ => { };

    public T Service<T>()
        where T : notnull => App.Services.GetRequiredService<T>();

    public async Task InitializeAsync() => App = await StartAsync(Configure);

    public async Task DisposeAsync() => await App.DisposeAsync();

    /// <summary>A host of its own for a test that needs other options.</summary>
    public Task<FunctionsTestHost> StartAsync(Action<FunctionsTestHostOptions> configure) =>
        FunctionsTestHost.StartAsync<TaskFunctions>(options =>
        {
            options.Settings["Chard:Limits:database:Concurrency"] = "8";
            options.Settings["Chard:Limits:mail:PerSecond"] = "2.5";
            options.FunctionTypes = [.. TheApp.Types, typeof(TestWorkflows)];
            options.ConfigureServices(services =>
            {
                services.Replace(ServiceDescriptor.Singleton<IPayloadStore>(Payloads));
                foreach (string name in TestWorkflowNames)
                {
                    services.AddSingleton<IWorkflowDefinition>(new AnyArgs(name));
                }
            });
            options.Settings["Chard:Schedules:new-year:Cron"] = "0 0 1 1 *";
            options.Settings["Chard:Schedules:new-year:TimeZone"] = "Europe/Berlin";
            options.Settings["Chard:Schedules:new-year:Start"] = """{"task":"Echo","args":{"value":"A happy new year"}}""";
            configure(options);
        });

    public Task<Answer> GetAsync(string path, params (string Name, string Value)[] headers) =>
        SendAsync(HttpMethod.Get, path, null, headers);

    public Task<Answer> PostAsync(string path, string? json = null, params (string Name, string Value)[] headers) =>
        SendAsync(HttpMethod.Post, path, json is null ? null : Encoding.UTF8.GetBytes(json), headers);

    public async Task<Answer> SendAsync(HttpMethod method, string path, byte[]? body, params (string Name, string Value)[] headers)
    {
        using var request = new HttpRequestMessage(method, path);
        if (body is not null)
        {
            request.Content = new ByteArrayContent(body);
            request.Content.Headers.ContentType = new("application/json");
        }

        foreach ((string name, string value) in headers)
        {
            if (name == "Content-Type")
            {
                request.Content!.Headers.ContentType = MediaTypeHeaderValue.Parse(value);
                continue;
            }

            request.Headers.TryAddWithoutValidation(name, value);
        }

        using HttpResponseMessage response = await Http.SendAsync(request);
        string text = await response.Content.ReadAsStringAsync();
        DocumentedAnswers.Check(method, path, (int)response.StatusCode, response.Content.Headers.ContentType?.MediaType, text);
        return new(
            response.StatusCode, response.Content.Headers.ContentType?.MediaType, text, response.Headers.ETag?.Tag,
            response.Headers.Location);
    }

    /// <summary>Starts a workflow and gives its id.</summary>
    public async Task<string> StartAsync(string workflow, string args = "{}", string more = "")
    {
        Answer answer = await PostAsync("/api/workflows", $$"""{"workflow":"{{workflow}}","args":{{args}}{{more}}}""");
        Assert.Equal(HttpStatusCode.Accepted, answer.Status);
        return answer.Text("id");
    }

    /// <summary>Waits until a workflow has the status, and gives its document.</summary>
    public async Task<Answer> UntilAsync(string id, string status)
    {
        Answer? last = null;
        return await Eventually.SeenAsync($"{id} is {status}", LookAsync, answer => answer.Text("status") == status);

        async Task<Answer> LookAsync()
        {
            Answer answer = last?.Tag is { } tag
                ? await GetAsync($"/api/workflows/{id}?wait=5", ("If-None-Match", tag))
                : await GetAsync($"/api/workflows/{id}");
            Assert.True(answer.Status is HttpStatusCode.OK or HttpStatusCode.NotModified, answer.Body);
            return answer.Status == HttpStatusCode.NotModified ? last! : last = answer;
        }
    }
}

[CollectionDefinition(Name)]
public sealed class ApiTests : ICollectionFixture<ApiHost>
{
    public const string Name = "HTTP API";
}

/// <summary>What came back.</summary>
public sealed record Answer(HttpStatusCode Status, string? ContentType, string Body, string? Tag, Uri? Location)
{
    public JsonElement Json => JsonElement.Parse(Body);

    public string Text(string member) => Json.GetProperty(member).GetString()!;

    /// <summary>Fails unless this is a problem document of the status and type.</summary>
    public Answer IsProblem(int status, string type)
    {
        Assert.True(status == (int)Status, $"{(int)Status}: {Body}");
        Assert.Equal("application/problem+json", ContentType);
        Assert.Equal("urn:chard:problem:" + type, Text("type"));
        Assert.Equal(status, Json.GetProperty("status").GetInt32());
        Assert.NotEmpty(Text("title"));
        Assert.NotEmpty(Text("detail"));
        return this;
    }
}
