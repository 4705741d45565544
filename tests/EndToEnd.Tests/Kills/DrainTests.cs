using System.Globalization;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using Chard.EndToEnd.Tests.Harness;
using Chard.EndToEnd.Tests.Imports;
using Chard.LocalHost.Azurite;

namespace Chard.EndToEnd.Tests.Kills;

/// <summary>An app that is asked to stop stops in good order, and goes on where it was when it is started again.</summary>
[Trait("Category", "Soak")]
public sealed class DrainTests
{
    private const int Rows = 400_000;

    [Fact]
    public async Task Terminate_DuringAnImport_EndsWellAndTheNextStartCompletesIt()
    {
        string folder = Directory.CreateTempSubdirectory("chard-drain-").FullName;
        string database = Path.Combine(folder, "imports.db");
        await using AzuriteProcess azurite = await AzuriteProcess.StartAsync();
        string id;
        await using (AppProcess app = await StartAsync())
        {
            id = await app.Client.StartImportAsync("people", Csv());
            await Eventually.TrueAsync("the import has begun", async () => await StatusAsync(app) == "running");

            Assert.Equal(0, await app.TerminateAsync());
        }

        DateTimeOffset stopped = DateTimeOffset.UtcNow;
        await using (AppProcess app = await StartAsync())
        {
            JsonElement status = await app.Client.WaitUntilFinalAsync(id);
            Assert.True(status.GetProperty("status").GetString() == "completed", status.GetRawText());
            Assert.True(
                status.GetProperty("completedAt").GetDateTimeOffset() > stopped,
                "The import had ended before the app was stopped: it must be larger.");
            Assert.Equal($"{Rows}|{Rows}", ImportDatabase.Ask(database, "SELECT count(*) || '|' || count(DISTINCT id) FROM people"));
        }

        Directory.Delete(folder, recursive: true);

        Task<AppProcess> StartAsync() => AppProcess.StartAsync(
            folder, azurite.ConnectionString, ("Chard__Imports__Database", $"Data Source={database}"));

        async Task<string?> StatusAsync(AppProcess app) =>
            (await app.Client.GetFromJsonAsync<JsonElement>($"/api/workflows/{id}")).GetProperty("status").GetString();
    }

    /// <summary>
    /// A process that may finish what it has begun leaves no turn and no step behind that the next one would have to run again.
    /// </summary>
    [Fact]
    public async Task Terminate_UnderAMixedLoad_EndsWellAndNothingRunsAgain()
    {
        string folder = Directory.CreateTempSubdirectory("chard-drain-").FullName;
        var load = new KillLoad(folder);
        for (int stop = 0; stop < 4; stop++)
        {
            await using AppProcess app = load.Launch();
            Task pressure = load.KeepUpAsync(app);
            await Eventually.TrueAsync(
                "the load has grown", () => load.Promised >= 100 * (stop + 1) || pressure.IsFaulted, seen: () => $"{load.Promised} starts");
            Assert.Equal(0, await app.TerminateAsync());
            await pressure;
        }

        await using (AppProcess app = load.Launch())
        {
            await app.WaitUntilHealthyAsync();
            IReadOnlyList<Listed> ended = await load.FinishAsync(app);
            Assert.Empty(load.MissingIn(ended));
            Assert.DoesNotContain(ended, static i => i.Status != "Completed");
        }

        TurnLedger ledger = TurnLedger.Read(load.ReadJournal());
        Assert.Empty(ledger.Faults);
        Assert.Empty(ledger.Retried);
        Directory.Delete(folder, recursive: true);
    }

    private static byte[] Csv()
    {
        var csv = new StringBuilder("id,name,price\n");
        for (int i = 1; i <= Rows; i++)
        {
            csv.Append(CultureInfo.InvariantCulture, $"{i},name of {i},{i}.5\n");
        }

        return Encoding.UTF8.GetBytes(csv.ToString());
    }
}
