using Chard.Calls;
using Chard.Domain.Workflows;
using Chard.Status;
using Microsoft.DurableTask;

namespace Chard.Canvases;

/// <summary>
/// How far a canvas is, counted in its tasks, and told seldom: in its status once it has run for <see cref="Patience"/>, then each
/// twentieth of it. So what is quick costs nothing, and a long one is told within a twentieth. What is in a part is told when that has
/// ended. For orchestrators: everything stays on their thread.
/// </summary>
/// <param name="context">The orchestrator's context.</param>
/// <param name="workflowId">The workflow; that is the instance of the canvas itself.</param>
/// <param name="total">Tasks that are known at the beginning.</param>
internal sealed class CanvasProgress(TaskOrchestrationContext context, string workflowId, int total) : IDisposable
{
    /// <summary>What has ended before is told by the end itself, or when this time is over: 2 seconds.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(2);

    /// <summary>With fewer tasks each end is told if it is late enough, and no timer sees to those that were too early.</summary>
    private const int Steps = 20;

    private readonly bool _isPart = context.InstanceId != workflowId;
    private readonly DateTime _begun = context.CurrentUtcDateTime;
    private readonly CancellationTokenSource _ended = new();
    private WorkflowProgress _now = new(total, 0, 0);
    private WorkflowProgress _told = new(total, 0, 0);
    private bool _isTelling;
    private bool _isWaiting;

    /// <summary>How far it is.</summary>
    public WorkflowProgress Now => _now;

    /// <summary>Counts tasks that are known now, or that have ended.</summary>
    public void Add(WorkflowProgress more)
    {
        _now = new(_now.Total + more.Total, _now.Succeeded + more.Succeeded, _now.Failed + more.Failed);
        Tell();
    }

    /// <summary>Counts tasks that have ended.</summary>
    public void Add(int succeeded, int failed) => Add(new(0, succeeded, failed));

    /// <summary>Tells no more: an open timer would keep the instance from completing.</summary>
    public void Dispose()
    {
        _ended.Cancel();
        _ended.Dispose();
    }

    /// <summary>True if enough has ended since the last time; not of the last task, of which the canvas's own end tells.</summary>
    private bool IsDue =>
        _now.Succeeded + _now.Failed < _now.Total
        && _now.Succeeded + _now.Failed - _told.Succeeded - _told.Failed >= Math.Max(1, _now.Total / Steps);

    private void Tell()
    {
        if (_isPart || !IsDue || _isTelling || _isWaiting || _ended.IsCancellationRequested)
        {
            return;
        }

        if (context.CurrentUtcDateTime - _begun >= Patience)
        {
            _isTelling = true;
            _ = TellAsync();
        }
        else if (_now.Total >= Steps)
        {
            _isWaiting = true;
            _ = WaitAsync();
        }
    }

    private async Task WaitAsync()
    {
        try
        {
            await context.CreateTimer(_begun + Patience, _ended.Token);
        }
        catch (TaskCanceledException)
        {
            return;
        }

        _isWaiting = false;
        Tell();
    }

    private async Task TellAsync()
    {
        while (IsDue && !_ended.IsCancellationRequested)
        {
            _told = _now;
            await context.CallActivityAsync(
                nameof(UpdateWorkflowStatus),
                new WorkflowUpdate(workflowId, WorkflowStatus.Running, _told),
                WorkflowTracking.LongRetries);
        }

        _isTelling = false;
    }
}
