using System.Text.Json;

namespace Chard.EndToEnd.Tests.Tool;

/// <summary>Workflows started, watched, shown and stopped from the command line.</summary>
[Collection(ToolCollection.Name)]
public sealed class ToolWorkflowTests(ToolHost host)
{
    private const string Hour = """{"seconds":3600}""";

    private readonly string _mark = Guid.NewGuid().ToString("N")[..12];

    [Fact]
    public async Task Import_UploadsTheFileAndTellsItsRows()
    {
        string file = host.File("people.csv", "id,name\n1,Ada\n2,Grace,too many\n3,Alan\n");

        ToolRun run = (await host.RunAsync("import", file, "--table", "t" + _mark, "--id", _mark, "--owner", "ann")).Ended(0);

        Assert.Contains($"2 of 3 rows are in table t{_mark}, 1 rejected.", run.Output, StringComparison.Ordinal);
        string link = new Uri(host.App.Http.BaseAddress!, $"/api/imports/{_mark}/errors").ToString();
        Assert.Contains(link, run.Output, StringComparison.Ordinal);
        Assert.Contains("\"line\":3", await host.App.Http.GetStringAsync(new Uri(link)), StringComparison.Ordinal);
        Assert.Contains("uploaded", run.Error, StringComparison.Ordinal);
        Assert.Contains($"{_mark} completed", run.Error, StringComparison.Ordinal);
        Assert.Equal("ann", (await host.GetAsync($"workflows/{_mark}")).GetProperty("owner").GetString());
    }

    [Fact]
    public async Task Import_ParametersReachTheApp()
    {
        string file = host.File("rows.txt", "1;a\n2;b\n");

        ToolRun run = (await host.RunAsync(
            "import", file, "--no-header", "--delimiter", "semicolon", "--columns", "n:integer,t:text", "--encoding", "utf-8",
            "--max-errors", "5", "--id", _mark, "--json")).Ended(0);

        Assert.Equal("completed", run.Json.GetProperty("status").GetString());
        JsonElement result = await host.GetAsync($"workflows/{_mark}/result");
        Assert.Equal((2, 2), (result.GetProperty("rows").GetInt32(), result.GetProperty("imported").GetInt32()));
        Assert.Equal("n", result.GetProperty("columns")[0].GetProperty("name").GetString());
    }

    [Fact]
    public async Task Import_WhatTheAppRefuses_EndsWith1AndNamesTheParameter()
    {
        string file = host.File("people.csv", "id,name\n1,Ada\n");

        ToolRun run = (await host.RunAsync("import", file, "--table", "no table")).Ended(1);

        Assert.Contains("?table: ", run.Error, StringComparison.Ordinal);
        Assert.Empty(run.Output);
    }

    [Fact]
    public async Task Start_ATask_IsWatchedToItsEndAndItsResultIsPrinted()
    {
        (await host.RunAsync(
            "start", "--task", "Square", "--args", "7", "--id", _mark, "--owner", "ann", "--stamp", "a=1", "--stamp", "b",
            "--expires-in", "600")).Ended(0);

        JsonElement status = await host.GetAsync($"workflows/{_mark}");
        Assert.Equal(("completed", "ann"), (status.GetProperty("status").GetString(), status.GetProperty("owner").GetString()));
        Assert.Equal(["a=1", "b"], status.GetProperty("stamps").EnumerateArray().Select(s => s.GetString()));
        Assert.NotEqual(JsonValueKind.Null, status.GetProperty("expiresAt").ValueKind);
        Assert.Equal("49", (await host.RunAsync("result", _mark)).Ended(0).Output.Trim());

        string target = host.File("result.json", "");
        Assert.Empty((await host.RunAsync("result", _mark, "--output", target)).Ended(0).Output);
        Assert.Equal("49", await File.ReadAllTextAsync(target));
    }

    [Fact]
    public async Task Start_ACanvasFromTheInputAndArgumentsFromAFile_Runs()
    {
        string args = host.File("args.json", """{"n":5}""");

        (await host.RunAsync(
            ["start", "--canvas", "-", "--args", "@" + args, "--id", _mark], default,
            """{"chain":[{"task":"Square","args":"$input/n"},{"task":"Square"}]}""")).Ended(0);

        Assert.Equal(625, (await host.GetAsync($"workflows/{_mark}/result")).GetInt32());
    }

