namespace Chard.Emulator.DurableTask;

/// <summary>
/// Where an orchestrator's code runs: on whichever thread holds the turn, one continuation after the other. What arrives from another
/// thread, or between turns, came from something that is not durable.
/// </summary>
internal sealed class OrchestratorSynchronizationContext(OrchestrationRun run) : SynchronizationContext
{
    private readonly Queue<(SendOrPostCallback Callback, object? State)> posted = new();

    public override void Post(SendOrPostCallback d, object? state)
    {
        if (run.HoldsThread)
        {
            posted.Enqueue((d, state));
        }
        else
        {
            run.ReportIllegalAwait();
        }
    }

    public override void Send(SendOrPostCallback d, object? state)
    {
        if (run.HoldsThread)
        {
            d(state);
        }
        else
        {
            run.ReportIllegalAwait();
        }
    }

    public override SynchronizationContext CreateCopy() => this;

    /// <summary>Runs what the code posted to itself, as Task.Yield does.</summary>
    public void Drain()
    {
        while (posted.TryDequeue(out var next))
        {
            next.Callback(next.State);
        }
    }
}
