using System.Collections.Concurrent;
using Microsoft.Azure.Functions.Worker;

namespace Chard.KillApp.Journals;

/// <summary>The input of the activity.</summary>
/// <param name="Instance">Who calls.</param>
/// <param name="Generation">How often the caller has continued as new.</param>
/// <param name="Position">The last mark before the call.</param>
/// <param name="Call">Which call it is.</param>
/// <param name="Value">What is added to.</param>
/// <param name="Failures">How often the call fails in each process before it succeeds.</param>
public sealed record Step(string Instance, int Generation, int Position, string Call, int Value, int Failures);

/// <summary>The activity of all shapes.</summary>
internal sealed class Steps(Journal journal)
{
    // The longest that a step takes; long enough for a kill to find some on their way.
    private static readonly TimeSpan Longest = TimeSpan.FromMilliseconds(60);

    private static readonly ConcurrentDictionary<string, int> Failed = new();

    /// <summary>Adds one, after a while, and after as many failures as the step says.</summary>
    [Function(nameof(Add))]
    public async Task<int> Add([ActivityTrigger] Step step, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(step);
        journal.Write(new JournalLine(
            JournalKind.Activity, step.Instance, step.Generation, step.Position, Call: step.Call, Fails: step.Failures > 0));
        await Task.Delay(Longest * Random.Shared.NextDouble(), TimeProvider.System, cancellationToken);
        string call = $"{step.Instance} {step.Generation} {step.Call}";
        return Failed.AddOrUpdate(call, 1, static (_, before) => before + 1) > step.Failures
            ? step.Value + 1
            : throw new TimeoutException($"{call} fails {step.Failures} times in a process.");
    }
}
