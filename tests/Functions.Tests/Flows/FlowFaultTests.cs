using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using Chard.Functions.Imports;
using Chard.Functions.Tests.Servers;
using Chard.Testing;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace Chard.Functions.Tests.Flows;

/// <summary>
/// Each side effect once, counted at the receiving server, whatever dies: the process at each commit of the durable history, and each call
/// to storage in turn.
/// </summary>
public sealed class FlowFaultTests : IAsyncLifetime
{
    private FlowHost _host = null!;

    public async Task InitializeAsync() => _host = await FlowHost.StartAsync();

    public async Task DisposeAsync() => await _host.DisposeAsync();

    [Theory]
    [Trait("Category", "Soak")]
    [InlineData("ChargeOrder", false)]
    [InlineData("ChargeOrder", true)]
    [InlineData("CallWebhook", false)]
    [InlineData("CallWebhook", true)]
    [InlineData("SendNewsletter", false)]
    [InlineData("SendNewsletter", true)]
    public async Task Workflow_CrashAtEachCommit_HasItsEffectOnce(string workflow, bool afterCommit)
    {
        long before = _host.App.Faults.Commits;
        await RunAsync(workflow, 0);
        int commits = (int)(_host.App.Faults.Commits - before);
        Assert.InRange(commits, 3, 100);

        for (int commit = 1; commit <= commits; commit++)
        {
            long next = _host.App.Faults.Commits + commit;
            if (afterCommit)
            {
                _host.App.Faults.CrashAfterCommit(next);
            }
            else
            {
                _host.App.Faults.CrashBeforeCommit(next);
            }

            await RunAsync(workflow, commit);
        }

        await _host.RestartIfCrashedAsync();
        Assert.InRange(_host.Crashes, commits - 2, commits); // two turns may share a commit, so a run may end before its crash comes
        AssertEffects(workflow, commits + 1);
    }

    [Theory]
    [Trait("Category", "Soak")]
    [InlineData("ChargeOrder")]
    [InlineData("CallWebhook")]
    [InlineData("SendNewsletter")]
    [InlineData("ImportCsv")]
    [InlineData("Canvas")]
    public async Task Workflow_EachStorageCallFailsInTurn_HasItsEffectOnce(string workflow)
    {
        _host.App.Storage.Clear();
        await RunAsync(workflow, 0);
        int calls = _host.App.Storage.Count();
        int conditional = _host.App.Storage.Count(IsConditionalRow);
        Assert.InRange(calls, 5, 200);
        Assert.InRange(conditional, 1, calls);

        // What the client sees as one more failed try shares the calls by turns. The 412 is not true: the row is as the app has read it.
        (StorageFault Fault, Func<StorageCall, bool> Match, IEnumerable<int> Calls)[] plays =
        [
            (StorageFault.Busy, _ => true, Enumerable.Range(0, calls).Where(call => call % 3 == 0)),
            (StorageFault.InternalError, _ => true, Enumerable.Range(0, calls).Where(call => call % 3 == 1)),
            (StorageFault.NoAnswer, _ => true, Enumerable.Range(0, calls).Where(call => call % 3 == 2)),
            (StorageFault.NoAnswer with { IsApplied = true }, _ => true, Enumerable.Range(0, calls)),
            (StorageFault.ConditionNotMet, IsConditionalRow, Enumerable.Range(0, conditional)),
            (StorageFault.Delay(TimeSpan.FromMilliseconds(200)), _ => true, Enumerable.Range(0, calls).Where(int.IsEvenInteger)),
        ];
        int runs = 1;
        foreach ((StorageFault fault, Func<StorageCall, bool> match, IEnumerable<int> turns) in plays)
        {
            int played = 0;
            foreach (int call in turns)
            {
                _host.App.Storage.Fail(match, fault, skip: call);
                await RunAsync(workflow, runs++);
                _host.App.Storage.Heal();
                played += _host.App.Storage.Count(c => c.IsFaulted);
                _host.App.Storage.Clear();
            }

            // How many calls a run makes differs, as writes of one partition share requests; but each fault has been there.
            Assert.True(played > 0, $"{fault} was never played.");
        }

        AssertEffects(workflow, runs);
    }

    [Fact]
    public async Task ChargeOrder_ProcessDiesAfterCharging_AsksForTheChargeInsteadOfMakingAnother()
    {
        _host.Payments.Next(PaymentAnswer.ChargeAndHang);
        string id = await _host.StartWorkflowAsync("ChargeOrder", Order("order-1"));
        await Eventually.TrueAsync("the provider has charged", () => _host.Payments.Charged == 1);

        await _host.App.CrashAsync();
        await _host.App.StartAsync();

        Assert.Equal("ch_1", (await _host.ResultAsync(id)).GetProperty("chargeId").GetString());
        Assert.Equal(["charge-order-1-12.50-EUR"], _host.Payments.Searches);
        Assert.Single(_host.Payments.Requests);
    }

