using System.Net;
using Chard.Functions;
using Chard.Starts;
using Chard.Testing;
using Chard.Tests.Support;

namespace Chard.EndToEnd.Tests.Tool;

/// <summary>Bad input, keys, an app that is away, Ctrl-C, completion.</summary>
[Collection(ToolCollection.Name)]
public sealed class ToolMannersTests(ToolHost host)
{
    private readonly string _mark = Guid.NewGuid().ToString("N")[..12];

    [Theory]
    [InlineData("nonsense")]
    [InlineData("import")]
    [InlineData("import no-such-file.csv")]
    [InlineData("import x.csv --header --no-header")]
    [InlineData("start")]
    [InlineData("start --task Echo --workflow ImportCsv")]
    [InlineData("start --task Echo --args {bad")]
    [InlineData("start --task Echo --args @no-such-file.json")]
    [InlineData("start --task Echo --on-exhausted explode")]
    [InlineData("list --status odd")]
    [InlineData("list --limit 0")]
    [InlineData("list --limit many")]
    [InlineData("cancel")]
    [InlineData("cancel some-id --stamp x")]
    [InlineData("retry")]
    [InlineData("skip x --result {bad")]
    [InlineData("watch")]
    [InlineData("completion cmd")]
    [InlineData("list --url elsewhere")]
    [InlineData("list --url http://localhost:1/?code=secret")]
    public async Task WrongCommandLine_EndsWith2AndSaysWhy(string line)
    {
        ToolRun run = (await host.RunAsync(line.Split(' '))).Ended(2);

        Assert.NotEmpty(run.Error);
        Assert.Empty(run.Output);
    }

