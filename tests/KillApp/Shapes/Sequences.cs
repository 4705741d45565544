using Chard.KillApp.Journals;
using Microsoft.Azure.Functions.Worker;
using Microsoft.DurableTask;
using RetryContext = Microsoft.DurableTask.RetryContext;

namespace Chard.KillApp.Shapes;

/// <summary>Orchestrators that go one step after another. Each gives its input plus the number of its steps.</summary>
internal sealed class Sequences(Journal journal)
{
    /// <summary>A chain of five.</summary>
    [Function(nameof(Chain))]
    public async Task<int> Chain([OrchestrationTrigger] TaskOrchestrationContext context, int input)
    {
        var track = new Track(context, journal);
        int value = input;
        for (int i = 0; i < 5; i++)
        {
            track.Mark();
            value = await track.StepAsync(value);
        }

        track.Mark();
        return value;
    }

    /// <summary>Two steps that fail twice in every process: one retried by a policy, one by a handler that waits on a timer.</summary>
    [Function(nameof(Retries))]
    public async Task<int> Retries([OrchestrationTrigger] TaskOrchestrationContext context, int input)
    {
        var track = new Track(context, journal);
        track.Mark();
        int value = await track.StepAsync(
            input, TaskOptions.FromRetryPolicy(new RetryPolicy(1000, TimeSpan.FromMilliseconds(50))), failures: 2);
        track.Mark();
        value = await track.StepAsync(value, TaskOptions.FromRetryHandler(WaitAsync), failures: 2);
        track.Mark();
        return value;

        static async Task<bool> WaitAsync(RetryContext failed)
        {
            await failed.OrchestrationContext.CreateTimer(
                TimeSpan.FromMilliseconds(20 * Math.Min(5, failed.LastAttemptNumber)), CancellationToken.None);
            return true;
        }
    }

    /// <summary>Three steps with timers between them, and a wait that nobody ends but its timeout.</summary>
    [Function(nameof(Timers))]
    public async Task<int> Timers([OrchestrationTrigger] TaskOrchestrationContext context, int input)
    {
        var track = new Track(context, journal);
        int value = input;
        for (int i = 0; i < 3; i++)
        {
            track.Mark();
            await context.CreateTimer(TimeSpan.FromMilliseconds(150), CancellationToken.None);
            track.Mark();
            value = await track.StepAsync(value);
        }

        track.Mark();
        try
        {
            await context.WaitForExternalEvent<int>("never", TimeSpan.FromMilliseconds(200));
        }
        catch (OperationCanceledException)
        {
            track.Mark();
            return value;
        }

        throw new InvalidOperationException("An event came that nobody has sent.");
    }

    /// <summary>Six generations of one step each.</summary>
    [Function(nameof(Loop))]
    public async Task<int> Loop([OrchestrationTrigger] TaskOrchestrationContext context, LoopState state)
    {
        ArgumentNullException.ThrowIfNull(state);
        var track = new Track(context, journal, state.Generation);
        track.Mark();
        int value = await track.StepAsync(state.Value);
        track.Mark();
        if (state.Generation < 5)
        {
            context.ContinueAsNew(new LoopState(value, state.Generation + 1));
        }

        return value;
    }
}

/// <summary>What one generation of a loop hands to the next.</summary>
/// <param name="Value">The value so far.</param>
/// <param name="Generation">How many generations have been.</param>
public sealed record LoopState(int Value, int Generation);
