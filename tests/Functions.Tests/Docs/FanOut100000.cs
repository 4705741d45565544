using System.ComponentModel;
using System.Net.Http.Json;
using Chard.Calls;
using Chard.Canvases;
using Chard.Domain.Tasks;
using Chard.Domain.Workflows;
using Microsoft.Azure.Functions.Worker;
using Microsoft.DurableTask;

namespace Chard.Functions.Tests.Docs.FanOut100000;

// The C# of docs/how-to/fan-out-100000.md, word by word.
[Description("Scores a text.")]
[TaskPolicy(Attempts = 3, FirstDelaySeconds = 1, Pure = true, Pack = 500)]
public sealed class ScoreText : ITask<string, double>
{
    public Task<double> RunAsync(string args, TaskContext context, CancellationToken cancellationToken) =>
        Task.FromResult(Of(args));

    public static double Of(string text) => text.Length == 0 ? 0 : text.Count(char.IsLetter) / (double)text.Length;
}

[Description("The mean of scores, however many; one that is missing counts as none.")]
[TaskPolicy(Pure = true)]
public sealed class MeanScore : IStreamTask<double?, double>
{
    public async Task<double> RunAsync(IAsyncEnumerable<double?> items, TaskContext context, CancellationToken cancellationToken)
    {
        (double sum, int count) = (0, 0);
        await foreach (double? item in items.WithCancellation(cancellationToken))
        {
            (sum, count) = item is { } score ? (sum + score, count + 1) : (sum, count);
        }

        return count == 0 ? 0 : sum / count;
    }
}

internal static class Sender
{
    public static async Task SendAsync(HttpClient chard, IReadOnlyList<string> texts, CancellationToken cancellationToken)
    {
        object map = new { map = new { task = nameof(ScoreText), over = "$input/texts", failures = new { tolerate = 100 } } };
        object canvas = new { chain = new[] { map, new { task = nameof(MeanScore) } } };
        using HttpResponseMessage answer = await chard.PostAsJsonAsync(
            "/api/workflows", new { canvas, args = new { texts }, id = "score-2026-11" }, cancellationToken);
        answer.EnsureSuccessStatusCode();
    }
}

public sealed record ScoreAllArgs(int Texts);

public sealed record Slice(int First, int Count);

public interface ITexts
{
    IAsyncEnumerable<(string Id, string Text)> ReadAsync(Slice slice, CancellationToken cancellationToken);

    Task SaveScoreAsync(string id, double score, CancellationToken cancellationToken);
}

[Description("Scores a slice of the texts.")]
public sealed class ScoreSlice(ITexts texts) : ITask<Slice, int>
{
    public async Task<int> RunAsync(Slice args, TaskContext context, CancellationToken cancellationToken)
    {
        int done = 0;
        await foreach ((string id, string text) in texts.ReadAsync(args, cancellationToken))
        {
            await texts.SaveScoreAsync(id, ScoreText.Of(text), cancellationToken); // an upsert by id
            context.ReportProgress(new(++done, args.Count));
        }

        return done;
    }
}

public static class ScoreAllOrchestrator
{
    [Function(nameof(ScoreAll))]
    public static Task<int> ScoreAll([OrchestrationTrigger] TaskOrchestrationContext context, WorkflowInput<ScoreAllArgs> input) =>
        context.TrackAsync(async () =>
        {
            int all = input.Args.Texts;
            IReadOnlyList<int> counts = await context.MapAsync<int>(
                nameof(ScoreSlice),
                Enumerable.Range(0, (all + 499) / 500).Select(i => new Slice(i * 500, Math.Min(500, all - (i * 500)))),
                new GroupOptions(MaxInFlight: 20, Tolerated: 2, Report: context.ReportProgressAsync));
            return counts.Sum();
        });
}
