using Microsoft.DurableTask;

namespace Chard.Emulator.DurableTask;

/// <summary>Runs activities on the thread pool, a bounded number at once, and gives their results to the mailboxes.</summary>
internal sealed class ActivityDispatcher : IDisposable
{
    private readonly EngineRuntime runtime;
    private readonly WorkLanes<ActivityWork> lanes;
    private readonly CancellationTokenSource hardStop = new();
    private Task killing = Task.CompletedTask;

    public ActivityDispatcher(EngineRuntime runtime)
    {
        this.runtime = runtime;
        lanes = new WorkLanes<ActivityWork>(runtime.Options.MaxConcurrentActivities, RunAsync);
    }

    public void Enqueue(List<ActivityWork> work)
    {
        runtime.Idle.Enter(work.Count);
        lanes.Enqueue(work);
    }

    /// <summary>Starts none any more, and waits for the running ones until the token fires; then theirs fires.</summary>
    public async Task StopAsync(CancellationToken cancellation)
    {
        try
        {
            await lanes.StopAsync().WaitAsync(cancellation).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (cancellation.IsCancellationRequested)
        {
            await hardStop.CancelAsync().ConfigureAwait(false);
        }
    }

    /// <summary>As when the process dies: nobody waits for what runs, and its results go nowhere.</summary>
    public void Kill()
    {
        _ = lanes.StopAsync();
        killing = hardStop.CancelAsync();
    }

    // A source that is disposed while it fires forgets whom it has not told yet.
    public void Dispose() => _ = killing.ContinueWith(_ => hardStop.Dispose(), TaskScheduler.Default);

    private async ValueTask RunAsync(ActivityWork work)
    {
        try
        {
            // Of a finished instance nobody wants the result.
            if (!work.Instance.IsGone && work.Execution == work.Instance.Execution)
            {
                await DeliverAsync(work).ConfigureAwait(false);
            }
        }
        finally
        {
            runtime.Idle.Exit();
        }
    }

    private async ValueTask DeliverAsync(ActivityWork work)
    {
        var result = await InvokeAsync(work).ConfigureAwait(false);
        if (result is null)
        {
            return;
        }

        if (runtime.Options.Faults is { } faults)
        {
            if (faults.TakesResult(work.Action.Name!))
            {
                Enqueue([work]);
                return;
            }

            if (faults.RepeatsResult(work.Action.Name!))
            {
                work.Instance.Post(result, work.Execution);
            }
        }

        work.Instance.Post(result, work.Execution);
    }

    /// <summary>Null when the host stopped hard: the activity counts as pending, and runs again at the next start.</summary>
    private async ValueTask<HistoryEvent?> InvokeAsync(ActivityWork work)
    {
        var action = work.Action;
        try
        {
            if (runtime.Services.Functions.FindActivity(action.Name!) is not { } function)
            {
                return HistoryEvent.Failed(action.Id, new Failure(Failure.ActivityNotFound, $"No activity task named '{action.Name}' was found."));
            }

            var invocation = new ActivityInvocation(work.Instance.Id, action.Id, new TaskName(action.Name!), action.Version ?? string.Empty, action.Input, runtime.Services.Codec, hardStop.Token);
            var output = await function(invocation).ConfigureAwait(false);
            return HistoryEvent.Completed(action.Id, runtime.Services.Codec.Serialize(output));
        }
        catch (Exception) when (hardStop.IsCancellationRequested)
        {
            return null;
        }
#pragma warning disable CA1031 // Whatever an activity throws is its failure, and goes to the orchestrator.
        catch (Exception failed)
#pragma warning restore CA1031
        {
            return HistoryEvent.Failed(action.Id, runtime.Services.Describe(failed));
        }
    }
}
