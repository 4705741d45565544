using System.Net.Http.Json;
using Chard.EndToEnd.Tests.Harness;
using Chard.EndToEnd.Tests.Repository;
using Chard.KillApp.Journals;

namespace Chard.EndToEnd.Tests.Kills;

/// <summary>The load that the kill test keeps on its app, and what the app has promised so far.</summary>
internal sealed class KillLoad(string folder)
{
    private const int Numbers = 4;

    // More at once only makes each slower, and what is left after the last kill longer.
    private const int MostUnfinished = 150;

    private readonly string _journal = Path.Combine(folder, "journal.jsonl");
    private readonly HashSet<string> _promised = [];
    private readonly HashSet<string> _raised = [];
    private IReadOnlyList<Listed> _seen = [];
    private int _batch;

    /// <summary>How many starts the app has acknowledged.</summary>
    public int Promised => _promised.Count;

    /// <summary>How often the app has been asked for everything once, and has answered.</summary>
    public int Rounds { get; private set; }

    /// <summary>Starts the app, on the history that the process before left.</summary>
    public AppProcess Launch()
    {
        // The app has neither queues nor timers: no storage is asked, so none need be there.
        return AppProcess.Launch(RepositoryPaths.OutputOf("tests", "KillApp"), folder, string.Empty, ("KillApp__Journal", _journal));
    }

    /// <summary>Asks more and more of the app until it is killed. Only what was acknowledged counts as promised.</summary>
    public async Task KeepUpAsync(AppProcess app)
    {
        try
        {
            await app.WaitUntilHealthyAsync();
            while (true)
            {
                await LookAsync(app);
                await RaiseMissingAsync(app);
                if (_seen.Count(static i => i.Status != "Completed") < MostUnfinished)
                {
                    await StartBatchAsync(app);
                }

                Rounds++;
            }
        }
        catch (Exception) when (app.IsEnding)
        {
            // In the middle of it, which is the point: an answer that did not come promised nothing.
        }
    }

    /// <summary>For a test that takes the history away on purpose.</summary>
    public void ForgetPromises() => _promised.Clear();

    /// <summary>Writes into the journal, which has no other writer now, what a client has seen of the killed process.</summary>
    public void NoteWhatWasSeen() =>
        File.AppendAllLines(
            _journal, _seen.Where(static i => i.Status == "Completed")
                .Select(static i => new JournalLine(JournalKind.Completed, i.Id).Write()).Prepend(""));

    /// <summary>What is in the journal, without the lines that a process was killed in the middle of.</summary>
    public IEnumerable<JournalLine> ReadJournal() => File.ReadLines(_journal).Select(JournalLine.Read).OfType<JournalLine>();

    /// <summary>Sends what is missing and waits until every instance has ended.</summary>
    public async Task<IReadOnlyList<Listed>> FinishAsync(AppProcess app)
    {
        await LookAsync(app);
        await RaiseMissingAsync(app);
        await Eventually.TrueAsync("every instance has ended", async () =>
        {
            await LookAsync(app);
            return _seen.All(static i => i.Status is not ("Pending" or "Running"));
        });
        return _seen;
    }

    /// <summary>The promised instances that are not in a list.</summary>
    public IEnumerable<string> MissingIn(IReadOnlyList<Listed> found) => _promised.Except(found.Select(static i => i.Id));

    private async Task StartBatchAsync(AppProcess app)
    {
        using HttpResponseMessage response = await app.Client.PostAsync($"/api/load/{++_batch}", null);
        response.EnsureSuccessStatusCode();
        _promised.UnionWith((await response.Content.ReadFromJsonAsync<string[]>())!);
    }

    // An instance may be there though its start was not acknowledged, and then its numbers have to come as well.
    private async Task RaiseMissingAsync(AppProcess app)
    {
        foreach (string id in _seen.Select(static i => i.Id).Concat(_promised)
            .Where(static id => id.StartsWith("Collect-", StringComparison.Ordinal)).Distinct())
        {
            for (int number = 1; number <= Numbers; number++)
            {
                if (_raised.Contains($"{id}/{number}"))
                {
                    continue;
                }

                using HttpResponseMessage response = await app.Client.PostAsync($"/api/numbers/{id}/{number}", null);
                response.EnsureSuccessStatusCode();
                _raised.Add($"{id}/{number}");
            }
        }
    }

    private async Task LookAsync(AppProcess app) => _seen = (await app.Client.GetFromJsonAsync<Listed[]>("/api/instances"))!;
}

/// <summary>An instance as the app lists it.</summary>
internal sealed record Listed(string Id, string Status, string? Output)
{
    /// <summary>Its shape, and the number of its batch.</summary>
    public (string Shape, int Batch) Origin => Id.Split('-') is [var shape, var batch]
        ? (shape, int.Parse(batch, System.Globalization.CultureInfo.InvariantCulture)) : ("Child", 0);
}