    [Fact]
    public async Task ChargeOrder_LedgerDownAfterCharging_AsksForTheChargeInsteadOfMakingAnother()
    {
        // The claim goes through; what comes after it does not, until the client has given up.
        _host.App.Storage.Fail(
            c => c.Service == StorageService.Table && c.Method != "GET" && _host.Payments.Charged == 1, StorageFault.Busy, times: 4);

        string id = await _host.StartWorkflowAsync("ChargeOrder", Order("order-2"));

        Assert.Equal("ch_1", (await _host.ResultAsync(id)).GetProperty("chargeId").GetString());
        Assert.Equal(["charge-order-2-12.50-EUR"], _host.Payments.Searches);
        Assert.Single(_host.Payments.Requests);
    }

    /// <summary>
    /// A row's condition, which is looked into. That of a blob is its content: an import whose file has changed fails, and must.
    /// </summary>
    private static bool IsConditionalRow(StorageCall call) => call.IsConditional && call.Service == StorageService.Table;

    private static object Order(string order) => new { order, amount = "12.50", currency = "EUR", card = "tok_visa" };

    private async Task RunAsync(string workflow, int run)
    {
        string id = $"{workflow}-{Guid.NewGuid():N}";

        // The caller's side of the bargain: it repeats a start that was not answered, with the same id.
        for (int attempt = 1; ; attempt++)
        {
            try
            {
                await _host.RestartIfCrashedAsync();
                await StartAsync(workflow, run, id);
                break;
            }
            catch (Exception e) when (attempt < 5 && e is HttpRequestException or Xunit.Sdk.XunitException)
            {
                continue;
            }
        }

        await _host.ResultAsync(id);
    }

    private async Task StartAsync(string workflow, int run, string id)
    {
        switch (workflow)
        {
            case "ImportCsv":
                using (var csv = new StringContent($"run,line\n{run},1\n{run},2\n", new MediaTypeHeaderValue("text/csv")))
                using (HttpResponseMessage answer = await _host.App.Http.PostAsync($"/api/imports?table=runs&id={id}", csv))
                {
                    Assert.True(answer.StatusCode == HttpStatusCode.Accepted, await answer.Content.ReadAsStringAsync());
                }

                break;
            case "Canvas":
                object[] charges =
                    [new { task = "ChargeCard", args = Order($"a{run}") }, new { task = "ChargeCard", args = Order($"b{run}") }];
                object canvas = new { chord = new { header = charges, body = new { task = "Echo" } } };
                using (HttpResponseMessage answer = await _host.App.Http.PostAsJsonAsync("/api/workflows", new { canvas, id }))
                {
                    Assert.True(answer.StatusCode == HttpStatusCode.Accepted, await answer.Content.ReadAsStringAsync());
                }

                break;
            default:
                await _host.StartWorkflowAsync(workflow, Args(workflow, run), id);
                break;
        }
    }

    private object Args(string workflow, int run) => workflow switch
    {
        "ChargeOrder" => Order($"order-{run}"),
        "CallWebhook" => new { url = new Uri(_host.Receiver.Url, "/hook").ToString(), payload = run },
        _ => new
        {
            from = "news@example.com", subject = "Hi", text = "Hello", recipients = new[] { $"a{run}@example.com", $"b{run}@example.com" }
        },
    };

    private string Imported(string sql)
    {
        ImportOptions options = _host.App.Services.GetRequiredService<IOptions<ImportOptions>>().Value;
        string file = Path.Combine(options.Folder, new SqliteConnectionStringBuilder(options.Database).DataSource);
        using var connection = new SqliteConnection($"Data Source={file};Mode=ReadOnly");
        connection.Open();
        using SqliteCommand command = connection.CreateCommand();
        command.CommandText = sql;
        return (string)command.ExecuteScalar()!;
    }

    private void AssertEffects(string workflow, int runs)
    {
        switch (workflow)
        {
            case "ChargeOrder":
                Assert.Equal(runs, _host.Payments.Charged);
                Assert.Equal(runs, _host.Payments.Charges.Count);
                break;
            case "CallWebhook":
                Assert.Equal(runs, _host.Receiver.Events.Count);
                Assert.All(_host.Receiver.Calls, call => Assert.True(call.SignatureHolds));
                break;
            case "Canvas":
                Assert.Equal(2 * runs, _host.Payments.Charged);
                Assert.Equal(2 * runs, _host.Payments.Charges.Count);
                break;
            case "ImportCsv":
                Assert.Equal($"{2 * runs}|{2 * runs}", Imported("SELECT count(*) || '|' || count(DISTINCT run * 10 + line) FROM runs"));
                break;
            default:
                // A mail server knows no key: what a crash repeats has the same Message-ID, and nothing else was sent.
                Assert.Equal(2 * runs, _host.Mail.CountById.Count);
                Assert.Equal(2 * runs, _host.Mail.Messages.Select(m => m.To).Distinct().Count());
                break;
        }
    }
}
