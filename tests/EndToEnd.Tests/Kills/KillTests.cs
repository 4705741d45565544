using System.Globalization;
using System.Net.Http.Json;
using Chard.EndToEnd.Tests.Harness;
using Xunit.Abstractions;

namespace Chard.EndToEnd.Tests.Kills;

/// <summary>
/// The promise of the durable engine: kill -9 at any moment loses nothing that was promised, and repeats no turn that has finished. A real
/// process, every durable shape at once, killed again and again.
/// </summary>
[Trait("Category", "Soak")]
public sealed class KillTests(ITestOutputHelper output) : IDisposable
{
    private const int Kills = 20;

    private readonly string _folder = Directory.CreateTempSubdirectory("chard-kills-").FullName;

    /// <inheritdoc/>
    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task Host_KilledTwentyTimesUnderAMixedLoad_CompletesEverythingAndRepeatsNoFinishedTurn()
    {
        int seed = Environment.TickCount;
        output.WriteLine($"seed {seed}");
        var random = new Random(seed);
        var load = new KillLoad(_folder);
        for (int kill = 0; kill < Kills; kill++)
        {
            // Every fourth process may die before it has served anything.
            await RunAndKillAsync(load, TimeSpan.FromMilliseconds(random.Next(20, 1500)), onceAtWork: kill % 4 != 3);
        }

        await using AppProcess app = load.Launch();
        await app.WaitUntilHealthyAsync();
        IReadOnlyList<Listed> ended = await load.FinishAsync(app);

        output.WriteLine($"{load.Promised} instances promised, {ended.Count} found");
        Assert.Empty(load.MissingIn(ended));
        Assert.DoesNotContain(ended, static i => i.Status != "Completed" || i.Output != Expected(i));
        await AssertNumbersAsync(app, ended);
        Assert.Equal(0, await app.TerminateAsync());
        TurnLedger ledger = TurnLedger.Read(load.ReadJournal());
        output.WriteLine(
            $"{ledger.FinishedTurns} turns finished, {ledger.RetriedTurns} turns and {ledger.RetriedCalls} activities ran again because "
                + "they had not");
        Assert.Empty(ledger.Faults);
        Assert.True(ledger.FinishedTurns > 10 * Kills, "The load was too small to prove anything.");
    }

    /// <summary>Proves the proof: with a history that forgets what was committed the ledger must find repeated turns.</summary>
    [Fact]
    public async Task History_PutBackToAnEarlierState_IsFoundToRepeatFinishedTurns()
    {
        var load = new KillLoad(_folder);
        string earlier = Path.Combine(_folder, "earlier");
        await RunAndKillAsync(load, TimeSpan.FromMilliseconds(300), onceAtWork: true);
        Copy(_folder, earlier);
        await RunAndKillAsync(load, TimeSpan.FromMilliseconds(1500), onceAtWork: true);
        Copy(earlier, _folder);
        load.ForgetPromises();
        await RunAndKillAsync(load, TimeSpan.FromMilliseconds(1500), onceAtWork: true);

        Assert.NotEmpty(TurnLedger.Read(load.ReadJournal()).Faults);

        static void Copy(string from, string to)
        {
            Directory.CreateDirectory(to);
            foreach (string file in Directory.EnumerateFiles(to, "history.db*"))
            {
                File.Delete(file);
            }

            foreach (string file in Directory.EnumerateFiles(from, "history.db*"))
            {
                File.Copy(file, Path.Combine(to, Path.GetFileName(file)));
            }
        }
    }

    private static async Task RunAndKillAsync(KillLoad load, TimeSpan moment, bool onceAtWork)
    {
        await using AppProcess app = load.Launch();
        int before = load.Rounds;
        Task pressure = load.KeepUpAsync(app);
        if (onceAtWork)
        {
            await Eventually.TrueAsync("the app works", () => load.Rounds > before || pressure.IsFaulted);
        }

        using var until = new PeriodicTimer(moment);
        await until.WaitForNextTickAsync();
        await app.KillAsync();
        await pressure;
        load.NoteWhatWasSeen();
    }

    private static async Task AssertNumbersAsync(AppProcess app, IReadOnlyList<Listed> ended)
    {
        int counts = ended.Count(static i => i.Origin.Shape == "Count");
        int moved = ended.Where(static i => i.Origin.Shape == "Transfer").Sum(static i => i.Origin.Batch);
        Assert.Equal(3 * counts, await NumberAsync("called"));
        Assert.Equal(-moved, await NumberAsync("left"));
        Assert.Equal(moved, await NumberAsync("right"));

        // A signal is not awaited by its sender.
        await Eventually.SeenAsync($"{counts} signals have been counted", () => NumberAsync("signaled"), counted => counted >= counts);
        Assert.Equal(counts, await NumberAsync("signaled"));

        Task<int> NumberAsync(string key) => app.Client.GetFromJsonAsync<int>($"/api/counters/{key}");
    }

    private static string Expected(Listed instance)
    {
        (string shape, int batch) = instance.Origin;
        int value = shape switch
        {
            "Chain" => batch + 5,
            "Retries" => batch + 2,
            "Timers" or "Talk" => batch + 3,
            "Loop" => batch + 6,
            "FanOut" => (12 * (batch + 1)) + 6,
            "Family" => 3 * (batch + 5),
            "Collect" => 1 + 2 + 3 + 4,
            "Count" or "Transfer" => batch,
            _ => int.Parse(instance.Output!, CultureInfo.InvariantCulture), // a child's result is in its parent's
        };
        return value.ToString(CultureInfo.InvariantCulture);
    }
}
