using System.Globalization;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using Chard.EndToEnd.Tests.Harness;
using Chard.LocalHost.Azurite;
using Chard.LocalHost.Durable;
using Xunit.Abstractions;

namespace Chard.EndToEnd.Tests.Imports;

/// <summary>The promise of the README: kill -9 in the middle of an import, start again, and every row is there once.</summary>
[Trait("Category", "Soak")]
public sealed class ImportKillTests(ITestOutputHelper output)
{
    private const int Rows = 400_000;

    /// <summary>What a killed host held on Azure Storage is taken up after a minute, so that engine is killed less often.</summary>
    [Theory]
    [InlineData(DurableEngine.Sqlite, 6)]
    [InlineData(DurableEngine.AzureStorage, 3)]
    public async Task Import_KilledAgainAndAgain_CompletesWithEveryRowOnce(DurableEngine engine, int times)
    {
        string folder = Directory.CreateTempSubdirectory("chard-kill-").FullName;
        string database = Path.Combine(folder, "imports.db");
        int seed = Environment.TickCount;
        output.WriteLine($"seed {seed}");
        var random = new Random(seed);
        await using AzuriteProcess azurite = await AzuriteProcess.StartAsync();
        Task<AppProcess> StartAsync() => AppProcess.StartAsync(engine, folder, azurite.ConnectionString);

        AppProcess app = await StartAsync();
        try
        {
            byte[] csv = BigCsv();
            var imports = new List<(string Id, string Table)>();
            for (int kills = 0; kills < times; kills++)
            {
                // A kill counts only if it interrupts: where the last import has ended already, there is another one.
                if (imports.Count == 0 || await IsFinalAsync(app, imports[^1].Id))
                {
                    string table = $"people_{imports.Count}";
                    imports.Add((await app.Client.StartImportAsync(table, csv), table));
                }

                using var moment = new PeriodicTimer(TimeSpan.FromMilliseconds(random.Next(20, 900)));
                await moment.WaitForNextTickAsync();
                await app.KillAsync();
                await app.DisposeAsync();
                app = await StartAsync();
            }

            foreach ((string id, string table) in imports)
            {
                JsonElement status = await app.Client.WaitUntilFinalAsync(id, TimeSpan.FromMinutes(5));
                Assert.True(status.GetProperty("status").GetString() == "completed", status.GetRawText());
                Assert.Equal(Rows, (await app.Client.GetResultAsync(id)).GetProperty("imported").GetInt32());
                Assert.Equal($"{Rows}|{Rows}", ImportDatabase.Ask(database, $"SELECT count(*) || '|' || count(DISTINCT id) FROM {table}"));
            }
        }
        finally
        {
            await app.DisposeAsync();
        }

        Directory.Delete(folder, recursive: true);
    }

    private static async Task<bool> IsFinalAsync(AppProcess app, string id) =>
        (await app.Client.GetFromJsonAsync<JsonElement>($"/api/workflows/{id}"))
            .GetProperty("status").GetString() is "completed" or "failed";

    private static byte[] BigCsv()
    {
        var csv = new StringBuilder("id,name,price,day\n");
        for (int i = 1; i <= Rows; i++)
        {
            csv.Append(CultureInfo.InvariantCulture, $"{i},\"name of {i}\",{i}.5,2026-03-{(i % 28) + 1:00}\n");
        }

        return Encoding.UTF8.GetBytes(csv.ToString());
    }
}
