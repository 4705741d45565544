using System.Collections.Concurrent;
using Chard.DeadLetters;
using Chard.Domain.Failures;
using Chard.Domain.Ledger;
using Chard.Domain.Workflows;
using Chard.Functions.Payments;
using Chard.Status;
using Chard.Testing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Moq;

namespace Chard.Functions.Tests.Docs;

/// <summary>The C# of docs/how-to/testing.md, word by word, and what it says of the kit.</summary>
public sealed class Testing
{
    private static readonly ChargeOrderArgs Order = new("A-1", 12.50m, "EUR", "tok_visa");

    [Fact]
    public async Task Eager_ATask_GivesItsResult()
    {
        await using ChardTestHost app = await ChardTestHost.StartAsync<TaskFunctions>();

        int square = await app.RunAsync<int>(Start.Task("Square", 7));
        Assert.Equal(49, square);

        int sum = await app.RunAsync<int>(Start.Canvas("""
            {"chord": {"header": [{"task": "Square", "args": 1}, {"task": "Square", "args": 2}], "body": {"task": "Sum"}}}
            """));
        Assert.Equal(5, sum);

        var failed = await Assert.ThrowsAsync<WorkflowFailedException>(
            () => app.RunAsync<int>(Start.Task("Fail", new { kind = "permanent", message = "no such image" })));
        Assert.Equal("fail", failed.Code);

        Assert.Contains("no such image", failed.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Services_Replaced_AreTheTestsOwn()
    {
        var payments = new Mock<IPaymentApi>();
        payments.SetupSequence(p => p.ChargeAsync(Order, It.IsAny<string>(), It.IsAny<CancellationToken>()))
            .ThrowsAsync(new TransientTaskException("http-503", "busy"))
            .ReturnsAsync(new Charge("ch_1", 12.50m, "EUR"));
        await using ChardTestHost app = await ChardTestHost.StartAsync<TaskFunctions>(options =>
            options.ConfigureServices(services => services.Replace(ServiceDescriptor.Singleton(payments.Object))));

        WorkflowRun order = await app.StartAsync(Start.Workflow("ChargeOrder", Order));
        var charged = await order.ResultAsync<ChargeOrderResult>();

        Assert.Equal("ch_1", charged!.ChargeId);
        TaskRowDocument row = Assert.Single(await order.TasksAsync());       // the ledger
        Assert.Equal((LedgerStatus.Succeeded, 2), (row.Status, row.Attempt)); // the second try, a minute later that nobody waited for
        Assert.Empty(await order.LettersAsync());
    }

    [Fact]
    public async Task Crashes_AtEachCommit_ChargeOnce()
    {
        var charges = new ConcurrentDictionary<string, Charge>();            // a provider that knows its keys, as ours does
        var payments = new Mock<IPaymentApi>();
        payments.Setup(p => p.ChargeAsync(Order, It.IsAny<string>(), It.IsAny<CancellationToken>()))
            .ReturnsAsync((ChargeOrderArgs order, string key, CancellationToken _) =>
                charges.GetOrAdd(key, new Charge("ch_1", order.Amount, order.Currency)));
        await using ChardTestHost app = await ChardTestHost.StartAsync<TaskFunctions>(options =>
            options.ConfigureServices(services => services.Replace(ServiceDescriptor.Singleton(payments.Object))));

        for (int commit = 1; commit <= 4; commit++)
        {
            app.Faults.CrashAfterCommit(app.Faults.Commits + commit);         // as kill -9 between two lines
            await app.RunAsync<ChargeOrderResult>(Start.Workflow("ChargeOrder", Order));
        }

        Assert.Single(charges);
        Assert.InRange(app.Crashes, 1, 4);                                    // the host was started again on the same data
    }

    [Fact]
    public async Task Deliveries_LostAndDoubled_ChangeNothing()
    {
        await using ChardTestHost app = await ChardTestHost.StartAsync<TaskFunctions>();

        app.Faults.LoseResult("Square");
        app.Faults.DeliverTwice("Sum");
        WorkflowRun chain = await app.StartAsync(Start.Canvas("""
            {"chain": [{"group": [{"task": "Square", "args": 3, "pack": 1}]}, {"task": "Sum", "pack": 1}]}
            """));

        Assert.Equal(9, await chain.ResultAsync<int>());
    }

    /// <summary>The sentence of the page on storage that fails.</summary>
    [Fact]
    public async Task Storage_ThatIsBusy_IsAskedAgain()
    {
        await using ChardTestHost app = await ChardTestHost.StartAsync<TaskFunctions>();

        app.Storage.Fail(call => call.Service == StorageService.Table, StorageFault.Busy, times: 3);

        Assert.Equal(49, await app.RunAsync<int>(Start.Task("Square", 7)));
        Assert.Equal(3, app.Storage.Count(call => call.IsFaulted));
    }

    [Fact]
    public async Task Time_Passes_WhenTheTestSaysSo()
    {
        await using ChardTestHost app = await ChardTestHost.StartAsync<TaskFunctions>();
        DateTimeOffset before = app.Now;

        WorkflowRun later = await app.StartAsync(
            Start.Task("Echo", "good morning") with { StartAt = before.AddHours(8) });
        Assert.Equal("good morning", await later.ResultAsync<string>());      // eight hours are skipped, for nobody works in them

        Assert.True(app.Now >= before.AddHours(8));
    }

    [Fact]
    public async Task Letters_MendedAndRetried_LetTheWorkflowGoOn()
    {
        var declined = new PermanentTaskException("card-declined", "The card was declined.");
        var payments = new Mock<IPaymentApi>();
        payments.SetupSequence(p => p.ChargeAsync(Order, It.IsAny<string>(), It.IsAny<CancellationToken>()))
            .ThrowsAsync(declined)
            .ReturnsAsync(new Charge("ch_1"));
        await using ChardTestHost app = await ChardTestHost.StartAsync<TaskFunctions>(options =>
        {
            options.Settings["Chard:Tasks:ChargeCard:OnExhausted"] = "park";
            options.ConfigureServices(services => services.Replace(ServiceDescriptor.Singleton(payments.Object)));
        });

        WorkflowRun order = await app.StartAsync(Start.Workflow("ChargeOrder", Order));
        await order.UntilAsync(WorkflowStatus.Parked);
        DeadLetterDocument letter = Assert.Single(await order.LettersAsync());
        Assert.Equal("card-declined", letter.Class);

        await order.RetryAsync();                                             // what an operator does who has mended the cause
        Assert.Equal("ch_1", (await order.ResultAsync<ChargeOrderResult>())!.ChargeId);
    }

    /// <summary>What waits for an operator is told at once, with the failure: nobody waits for a deadline to learn it.</summary>
    [Fact]
    public async Task Result_OfOneThatIsParked_SaysWhy()
    {
        await using ChardTestHost app = await ChardTestHost.StartAsync<TaskFunctions>();

        var failed = await Assert.ThrowsAsync<WorkflowFailedException>(() => app.RunAsync<int>(
            Start.Task("Fail", new { kind = "permanent", message = "no such image" }).With("onExhausted", "park")));

        Assert.Equal((WorkflowStatus.Parked, "fail"), (failed.Status, failed.Code));
        Assert.Contains("no such image", failed.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Start_OfSomethingWrong_SaysWhatTheAppSays()
    {
        await using ChardTestHost app = await ChardTestHost.StartAsync<TaskFunctions>();

        var refused = await Assert.ThrowsAsync<InvalidOperationException>(() => app.StartAsync(Start.Task("Sqare", 7)));

        Assert.Contains("'Sqare'", refused.Message, StringComparison.Ordinal);
    }
}
