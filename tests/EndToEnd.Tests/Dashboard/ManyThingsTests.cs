using Azure.Data.Tables;
using Chard.DeadLetters;
using Chard.Domain.Workflows;
using Chard.EndToEnd.Tests.Harness;
using Chard.Platform;
using Chard.Status;
using Chard.Testing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace Chard.EndToEnd.Tests.Dashboard;

/// <summary>An app that has run for long.</summary>
[Collection(DashboardCollection.Name)]
[Trait("Category", "Soak")]
public sealed class ManyThingsTests(DashboardHost host)
{
    private const int Letters = 10_000;
    private const int Workflows = 100_000;

    [ChromiumFact]
    public async Task Page_WithTenThousandLettersAndAHundredThousandWorkflows_IsUsable()
    {
        await using FunctionsTestHost app = await DashboardHost.StartAsync(_ => { });
        await FillAsync(app);
        await using Screen screen = await host.OpenAsync("", app: app);

        await screen.SaysAsync("2,500 open");
        await screen.Page.GetByRole(AriaRole.Link, new() { Name = "Dead letters", Exact = true }).ClickAsync();
        await screen.SaysAsync("10,000 letters in 4 groups");
        await screen.Page.GetByRole(AriaRole.Link, new() { Name = "Task0 / full" }).First.ClickAsync();
        await screen.ClickAsync("Discard all…");
        await Expect(screen.Page.GetByRole(AriaRole.Dialog).GetByRole(AriaRole.Heading)).ToContainTextAsync("Discard 2,500 letters");
        await screen.DecideAsync("Leave them");

        await screen.GoAsync("workflows");
        ILocator rows = screen.Page.Locator("table.rows tbody tr");
        await Expect(rows).ToHaveCountAsync(100);
        for (int pages = 2; pages <= 20; pages++)
        {
            await screen.Page.GetByRole(AriaRole.Button, new() { Name = "More" }).ClickAsync();
            await Expect(rows).ToHaveCountAsync(pages * 100);
        }

        // No more than that are in the document at once.
        await screen.ClickAsync("Next rows, in place of these");
        await screen.SaysAsync("2,001 to 2,100 shown");
        await Expect(rows).ToHaveCountAsync(100);

        // Of the oldest there are few: the list is read to its end for them, and asks no more than it has to.
        int before = app.Storage.Count(_ => true);
        await screen.GoAsync("workflows?owner=ann&status=failed");
        await Expect(rows).ToHaveCountAsync(1);
        Assert.InRange(app.Storage.Count(_ => true) - before, 1, 400);
        await screen.GoAsync("workflows?idPrefix=many-7777");
        await Expect(rows).ToHaveCountAsync(11);
        Assert.InRange(await screen.Page.EvaluateAsync<int>("() => document.querySelectorAll('*').length"), 1, 60_000);
    }

    private static async Task FillAsync(FunctionsTestHost app)
    {
        DateTimeOffset now = DateTimeOffset.UtcNow;
        IDeadLetterStore letters = app.Services.GetRequiredService<IDeadLetterStore>();
        await Parallel.ForAsync(0, Letters, new ParallelOptions { MaxDegreeOfParallelism = 32 }, async (i, token) =>
            Assert.True(await letters.AddAsync(
                new()
                {
                    Id = $"many-{i}.0.0", WorkflowId = $"many-{i}", Workflow = "RunCanvas", Task = $"Task{i % 4}", Path = "0",
                    Class = "full", Message = "The disk is full.", Attempts = 3, CreatedAt = now.AddMinutes(-i),
                },
                token)));

        TableClient table = app.Services.GetRequiredService<TableWriter>().Table;
        TableEntity[][] units = [.. Enumerable.Range(0, Workflows).Select(i => StateOf(i, now))
            .GroupBy(s => WorkflowRows.Buckets.Of(s.Id))
            .SelectMany(bucket => bucket
                .SelectMany(s => WorkflowRows.Indexes(s).Prepend(WorkflowRows.State(s, "none", WriteMark.New()))).Chunk(100))];
        await Parallel.ForEachAsync(units, new ParallelOptions { MaxDegreeOfParallelism = 16 }, async (unit, token) =>
            await table.SubmitTransactionAsync(unit.Select(row => new TableTransactionAction(TableTransactionActionType.Add, row)), token));
    }

    private static WorkflowState StateOf(int index, DateTimeOffset now) => new()
    {
        Id = $"many-{index}",
        Workflow = "RunCanvas",
        Status = index == Workflows - 1 ? WorkflowStatus.Failed : WorkflowStatus.Completed,
        Owner = index == Workflows - 1 ? "ann" : "bob",
        CreatedAt = now.AddSeconds(-index),
        UpdatedAt = now,
        CompletedAt = now,
    };
}
