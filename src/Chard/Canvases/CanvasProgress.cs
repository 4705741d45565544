using Chard.Calls;
using Chard.Domain.Workflows;
using Chard.Status;
using Microsoft.DurableTask;

namespace Chard.Canvases;

/// <summary>
/// How far a canvas is, counted in its tasks, and told seldom: in its status once it has run for <see cref="Patience"/>, then each
/// twentieth of it. So what is quick costs nothing, and a long one is told within a twentieth. Parts tell the canvas by events. For
/// orchestrators: everything stays on their thread.
/// </summary>
/// <param name="context">The orchestrator's context.</param>
/// <param name="workflowId">The workflow; that is the instance of the canvas itself.</param>
/// <param name="total">Tasks that are known at the beginning.</param>
/// <param name="width">Of a part, whose tasks the canvas knows: about how many it has.</param>
internal sealed class CanvasProgress(TaskOrchestrationContext context, string workflowId, int total, int width = 0) : IDisposable
{
    /// <summary>What has ended before is told by the end itself, or when this time is over: 2 seconds.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(2);

    private const string Event = "progress";

    /// <summary>With fewer tasks each end is told if it is late enough, and no timer sees to those that were too early.</summary>
    private const int Steps = 20;

    private readonly bool _isPart = context.InstanceId != workflowId;
    private readonly DateTime _begun = context.CurrentUtcDateTime;
    private readonly CancellationTokenSource _ended = new();
    private WorkflowProgress _now = new(total, 0, 0);
    private WorkflowProgress _told = new(total, 0, 0);
    private bool _isTelling;
    private bool _isWaiting;
    private bool _listens;

    /// <summary>How far it is.</summary>
    public WorkflowProgress Now => _now;

    /// <summary>What has come and was not told: for the canvas, when a part of it ends.</summary>
    public WorkflowProgress Untold => new(_now.Total - _told.Total, _now.Succeeded - _told.Succeeded, _now.Failed - _told.Failed);

    /// <summary>Counts tasks that are known now, or that have ended.</summary>
    public void Add(WorkflowProgress more)
    {
        _now = new(_now.Total + more.Total, _now.Succeeded + more.Succeeded, _now.Failed + more.Failed);
        Tell();
    }

    /// <summary>Counts tasks that have ended.</summary>
    public void Add(int succeeded, int failed) => Add(new(0, succeeded, failed));

    /// <summary>Counts what parts tell, from now on.</summary>
    public void Listen()
    {
        if (!_listens && !_isPart)
        {
            _listens = true;
            _ = ListenAsync();
        }
    }

    /// <summary>Tells no more: an open timer would keep the instance from completing.</summary>
    public void Dispose()
    {
        _ended.Cancel();
        _ended.Dispose();
    }

    private async Task ListenAsync()
    {
        // It waits for the next one until the instance ends.
        for (int heard = 0; !_ended.IsCancellationRequested; heard++)
        {
            Add(await context.WaitForExternalEvent<WorkflowProgress>(Event));
        }
    }

    private bool IsDue => _now.Succeeded + _now.Failed - _told.Succeeded - _told.Failed >= Math.Max(1, Math.Max(width, _now.Total) / Steps);

    private void Tell()
    {
        if (!IsDue || _isTelling || _isWaiting || _ended.IsCancellationRequested)
        {
            return;
        }

        if (context.CurrentUtcDateTime - _begun >= Patience)
        {
            _isTelling = !_isPart;
            _ = TellAsync();
        }
        else if (Math.Max(width, _now.Total) >= Steps)
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
        if (_isPart)
        {
            context.SendEvent(workflowId, Event, Untold);
            _told = _now;
            return;
        }

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
