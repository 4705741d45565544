using System.Text.Json;
using Chard.EndToEnd.Tests.Harness;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace Chard.EndToEnd.Tests.Dashboard;

/// <summary>What failed for good, seen and mended on the page.</summary>
[Collection(DashboardCollection.Name)]
public sealed class DeadLetterPageTests(DashboardHost host)
{
    private readonly string _mark = Guid.NewGuid().ToString("N")[..12];

    [ChromiumFact]
    public async Task Letter_EditedAndRetried_LetsItsWorkflowComplete()
    {
        string id = await host.StartWorkflowAsync($$"""
            {"canvas":{"chain":[{"task":"Echo","args":"seven"},{"task":"Square","onExhausted":"park"}]},"id":"{{_mark}}"}
            """);
        await host.UntilAsync(id, "parked");
        await using Screen screen = await host.OpenAsync($"workflows/{id}");

        await screen.SaysAsync("waits for somebody to decide");
        await screen.Page.GetByRole(AriaRole.Link, new() { Name = "Decide about the dead letter" }).ClickAsync();
        await screen.OnAsync("Dead letter");
        await screen.ClickAsync("Edit and retry…");
        ILocator editor = screen.Page.GetByRole(AriaRole.Textbox, new() { Name = "Arguments, edited" });
        await editor.FillAsync("{not json");
        await screen.SaysAsync("is no JSON");
        await Expect(screen.Page.GetByRole(AriaRole.Button, new() { Name = "Retry all the same" })).ToHaveCountAsync(0);
        await editor.FillAsync("7");
        await screen.ClickAsync("Retry with these arguments");
        await screen.SaysAsync("Retried with other arguments");

        await host.UntilAsync(id, "completed");
        Assert.Equal(49, (await host.GetAsync($"workflows/{id}/result")).GetInt32());
        Assert.Equal("retried", (await host.GetAsync($"dead-letters/{id}.0.1.0")).GetProperty("state").GetString());
    }

    [ChromiumTheory]
    [InlineData("Skip…", "Skip", "skipped", "completed")]
    [InlineData("Fail…", "Fail", "failed", "failed")]
    [InlineData("Discard…", "Discard", "discarded", "failed")]
    public async Task Letter_Decided_HasItsEffect(string button, string confirm, string state, string status)
    {
        string id = await ParkAsync(_mark);
        await using Screen screen = await host.OpenAsync($"dead-letters/{id}.0.0");

        await screen.ClickAsync(button);
        if (confirm == "Skip")
        {
            await screen.Page.GetByLabel("Result, as JSON").FillAsync("""{"found": false}""");
        }

        await screen.DecideAsync(confirm);
        await host.UntilAsync(id, status);

        await screen.SaysAsync(state);
        Assert.Equal(state, (await host.GetAsync($"dead-letters/{id}.0.0")).GetProperty("state").GetString());
    }

    [ChromiumFact]
    public async Task AllAlike_412OnOneCause_AreRetriedAtOnceAndComplete()
    {
        string members = string.Join(',', Enumerable.Range(0, 412).Select(i =>
            $$$"""{"task":"Flaky","args":{"failures":1,"value":{{{i}}}},"onExhausted":"park","retry":{"attempts":1}}"""));
        string id = await host.StartWorkflowAsync(
            $$$"""{"canvas":{"group":[{{{members}}}]},"id":"{{{_mark}}}","stamps":["batch={{{_mark}}}"]}""");
        await Eventually.TrueAsync("all are parked", () =>
            host.GetAsync($"dead-letters/groups?stamp=batch={_mark}").GetAwaiter().GetResult().GetProperty("total").GetInt32() == 412);
        await using Screen screen = await host.OpenAsync($"dead-letters?stamp=batch={_mark}&state=open");

        await screen.ClickAsync("Retry all…");
        ILocator dialog = screen.Page.GetByRole(AriaRole.Dialog);
        await Expect(dialog.GetByRole(AriaRole.Heading)).ToContainTextAsync("Retry 412 letters");
        await screen.DecideAsync("Retry 412");
        await Expect(dialog).ToContainTextAsync("412 matched, 412 retried, 0 refused", new() { Timeout = 120_000 });
        await screen.DecideAsync("Close");

        await host.UntilAsync(id, "completed");
        JsonElement result = await host.GetAsync($"workflows/{id}/result");
        Assert.Equal(Enumerable.Range(0, 412), result.EnumerateArray().Select(v => v.GetInt32()));
        Assert.Equal(
            0, (await host.GetAsync($"dead-letters/groups?stamp=batch={_mark}&state=open")).GetProperty("total").GetInt32());
    }

    [ChromiumTheory]
    [InlineData("Skip", "skipped", "completed")]
    [InlineData("Fail", "failed", "failed")]
    [InlineData("Discard", "discarded", "failed")]
    public async Task AllAlike_Decided_HasItsEffectOnEach(string verb, string state, string status)
    {
        string[] ids = [$"{_mark}-1", $"{_mark}-2"];
        foreach (string id in ids)
        {
            await ParkAsync(id, stamp: _mark);
        }

        await using Screen screen = await host.OpenAsync($"dead-letters?stamp={_mark}&state=open");
        await screen.ClickAsync($"{verb} all…");
        ILocator dialog = screen.Page.GetByRole(AriaRole.Dialog);
        await Expect(dialog.GetByRole(AriaRole.Heading)).ToContainTextAsync($"{verb} 2 letters");
        if (verb == "Skip")
        {
            await screen.Page.GetByLabel("Result of each, as JSON").FillAsync("[1, 2]");
        }

        await screen.DecideAsync($"{verb} 2");
        await Expect(dialog).ToContainTextAsync($"2 matched, 2 {state}, 0 refused", new() { Timeout = 30_000 });

        foreach (string id in ids)
        {
            await host.UntilAsync(id, status);
            Assert.Equal(state, (await host.GetAsync($"dead-letters/{id}.0.0")).GetProperty("state").GetString());
        }

        if (verb == "Skip")
        {
            Assert.Equal("[1,2]", (await host.GetAsync($"workflows/{ids[0]}/result")).GetRawText());
        }
    }

    [ChromiumFact]
    public async Task Groups_LeadToTheirLetters()
    {
        await ParkAsync(_mark, $"no {_mark}");
        await using Screen screen = await host.OpenAsync("dead-letters");

        await screen.Page.GetByRole(AriaRole.Link, new() { Name = "Fail / fail" }).First.ClickAsync();
        await screen.Page.WaitForURLAsync(url => url.Contains("task=Fail", StringComparison.Ordinal));
        await screen.Page.GetByRole(AriaRole.Link, new() { Name = $"{_mark}.0.0" }).ClickAsync();

        await screen.OnAsync($"{_mark}.0.0");
        await screen.SaysAsync($"no {_mark}");
        await screen.Page.GoBackAsync();
        await screen.OnAsync("Dead letters");
    }

    private async Task<string> ParkAsync(string id, string message = "no", string stamp = "parked")
    {
        await host.StartWorkflowAsync($$$"""
            {"task":"Fail","args":{"kind":"permanent","message":"{{{message}}}"},"onExhausted":"park","id":"{{{id}}}",
            "stamps":["{{{stamp}}}"]}
            """);
        await host.UntilAsync(id, "parked");
        return id;
    }
}
