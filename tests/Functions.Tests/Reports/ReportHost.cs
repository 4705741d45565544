using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;
using Chard.Functions.Tests.Flows;
using Chard.Testing;

namespace Chard.Functions.Tests.Reports;

/// <summary>The whole app with imports and reports.</summary>
internal sealed partial class ReportHost : IAsyncDisposable
{
    private ReportHost(FlowHost flow) => Flow = flow;

    public FlowHost Flow { get; }

    public FunctionsTestHost App => Flow.App;

    public static async Task<ReportHost> StartAsync(Action<FunctionsTestHostOptions>? configure = null) =>
        new(await FlowHost.StartAsync(configure));

    /// <summary>Imports a file and waits until it is in.</summary>
    public async Task ImportAsync(string table, string csv, string columns = "")
    {
        using var body = new StringContent(csv, Encoding.UTF8, new MediaTypeHeaderValue("text/csv", "utf-8"));
        using HttpResponseMessage answer = await App.Http.PostAsync($"/api/imports?table={table}{columns}", body);
        string text = await answer.Content.ReadAsStringAsync();
        Assert.True(answer.StatusCode == HttpStatusCode.Accepted, text);
        await Flow.ResultAsync(JsonElement.Parse(text).GetProperty("id").GetString()!);
    }

    /// <summary>Imports a file of samples/.</summary>
    public async Task ImportSampleAsync(string name, string columns = "")
    {
        string folder = AppContext.BaseDirectory;
        while (!File.Exists(Path.Combine(folder, "Functions.sln")))
        {
            folder = Path.GetDirectoryName(folder.TrimEnd(Path.DirectorySeparatorChar))!;
        }

        await ImportAsync(name, await File.ReadAllTextAsync(Path.Combine(folder, "samples", name + ".csv")), columns);
    }

    /// <summary>Makes a report and gives its result and page.</summary>
    public async Task<(JsonElement Result, string Page)> ReportAsync(object args, string? id = null)
    {
        id = await Flow.StartWorkflowAsync("GenerateReport", args, id);
        JsonElement result = await Flow.ResultAsync(id);
        Assert.Equal($"/api/reports/{id}", result.GetProperty("report").GetString());
        return (result, await App.Http.GetStringAsync($"/api/reports/{id}"));
    }

    /// <summary>A page without what tells one run from another: the id and the time.</summary>
    public static string WithoutRun(string page) => Run().Replace(page, "");

    public ValueTask DisposeAsync() => Flow.DisposeAsync();

    [GeneratedRegex("<time .*?</time>|<code>.*?</code>")]
    private static partial Regex Run();
}
