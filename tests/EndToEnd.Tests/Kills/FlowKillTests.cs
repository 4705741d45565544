using System.Globalization;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using Chard.EndToEnd.Tests.Harness;
using Chard.EndToEnd.Tests.Imports;
using Chard.Functions.Tests.Servers;
using Chard.LocalHost.Azurite;
using Chard.LocalHost.Durable;
using Xunit.Abstractions;

namespace Chard.EndToEnd.Tests.Kills;

/// <summary>
/// Charges, webhooks, newsletters, imports, single tasks and canvases mixed, against servers that fail, throttle, hang and hang up, while
/// the app is killed with -9 twenty times: each side effect happens once, counted where it arrives, and no workflow is lost.
/// </summary>
[Trait("Category", "Soak")]
public sealed class FlowKillTests(ITestOutputHelper output)
{
    private const int Recipients = 4;
    private const int Rows = 5_000;

    /// <summary>What a killed host held on Azure Storage is taken up after a minute, so that engine is killed less often.</summary>
    [Theory]
    [InlineData(DurableEngine.Sqlite, 12)]
    [InlineData(DurableEngine.AzureStorage, 3)]
    public async Task Workflows_KilledAgainAndAgain_HaveEachEffectOnce(DurableEngine engine, int kills)
    {
        string folder = Directory.CreateTempSubdirectory("chard-flows-").FullName;
        int seed = Environment.TickCount;
        output.WriteLine($"seed {seed}");
        var random = new Random(seed);
        await using AzuriteProcess azurite = await AzuriteProcess.StartAsync();
        await using var payments = new PaymentServer { RetryAfterSeconds = 1 };
        await using var receiver = new WebhookReceiver();
        await using var mail = new SmtpServer();
        Task<AppProcess> StartAsync() => AppProcess.StartAsync(
            engine, folder, azurite.ConnectionString, Settings(payments, receiver, mail));

        byte[] csv = Csv();
        var ids = new List<string>();
        var imports = new List<(string Id, string Table)>();
        var results = new List<(string Id, string Result)>();
        AppProcess app = await StartAsync();
        try
        {
            for (int kill = 0; kill < kills; kill++)
            {
                Misbehave(random, payments, receiver, mail);
                string table = $"people_{kill}";
                imports.Add((await app.Client.StartImportAsync(table, csv), table));
                foreach ((string id, object start, string? result) in Starts(kill, receiver))
                {
                    using HttpResponseMessage answer = await app.Client.PostAsJsonAsync("/api/workflows", start);
                    Assert.True(answer.IsSuccessStatusCode, await answer.Content.ReadAsStringAsync());
                    ids.Add(id);
                    if (result is not null)
                    {
                        results.Add((id, result));
                    }
                }

                using var moment = new PeriodicTimer(TimeSpan.FromMilliseconds(random.Next(1, 600)));
                await moment.WaitForNextTickAsync();
                await app.KillAsync();
                await app.DisposeAsync();
                app = await StartAsync();
            }

            foreach (string id in ids.Concat(imports.Select(i => i.Id)))
            {
                JsonElement status = await app.Client.WaitUntilFinalAsync(id, TimeSpan.FromMinutes(5));
                Assert.True(status.GetProperty("status").GetString() == "completed", status.GetRawText());
            }

            foreach ((string id, string result) in results)
            {
                Assert.Equal(result, (await app.Client.GetResultAsync(id)).GetRawText());
            }

            foreach ((string id, string table) in imports)
            {
                Assert.Equal(Rows, (await app.Client.GetResultAsync(id)).GetProperty("imported").GetInt32());
                Assert.Equal(
                    $"{Rows}|{Rows}",
                    ImportDatabase.Ask(Path.Combine(folder, "imports.db"), $"SELECT count(*) || '|' || count(DISTINCT id) FROM {table}"));
            }
        }
        finally
        {
            output.WriteLine($"{payments.Requests.Count} "
                + $"charges asked for, {payments.Searches.Count} looked for; {receiver.Calls.Count} calls; {mail.Messages.Count} messages");
            await app.DisposeAsync();
        }

        Assert.Equal(kills, payments.Charged);
        Assert.Equal(kills, receiver.Events.Count);
        Assert.All(receiver.Calls, call => Assert.True(call.SignatureHolds));

        // A mail server knows no key, so what was in doubt comes again, under the Message-ID it had.
        Assert.Equal(kills * Recipients, mail.CountById.Count);
        Assert.Equal(kills * Recipients, mail.Messages.Select(m => m.To).Distinct().Count());
        Assert.InRange(mail.Messages.Count, kills * Recipients, kills * Recipients * 2);
        Directory.Delete(folder, recursive: true);
    }

