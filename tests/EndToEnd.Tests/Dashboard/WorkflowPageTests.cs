using System.Net;
using System.Text.Json;
using Chard.EndToEnd.Tests.Harness;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace Chard.EndToEnd.Tests.Dashboard;

/// <summary>Workflows found, watched, started and stopped on the page.</summary>
[Collection(DashboardCollection.Name)]
public sealed class WorkflowPageTests(DashboardHost host)
{
    private readonly string _mark = Guid.NewGuid().ToString("N")[..12];

    [ChromiumFact]
    public async Task List_FiltersStandInTheUrlAndBulkCancelTakesWhatTheyShow()
    {
        for (int i = 0; i < 3; i++)
        {
            await host.StartWorkflowAsync($$$"""
                {"task":"Sleep","args":{"seconds":3600},"id":"{{{_mark}}}-{{{i}}}","owner":"{{{_mark}}}","stamps":["n={{{i % 2}}}"]}
                """);
            await host.UntilAsync($"{_mark}-{i}", "running");
        }

        await using Screen screen = await host.OpenAsync("workflows");
        await FilterAsync("Owner", _mark);
        await Rows(3);
        await FilterAsync("Stamp", "n=0");
        await Rows(2);
        await screen.Page.GetByLabel("Status").SelectOptionAsync("running");
        await screen.Page.WaitForURLAsync(url => url.Contains("owner=", StringComparison.Ordinal)
            && url.Contains("stamp=", StringComparison.Ordinal) && url.Contains("status=running", StringComparison.Ordinal));
        await screen.Page.ReloadAsync();
        await Rows(2);

        await screen.ClickAsync("Cancel all…");
        await Expect(screen.Page.GetByRole(AriaRole.Dialog).GetByRole(AriaRole.Heading)).ToContainTextAsync("Cancel 2 workflows");
        await screen.DecideAsync("Cancel 2");
        await screen.SaysAsync("2 matched, 2 cancelled, 0 refused");
        await screen.DecideAsync("Close");

        await host.UntilAsync($"{_mark}-0", "cancelled");
        await host.UntilAsync($"{_mark}-2", "cancelled");
        await host.UntilAsync($"{_mark}-1", "running");
        await screen.Page.GetByRole(AriaRole.Button, new() { Name = "Clear filters" }).ClickAsync();
        await FilterAsync("Owner", _mark);
        await Rows(3);
        IDownload file = await screen.Page.RunAndWaitForDownloadAsync(() => screen.ClickAsync("Save as CSV"));
        string[] lines = (await File.ReadAllTextAsync(await file.PathAsync())).Trim().Split('\n');
        Assert.Equal(4, lines.Length);
        Assert.All(lines[1..], line => Assert.Contains(_mark, line, StringComparison.Ordinal));

        async Task FilterAsync(string label, string value)
        {
            await screen.Page.GetByLabel(label, new() { Exact = true }).FillAsync(value);
            await screen.Page.GetByLabel(label, new() { Exact = true }).PressAsync("Enter");
        }

        Task Rows(int count) => Expect(screen.Page.Locator("table.rows tbody tr")).ToHaveCountAsync(count);
    }

    [ChromiumFact]
    public async Task List_BulkPauseAndResume_TakeWhatTheyShow()
    {
        string[] ids = [$"{_mark}-1", $"{_mark}-2"];
        foreach (string id in ids)
        {
            await host.StartWorkflowAsync($$$"""{"task":"Sleep","args":{"seconds":3600},"id":"{{{id}}}","owner":"{{{_mark}}}"}""");
            await host.UntilAsync(id, "running");
        }

        await using Screen screen = await host.OpenAsync($"workflows?owner={_mark}");
        foreach ((string verb, string past, string status) in new[] { ("Pause", "paused", "paused"), ("Resume", "resumed", "running") })
        {
            await screen.ClickAsync($"{verb} all…");
            await Expect(screen.Page.GetByRole(AriaRole.Dialog).GetByRole(AriaRole.Heading)).ToContainTextAsync($"{verb} 2 workflows");
            await screen.DecideAsync($"{verb} 2");
            await screen.SaysAsync($"2 matched, 2 {past}, 0 refused");
            await screen.DecideAsync("Close");
            foreach (string id in ids)
            {
                await host.UntilAsync(id, status);
            }
        }
    }

    [ChromiumFact]
    public async Task Workflow_CancelledThenDeletedByItsButtons_IsGone()
    {
        await host.StartWorkflowAsync($$$"""{"task":"Sleep","args":{"seconds":3600},"id":"{{{_mark}}}"}""");
        await host.UntilAsync(_mark, "running");
        await using Screen screen = await host.OpenAsync($"workflows/{_mark}");

        await screen.ClickAsync("Cancel");
        await screen.DecideAsync("Leave it");
        await host.UntilAsync(_mark, "running");
        await screen.ClickAsync("Cancel");
        await screen.DecideAsync("Cancel");
        await host.UntilAsync(_mark, "cancelled");

        await screen.ClickAsync("Delete");
        await screen.DecideAsync("Delete");
        await screen.OnAsync("Workflows");
        await Eventually.SeenAsync(
            "it is gone", () => host.App.Http.GetAsync($"/api/workflows/{_mark}"), answer => answer.StatusCode == HttpStatusCode.NotFound);
    }