    [Fact]
    public async Task Start_AWorkflowThatFails_EndsWith1AndSaysWhy()
    {
        string[] args = ["start", "--task", "Fail", "--args", """{"kind":"permanent","message":"There is none."}""", "--id", _mark];

        ToolRun run = (await host.RunAsync(args)).Ended(1);

        Assert.Contains("failed", run.Output, StringComparison.Ordinal);
        Assert.Contains("fail: There is none. (Fail)", run.Output, StringComparison.Ordinal);
        Assert.Equal("failed", (await host.RunAsync("watch", _mark, "--json")).Ended(1).Json.GetProperty("status").GetString());
        Assert.Contains("fail: There is none.", (await host.RunAsync("show", _mark)).Ended(0).Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Start_SentTwiceUnderAKey_IsOneAndAnotherUnderItIsRefused()
    {
        string[] start = ["start", "--task", "Echo", "--detach", "--json", "--idempotency-key", _mark, "--args"];

        ToolRun first = (await host.RunAsync([.. start, "1"])).Ended(0);
        ToolRun again = (await host.RunAsync([.. start, "1"])).Ended(0);
        ToolRun other = (await host.RunAsync([.. start, "2"])).Ended(1);

        Assert.Equal(first.Json.GetProperty("id").GetString(), again.Json.GetProperty("id").GetString());
        Assert.Equal("urn:chard:problem:idempotency-key-reused", other.Json.GetProperty("type").GetString());
    }

    [Fact]
    public async Task Start_Checked_StartsNothing()
    {
        Assert.True((await host.RunAsync("start", "--task", "Square", "--args", "7", "--id", _mark, "--check", "--json"))
            .Ended(0).Json.GetProperty("valid").GetBoolean());
        ToolRun wrong = (await host.RunAsync("start", "--task", "Square", "--args", "\"seven\"", "--id", _mark, "--check")).Ended(1);

        Assert.Contains("/args: ", wrong.Error, StringComparison.Ordinal);
        Assert.Contains("no such workflow", (await host.RunAsync("show", _mark)).Ended(1).Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task List_FiltersAndPages()
    {
        for (int i = 0; i < 3; i++)
        {
            (await host.RunAsync("start", "--task", "Echo", "--id", $"{_mark}-{i}", "--owner", _mark, "--stamp", $"n={i % 2}")).Ended(0);
        }

        JsonElement page = (await host.RunAsync("list", "--owner", _mark, "--limit", "2", "--json")).Ended(0).Json;
        JsonElement all = (await host.RunAsync("list", "--owner", _mark, "--all", "--json")).Ended(0).Json;
        ToolRun some = (await host.RunAsync("list", "--owner", _mark, "--stamp", "n=0", "--status", "completed")).Ended(0);
        ToolRun byId = (await host.RunAsync("list", "--id-prefix", _mark)).Ended(0);

        Assert.Equal(2, page.GetProperty("workflows").GetArrayLength());
        Assert.Equal(JsonValueKind.String, page.GetProperty("continuation").ValueKind);
        Assert.Equal(3, all.GetProperty("workflows").GetArrayLength());
        Assert.Equal(JsonValueKind.Null, all.GetProperty("continuation").ValueKind);
        Assert.Equal([$"{_mark}-2", $"{_mark}-0"], FirstWords(some));
        Assert.Equal([$"{_mark}-0", $"{_mark}-1", $"{_mark}-2"], FirstWords(byId));
    }

    [Fact]
    public async Task Show_HasTheTreeTheReasonsAndTheLetters()
    {
        const string Canvas = """
            {"chain":[{"task":"Echo","args":1},{"group":[{"task":"Square","args":2},
            {"task":"Fail","args":{"kind":"permanent","message":"bad\u001b[31m"},"onExhausted":"park"}]},
            {"chord":{"header":[{"task":"Echo"}],"body":{"task":"Echo"}},"onError":{"task":"Echo"}}]}
            """;
        (await host.RunAsync(["start", "--canvas", "-", "--id", _mark, "--no-wait-parked"], default, Canvas)).Ended(4);

        string[] lines = (await host.RunAsync("show", _mark)).Ended(0).Output.Split('\n');
        JsonElement json = (await host.RunAsync("show", _mark, "--json")).Ended(0).Json;

        Assert.Contains(lines, l => l.Contains("0.1.1  Fail  parked: fail: bad", StringComparison.Ordinal));
        Assert.Contains(lines, l => l.Contains("0.1.0  Square  succeeded", StringComparison.Ordinal));
        Assert.Contains(lines, l => l.Contains("0.2.b  body: Echo  not begun", StringComparison.Ordinal));
        Assert.Contains(lines, l => l.Contains("0.2.e  on error: Echo", StringComparison.Ordinal));
        Assert.Contains(lines, l => l.Contains($"[letter {_mark}.0.1.1.0]", StringComparison.Ordinal));
        Assert.Equal("parked", json.GetProperty("reasons")[0].GetProperty("code").GetString());
        Assert.Equal(3, json.GetProperty("workflow").GetProperty("tasks").GetArrayLength());
        Assert.Equal(3, json.GetProperty("start").GetProperty("canvas").GetProperty("chain").GetArrayLength());
        Assert.Equal($"{_mark}.0.1.1.0", json.GetProperty("deadLetters")[0].GetProperty("id").GetString());
    }

    [Fact]
    public async Task Show_OfAWideMap_LeavesOutWhatIsNotAskedFor()
    {
        string items = string.Join(',', Enumerable.Range(0, 30));
        string canvas = $$"""{"map":{"task":"Square","over":[{{items}}]}, "id":"wide"}""";
        (await host.RunAsync(["start", "--canvas", "-", "--id", _mark], default, canvas)).Ended(0);

        ToolRun some = (await host.RunAsync("show", _mark)).Ended(0);
        ToolRun all = (await host.RunAsync("show", _mark, "--full")).Ended(0);

        Assert.Contains("and 10 succeeded (--full shows them)", some.Output, StringComparison.Ordinal);
        Assert.Equal(20, some.Output.Split('\n').Count(l => l.Contains("Square  succeeded", StringComparison.Ordinal)));
        Assert.Equal(30, all.Output.Split('\n').Count(l => l.Contains("Square  succeeded", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task CancelPauseResume_ByIdAndByFilter_ReachTheWorkflows()
    {
        string[] ids = [$"{_mark}-0", $"{_mark}-1"];
        foreach (string id in ids)
        {
            (await host.RunAsync("start", "--task", "Sleep", "--args", Hour, "--id", id, "--stamp", _mark, "-d")).Ended(0);
            await host.UntilAsync(id, "running");
        }

        (await host.RunAsync("pause", ids[0])).Ended(0);
        await host.UntilAsync(ids[0], "paused");
        (await host.RunAsync("watch", ids[0], "--no-wait-parked")).Ended(4);
        (await host.RunAsync("resume", "--stamp", _mark, "--yes")).Ended(0);
        await host.UntilAsync(ids[0], "running");

        ToolRun asked = (await host.RunAsync("cancel", "--stamp", _mark)).Ended(2);
        Assert.Contains("2 workflows would be cancelled", asked.Error, StringComparison.Ordinal);
        await host.UntilAsync(ids[1], "running");

        JsonElement done = (await host.RunAsync("cancel", "--stamp", _mark, "--yes", "--json")).Ended(0).Json;
        Assert.Equal((2, 2), (done.GetProperty("matched").GetInt32(), done.GetProperty("cancelled").GetInt32()));
        await host.UntilAsync(ids[0], "cancelled");
        await host.UntilAsync(ids[1], "cancelled");

        ToolRun late = (await host.RunAsync("resume", ids[0], ids[1])).Ended(1);
        Assert.Equal(2, late.Error.Split('\n').Count(l => l.Contains("cannot be resumed", StringComparison.Ordinal)));
    }

    private static IEnumerable<string> FirstWords(ToolRun run) =>
        run.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries).Skip(1).Select(l => l.Split(' ')[0]);
}