    /// <summary>What is started in a round, and the result where it can be told before.</summary>
    private static IEnumerable<(string Id, object Start, string? Result)> Starts(int round, WebhookReceiver receiver)
    {
        yield return Start(
            $"charge-{round}", "ChargeOrder", new { order = $"order-{round}", amount = "12.50", currency = "EUR", card = "tok_visa" });
        yield return Start($"hook-{round}", "CallWebhook", new { url = new Uri(receiver.Url, "/hook").ToString(), payload = round });
        yield return Start($"news-{round}", "SendNewsletter", new
        {
            from = "news@example.com",
            subject = "Hi",
            text = "Hello",
            recipients = Enumerable.Range(0, Recipients).Select(i => $"r{round}-{i}@example.com"),
        });

        // Small tasks have no effect but their result: none may be lost, and none may be another's.
        var retry = new { attempts = 10, firstDelaySeconds = 0.2, maxDelaySeconds = 1 };
        object Flaky(int failures, string value) => new { task = "Flaky", args = new { failures, value }, retry };
        yield return ($"task-{round}", new { id = $"task-{round}", task = "Flaky", args = new { failures = 2, value = round }, retry },
            $"{round}");
        object[] members = [new { task = "Square", args = "$prev" },
            new { map = new { task = "Square", over = new object[] { "$prev", 2, 3 } } }, Flaky(1, "ok")];
        object[] steps = [new { task = "Square", args = "$input" }, new { group = members }];
        int square = round * round;
        yield return (
            $"canvas-{round}", new { id = $"canvas-{round}", canvas = new { chain = steps }, args = round },
            $"[{square * square},[{square * square},4,9],\"ok\"]");

        static (string, object, string?) Start(string id, string workflow, object args) => (id, new { id, workflow, args }, null);
    }

    private static byte[] Csv() =>
        Encoding.UTF8.GetBytes("id,name,price\n" + string.Concat(
            Enumerable.Range(1, Rows).Select(i => string.Create(CultureInfo.InvariantCulture, $"{i},name of {i},{i}.5\n"))));

    private static void Misbehave(Random random, PaymentServer payments, WebhookReceiver receiver, SmtpServer mail)
    {
        PaymentAnswer[] answers =
            [PaymentAnswer.Charge, PaymentAnswer.Fail, PaymentAnswer.Throttle, PaymentAnswer.ChargeAndHang, PaymentAnswer.ChargeAndDrop,
                PaymentAnswer.ChargeAndBabble];
        payments.Next(answers[random.Next(answers.Length)]);
        switch (random.Next(4))
        {
            case 0:
                receiver.Next(500);
                break;
            case 1:
                receiver.Next(429, "1");
                break;
            case 2:
                receiver.StatusAfterActing = 502;
                break;
        }

        if (random.Next(2) == 0)
        {
            mail.DropAfterNextMessage();
        }
    }

    private static (string Name, string Value)[] Settings(PaymentServer payments, WebhookReceiver receiver, SmtpServer mail) =>
    [
        ("Chard__Payments__BaseUrl", payments.Url.ToString()),
        ("Chard__Payments__TimeoutSeconds", "2"),
        ("Chard__Webhooks__Secret", WebhookReceiver.Secret),
        ("Chard__Outgoing__AllowHttp", "true"),
        ("Chard__Outgoing__AllowedHosts", $"{receiver.Url.Host}:{receiver.Url.Port}"),
        ("Chard__Mail__Smtp__Host", "127.0.0.1"),
        ("Chard__Mail__Smtp__Port", mail.Port.ToString(CultureInfo.InvariantCulture)),
        ("Chard__Mail__Smtp__StartTls", "false"),
        ("Chard__Ledger__LeaseSeconds", "3"),
        .. new[] { "ChargeCard", "PostWebhook", "SendMessage" }.SelectMany(task => new[]
        {
            ($"Chard__Tasks__{task}__FirstDelaySeconds", "0.5"),
            ($"Chard__Tasks__{task}__MaxDelaySeconds", "2"),
            ($"Chard__Tasks__{task}__Attempts", "20"), // misbehaviour is dealt out by chance: one workflow may get much of it
        }),
    ];
}
