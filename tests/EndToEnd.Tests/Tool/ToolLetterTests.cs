using System.Text.Json;

namespace Chard.EndToEnd.Tests.Tool;

/// <summary>Dead letters seen and decided from the command line, and the lists of what there is.</summary>
[Collection(ToolCollection.Name)]
public sealed class ToolLetterTests(ToolHost host)
{
    private readonly string _mark = Guid.NewGuid().ToString("N")[..12];

    [Fact]
    public async Task Letters_AreGroupedListedAndShown()
    {
        await ParkAsync($"{_mark}-0");
        await ParkAsync($"{_mark}-1");

        ToolRun groups = (await host.RunAsync("letters", "--stamp", _mark)).Ended(0);
        JsonElement json = (await host.RunAsync("letters", "--stamp", _mark, "--json")).Ended(0).Json;
        ToolRun list = (await host.RunAsync("letters", "--list", "--workflow-id", $"{_mark}-0")).Ended(0);
        ToolRun one = (await host.RunAsync("letter", $"{_mark}-0.0.0")).Ended(0);

        string row = Assert.Single(groups.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries)[1..]);
        Assert.Equal(["2", "2", "Fail", "fail"], row.Split(' ', StringSplitOptions.RemoveEmptyEntries)[..4]);
        Assert.Equal(2, json.GetProperty("total").GetInt32());
        Assert.Contains($"{_mark}-0.0.0  parked", list.Output, StringComparison.Ordinal);
        Assert.Contains("\"kind\":\"permanent\"", one.Output, StringComparison.Ordinal);
        Assert.Contains("PermanentTaskException: ", one.Output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("skip", "skipped", "completed")]
    [InlineData("fail", "failed", "failed")]
    [InlineData("discard", "discarded", "failed")]
    public async Task Letter_Decided_HasItsEffect(string command, string state, string status)
    {
        await ParkAsync(_mark);
        string[] result = command == "skip" ? ["--result", """{"found":false}"""] : [];

        ToolRun run = (await host.RunAsync([command, $"{_mark}.0.0", "--by", "ann", .. result])).Ended(0);

        Assert.Contains($"{_mark}.0.0 is {state}", run.Output, StringComparison.Ordinal);
        await host.UntilAsync(_mark, status);
        JsonElement letter = await host.GetAsync($"dead-letters/{_mark}.0.0");
        Assert.Equal((state, "ann"), (letter.GetProperty("state").GetString(), letter.GetProperty("resolvedBy").GetString()));
        ToolRun again = (await host.RunAsync(command, $"{_mark}.0.0", "--json")).Ended(1);
        Assert.Equal("urn:chard:problem:wrong-state", again.Json.GetProperty("type").GetString());
    }

    [Fact]
    public async Task Retry_WithOtherArguments_LetsTheWorkflowComplete()
    {
        const string Canvas = """{"chain":[{"task":"Echo","args":"seven"},{"task":"Square","onExhausted":"park"}]}""";
        (await host.RunAsync(["start", "--canvas", "-", "--id", _mark, "--no-wait-parked"], default, Canvas)).Ended(4);

        (await host.RunAsync("retry", $"{_mark}.0.1.0", "--args", "7")).Ended(0);

        (await host.RunAsync("watch", _mark)).Ended(0);
        Assert.Equal("49", (await host.RunAsync("result", _mark)).Ended(0).Output.Trim());
    }

    [Fact]
    public async Task Decide_ByFilter_TellsTheNumberAndThenDoesIt()
    {
        await ParkAsync($"{_mark}-0");
        await ParkAsync($"{_mark}-1");

        ToolRun asked = (await host.RunAsync("skip", "--stamp", _mark)).Ended(2);
        Assert.Contains("2 dead letters would be skipped", asked.Error, StringComparison.Ordinal);
        await host.UntilAsync($"{_mark}-0", "parked");

        ToolRun done = (await host.RunAsync("skip", "--stamp", _mark, "--class", "fail", "--yes")).Ended(0);
        Assert.Equal("2 matched, 2 resolved, 0 refused.", done.Output.Trim());
        await host.UntilAsync($"{_mark}-0", "completed");
        await host.UntilAsync($"{_mark}-1", "completed");

        JsonElement none = (await host.RunAsync("retry", "--stamp", _mark, "--yes", "--json")).Ended(0).Json;
        Assert.Equal((0, 0), (none.GetProperty("matched").GetInt32(), none.GetProperty("retried").GetInt32()));
        (await host.RunAsync("retry", "--stamp", _mark, "--args", "1", "--yes")).Ended(2);
    }

    [Fact]
    public async Task Decide_SomeOfWhichAreRefused_DoesTheOthersAndEndsWith1()
    {
        await ParkAsync(_mark);

        ToolRun run = (await host.RunAsync("skip", "nobody.0.0", $"{_mark}.0.0", "--json")).Ended(1);

        Assert.Equal(2, run.Json.GetArrayLength());
        Assert.Equal("skipped", run.Json[1].GetProperty("state").GetString());
        await host.UntilAsync(_mark, "completed");
    }

    [Fact]
    public async Task Lists_TellWhatTheAppHas()
    {
        Assert.Contains("Europe/Berlin", (await host.RunAsync("schedules")).Ended(0).Output, StringComparison.Ordinal);
        Assert.Contains("2.5", (await host.RunAsync("limits")).Ended(0).Output, StringComparison.Ordinal);
        Assert.Contains("Square", (await host.RunAsync("tasks")).Ended(0).Output, StringComparison.Ordinal);
        foreach ((string command, string member) in new[] { ("schedules", "schedules"), ("limits", "limits"), ("tasks", "tasks") })
        {
            JsonElement told = (await host.RunAsync(command, "--json")).Ended(0).Json;
            Assert.Equal((await host.GetAsync(command)).GetProperty(member).GetArrayLength(), told.GetProperty(member).GetArrayLength());
        }
    }

    [Fact]
    public async Task Schedule_Run_StartsItAndWatches()
    {
        ToolRun run = (await host.RunAsync("schedules", "run", "new-year", "--json")).Ended(0);

        string id = run.Json.GetProperty("id").GetString()!;
        JsonElement result = await host.GetAsync($"workflows/{id}/result");
        Assert.Equal("A happy new year", result.GetProperty("value").GetString());
        (await host.RunAsync("schedules", "run", "nobody")).Ended(1);
    }

    private async Task ParkAsync(string id) => (await host.RunAsync(
        "start", "--task", "Fail", "--args", """{"kind":"permanent","message":"There is none."}""", "--on-exhausted", "park",
        "--id", id, "--stamp", _mark, "--no-wait-parked")).Ended(4);
}