    [Fact]
    public async Task Help_TellsCommandsAndExitCodes()
    {
        ToolRun run = (await host.RunAsync("--help")).Ended(0);

        string[] commands =
        [
            "import", "start", "watch", "list", "show", "result", "cancel", "pause", "resume", "letters", "letter", "retry", "skip",
            "fail", "discard", "schedules", "limits", "tasks", "completion",
        ];
        Assert.All(commands, c => Assert.Contains($"\n  {c} ", run.Output, StringComparison.Ordinal));
        Assert.All(["0", "1", "2", "3", "4", "130"], c => Assert.Contains($"\n  {c} ", run.Output, StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("chard sched", "schedules")]
    [InlineData("chard list --sta", "--status")]
    [InlineData("chard list --status p", "parked")]
    [InlineData("chard start --on-exhausted ", "skip")]
    public async Task Suggest_CompletesCommandsOptionsAndValues(string line, string expected)
    {
        ToolRun run = (await host.RunAsync($"[suggest:{line.Length}]", line)).Ended(0);

        Assert.Contains(expected, run.Output.Split('\n').Select(l => l.Trim()));
    }

    [Theory]
    [InlineData("bash", "complete ")]
    [InlineData("zsh", "compdef ")]
    [InlineData("pwsh", "Register-ArgumentCompleter ")]
    public async Task Completion_PrintsAScript(string shell, string expected) => Assert.Contains(
        expected, (await host.RunAsync("completion", shell)).Ended(0).Output, StringComparison.Ordinal);

    [Fact]
    public async Task App_ThatIsNotThere_EndsWith3()
    {
        string nowhere = $"http://localhost:{FreePort.Next()}";

        ToolRun run = (await host.RunAsync("list", "--url", nowhere, "--json")).Ended(3);

        Assert.Contains(nowhere, run.Error, StringComparison.Ordinal);
        Assert.Empty(run.Output);
    }

    [Theory]
    [InlineData(HttpStatusCode.OK, "<html>", "no JSON")]
    [InlineData(HttpStatusCode.NotFound, "<html>", "HTTP 404")]
    [InlineData(HttpStatusCode.Redirect, "", "leads elsewhere")]
    [InlineData(HttpStatusCode.ServiceUnavailable, """{"type":"urn:chard:problem:unhealthy","title":"Away."}""", "Away.")]
    public async Task Answer_ThatIsNoneOfAnApp_EndsWith3(HttpStatusCode status, string body, string expected)
    {
        string address = $"http://localhost:{FreePort.Next()}/";
        using var server = new HttpListener { Prefixes = { address } };
        server.Start();
        Task<ToolRun> running = host.RunAsync("limits", "--url", address, "--key", "secret");
        HttpListenerContext call = await server.GetContextAsync();
        Assert.Equal(("secret", "/api/limits"), (call.Request.Headers["x-functions-key"], call.Request.RawUrl));
        call.Response.StatusCode = (int)status;
        call.Response.RedirectLocation = status == HttpStatusCode.Redirect ? "http://elsewhere.example/" : null;
        call.Response.Close(System.Text.Encoding.UTF8.GetBytes(body), willBlock: true);

        Assert.Contains(expected, (await running).Ended(3).Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Key_MissingOrWrong_EndsWith3AndIsTakenFromOptionAndEnvironment()
    {
        await using FunctionsTestHost app = await FunctionsTestHost.StartAsync<TaskFunctions>(o =>
        {
            o.EnableAuth = true;
            o.FunctionTypes = [.. typeof(WorkflowsApi).Assembly.GetTypes(), .. typeof(TaskFunctions).Assembly.GetTypes()];
        });
        string url = app.Http.BaseAddress!.ToString();

        ToolRun none = (await ToolRun.OfAsync(["list", "--url", url], _ => null)).Ended(3);
        (await ToolRun.OfAsync(["list", "--url", url, "--key", "guess"], _ => null)).Ended(3);
        (await ToolRun.OfAsync(["list", "--url", url, "--key", "gu ess"], _ => null)).Ended(2);
        string upload = host.File("refused.csv", "id\n1\n");
        (await ToolRun.OfAsync(["import", upload, "--url", url, "--key", "guess"], _ => null)).Ended(3);
        (await ToolRun.OfAsync(["list", "--url", url, "--key", app.Keys.Host], _ => null)).Ended(0);
        (await ToolRun.OfAsync(["list", "--url", url], name => name == "CHARD_KEY" ? app.Keys.Host : null)).Ended(0);
        (await ToolRun.OfAsync(
            ["list"], name => name switch { "CHARD_KEY" => app.Keys.Host, "CHARD_URL" => $"{url}api/", _ => null })).Ended(0);

        Assert.Contains("CHARD_KEY", none.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task CtrlC_WhileWatching_EndsWith130AndTheWorkflowGoesOn()
    {
        using var interrupted = new CancellationTokenSource();
        Task<ToolRun> running = host.RunAsync(
            ["start", "--task", "Sleep", "--args", """{"seconds":3600}""", "--id", _mark], interrupted.Token);
        await Eventually.TrueAsync("it runs", async () =>
        {
            using HttpResponseMessage answer = await host.App.Http.GetAsync(new Uri($"/api/workflows/{_mark}", UriKind.Relative));
            return (await answer.Content.ReadAsStringAsync()).Contains("\"running\"", StringComparison.Ordinal);
        });

        await interrupted.CancelAsync();
        ToolRun run = (await running).Ended(130);

        Assert.Contains($"chard watch {_mark}", run.Error, StringComparison.Ordinal);
        Assert.Equal("running", (await host.GetAsync($"workflows/{_mark}")).GetProperty("status").GetString());
        (await host.RunAsync("cancel", _mark)).Ended(0);
        (await host.RunAsync("watch", _mark)).Ended(1);
    }

    [Fact]
    public async Task CtrlC_WhenTheFileIsSentAndNotAnswered_SaysWhereToLook()
    {
        string address = $"http://localhost:{FreePort.Next()}/";
        using var server = new HttpListener { Prefixes = { address } };
        server.Start();
        using var interrupted = new CancellationTokenSource();
        string file = host.File("people.csv", "id\n1\n");
        Task<ToolRun> running = host.RunAsync(["import", file, "--url", address], interrupted.Token);
        HttpListenerContext call = await server.GetContextAsync();
        using var body = new StreamReader(call.Request.InputStream);
        Assert.Equal("id\n1\n", await body.ReadToEndAsync());
        Assert.Equal(("text/csv", 5L), (call.Request.ContentType, call.Request.ContentLength64));

        await interrupted.CancelAsync();

        Assert.Contains("chard list --workflow ImportCsv", (await running).Ended(130).Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Watch_AnAppThatRestarts_GoesOn()
    {
        string address = $"http://localhost:{FreePort.Next()}/";
        using var server = new HttpListener { Prefixes = { address } };
        server.Start();
        Task<ToolRun> running = host.RunAsync("watch", _mark, "--url", address);

        await AnswerAsync(200, $$"""{"id":"{{_mark}}","workflow":"W","status":"running","progress":null}""");
        await AnswerAsync(503, """{"type":"urn:chard:problem:storage-unavailable","title":"Away."}""");
        await AnswerAsync(200, $$"""{"id":"{{_mark}}","workflow":"W","status":"completed","progress":null}""");

        ToolRun run = (await running).Ended(0);
        Assert.Contains("The app is away", run.Error, StringComparison.Ordinal);

        async Task AnswerAsync(int status, string body)
        {
            HttpListenerContext call = await server.GetContextAsync();
            call.Response.StatusCode = status;
            call.Response.Close(System.Text.Encoding.UTF8.GetBytes(body), willBlock: true);
        }
    }
}