    [ChromiumFact]
    public async Task Search_AnIdOpensItAndABeginningListsThoseThatHaveIt()
    {
        await host.StartWorkflowAsync($$$"""{"task":"Echo","args":1,"id":"{{{_mark}}}-one"}""");
        await host.StartWorkflowAsync($$$"""{"task":"Echo","args":1,"id":"{{{_mark}}}-two"}""");
        await using Screen screen = await host.OpenAsync("");

        await screen.Page.Keyboard.PressAsync("/");
        await Expect(screen.Page.GetByLabel("Id, or its beginning")).ToBeFocusedAsync();
        await screen.Page.Keyboard.TypeAsync(_mark);
        await screen.Page.Keyboard.PressAsync("Enter");
        await Expect(screen.Page.Locator("table.rows tbody tr")).ToHaveCountAsync(2);

        // Nothing but keys from here on.
        await screen.Page.EvaluateAsync("() => document.activeElement.blur()");
        await screen.Page.Keyboard.PressAsync("j");
        await screen.Page.Keyboard.PressAsync("j");
        await screen.Page.Keyboard.PressAsync("k");
        await screen.Page.Keyboard.PressAsync("j");
        await screen.Page.Keyboard.PressAsync("Enter");
        await screen.OnAsync($"{_mark}-two");
        await screen.Page.Keyboard.PressAsync("?");
        await Expect(screen.Page.GetByRole(AriaRole.Dialog)).ToBeVisibleAsync();
        await screen.Page.Keyboard.PressAsync("Escape");
        await Expect(screen.Page.GetByRole(AriaRole.Dialog)).ToHaveCountAsync(0);
        await screen.Page.Keyboard.PressAsync("g");
        await screen.Page.Keyboard.PressAsync("s");
        await screen.OnAsync("Schedules");
    }

    [ChromiumFact]
    public async Task Workflow_IsWatchedLiveAndShowsItsTreeAndResults()
    {
        string id = await host.StartWorkflowAsync($$$"""
            {"canvas":{"chain":[{"task":"Echo","args":{"value":4}},{"task":"Sleep","args":{"seconds":3600}},
            {"group":[{"task":"Square","args":2},{"task":"Fail","args":{"kind":"permanent","message":"no"},"onExhausted":"park"}]}]},
            "id":"{{{_mark}}}"}
            """);
        await host.UntilAsync(id, "running");
        await using Screen screen = await host.OpenAsync($"workflows/{id}");

        await screen.SaysAsync("Why is it not done?");
        await Expect(screen.Page.GetByRole(AriaRole.Heading, new() { Name = "Tasks" })).ToBeVisibleAsync();
        await Expect(screen.Page.GetByTestId("live")).ToContainTextAsync("● live");
        await screen.ClickAsync("Pause");
        await host.UntilAsync(id, "paused");
        await Expect(screen.Page.GetByRole(AriaRole.Button, new() { Name = "Resume" })).ToBeVisibleAsync();
        await screen.ClickAsync("Resume");
        await host.UntilAsync(id, "running");

        // It is cancelled by somebody else: the page hears of it by itself.
        using HttpResponseMessage cancelled = await host.App.Http.PostAsync($"/api/workflows/{id}/cancel", null);
        await Expect(screen.Page.Locator("main")).ToContainTextAsync("cancelled", new() { Timeout = 20_000 });
    }

    [ChromiumFact]
    public async Task Workflow_WithAFailureDeepDown_ShowsItAndTheTasksResult()
    {
        string id = await host.StartWorkflowAsync($$$"""
            {"canvas":{"group":[{"chain":[{"task":"Echo","args":{"token":"secret-{{{_mark}}}"}},{"group":[{"task":"Square","args":3},
            {"task":"Fail","args":{"kind":"permanent","message":"deep {{{_mark}}}"},"onExhausted":"park"}]}]},{"task":"Echo","args":1}]},
            "id":"{{{_mark}}}"}
            """);
        await host.UntilAsync(id, "parked");
        await using Screen screen = await host.OpenAsync($"workflows/{id}?task=0.0.1.0");

        await Expect(screen.Page.Locator("main")).ToContainTextAsync($"deep {_mark}");
        await Expect(screen.Page.Locator("main")).ToContainTextAsync("0.0.1.1");
        await screen.Page.GetByTestId("task-panel").GetByRole(AriaRole.Button, new() { Name = "Load the result" }).ClickAsync();
        await Expect(screen.Page.GetByRole(AriaRole.Region, new() { Name = "Result of the task at 0.0.1.0" })).ToHaveTextAsync("9");
    }

    [ChromiumFact]
    public async Task Start_ATaskByItsForm_ChecksItAndLeadsToIt()
    {
        await using Screen screen = await host.OpenAsync("start?task=Sleep");

        await screen.Page.GetByLabel("seconds", new() { Exact = false }).First.FillAsync("0.01");
        await screen.Page.GetByLabel("Id", new() { Exact = true }).FillAsync(_mark);
        await screen.Page.GetByRole(AriaRole.Button, new() { Name = "Start", Exact = true }).ClickAsync();
        await Expect(screen.Page.GetByRole(AriaRole.Link, new() { Name = _mark }).First).ToBeVisibleAsync();

        await host.UntilAsync(_mark, "completed");
    }

    [ChromiumFact]
    public async Task Schedule_RunNow_StartsIt()
    {
        await using Screen screen = await host.OpenAsync("schedules");
        await screen.SaysAsync("new-year");

        await screen.ClickAsync("Run now");
        await screen.DecideAsync("Run now");
        ILocator link = screen.Page.GetByTestId("toasts").GetByRole(AriaRole.Link);
        await link.ClickAsync();
        await screen.OnAsync("Workflow");

        string id = new Uri(screen.Page.Url).Segments[^1];
        await host.UntilAsync(id, "completed");
        JsonElement result = await host.GetAsync($"workflows/{id}/result");
        Assert.Equal("A happy new year", result.GetProperty("value").GetString());
    }
}
