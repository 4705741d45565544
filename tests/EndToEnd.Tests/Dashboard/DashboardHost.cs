using System.Net.Http.Json;
using System.Text.Json;
using Chard.EndToEnd.Tests.Harness;
using Chard.Functions;
using Chard.Starts;
using Chard.Testing;
using Microsoft.Playwright;

namespace Chard.EndToEnd.Tests.Dashboard;

/// <summary>The whole app in this process, and a browser: for all tests of the dashboard.</summary>
public sealed class DashboardHost : IAsyncLifetime
{
    private IPlaywright? _playwright;
    private IBrowser? _browser;

    public FunctionsTestHost App { get; private set; } = null!;

    public async Task InitializeAsync() => App = await StartAsync(_ => { });

    public async Task DisposeAsync()
    {
        if (_browser is not null)
        {
            await _browser.DisposeAsync();
        }

        _playwright?.Dispose();
        await App.DisposeAsync();
    }

    /// <summary>An app with settings of its own.</summary>
    public static Task<FunctionsTestHost> StartAsync(Action<IDictionary<string, string?>> configure) =>
        FunctionsTestHost.StartAsync<TaskFunctions>(options =>
        {
            options.FunctionTypes = [.. typeof(WorkflowsApi).Assembly.GetTypes(), .. typeof(TaskFunctions).Assembly.GetTypes()];
            options.Settings["Chard:Limits:mail:PerSecond"] = "2.5";
            options.Settings["Chard:Schedules:new-year:Cron"] = "0 0 1 1 *";
            options.Settings["Chard:Schedules:new-year:TimeZone"] = "Europe/Berlin";
            options.Settings["Chard:Schedules:new-year:Start"] = """{"task":"Echo","args":{"value":"A happy new year"}}""";
            configure(options.Settings);
        });

    /// <summary>A window of its own on a page of the dashboard.</summary>
    public async Task<Screen> OpenAsync(
        string path, int width = 1280, ColorScheme scheme = ColorScheme.Light, FunctionsTestHost? app = null)
    {
        if (_playwright is null)
        {
            _playwright = await Playwright.CreateAsync();
            _playwright.Selectors.SetTestIdAttribute("data-test");
        }

        _browser ??= await _playwright.Chromium.LaunchAsync(new()
        {
            ExecutablePath = Chromium.Program ?? throw new InvalidOperationException(Chromium.Missing),
            Args = ["--no-sandbox"],
        });
        IBrowserContext context = await _browser.NewContextAsync(new()
        {
            BaseURL = new Uri((app ?? App).Http.BaseAddress!, "/api/dashboard/").ToString(),
            ViewportSize = new() { Width = width, Height = 900 },
            ColorScheme = scheme,
            ReducedMotion = ReducedMotion.Reduce,
        });
        var screen = new Screen(context, await context.NewPageAsync());
        await screen.GoAsync(path);
        return screen;
    }

    /// <summary>Starts a workflow by its document, and gives its id.</summary>
    public async Task<string> StartWorkflowAsync(string document)
    {
        using HttpResponseMessage answer = await App.Http.PostAsync(
            "/api/workflows", new StringContent(document, System.Text.Encoding.UTF8, "application/json"));
        JsonElement body = await answer.Content.ReadFromJsonAsync<JsonElement>();
        Assert.True(answer.IsSuccessStatusCode, body.GetRawText());
        return body.GetProperty("id").GetString()!;
    }

    /// <summary>What the API answers.</summary>
    public Task<JsonElement> GetAsync(string path) => App.Http.GetFromJsonAsync<JsonElement>("/api/" + path);

    /// <summary>Waits until a workflow has a status.</summary>
    public Task<JsonElement> UntilAsync(string id, string status) => Eventually.SeenAsync(
        $"{id} is {status}", () => GetAsync($"workflows/{id}"), found => found.GetProperty("status").GetString() == status);
}

[CollectionDefinition(Name)]
public sealed class DashboardCollection : ICollectionFixture<DashboardHost>
{
    public const string Name = "Dashboard";
}
