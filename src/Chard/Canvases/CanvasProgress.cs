using Chard.Calls;
using Chard.Domain.Workflows;
using Chard.Status;
using Microsoft.DurableTask;

namespace Chard.Canvases;

/// <summary>
/// How far a canvas is, counted in its tasks, and told seldom: in its status once it has run for <see cref="Patience"/>, then each
/// twentieth of it. So what is quick costs nothing, and a long one is told within a twentieth. A part tells the canvas likewise, each
/// quarter of it, by an event. For orchestrators: everything stays on their thread.
/// </summary>
/// <param name="context">The orchestrator's context.</param>
/// <param name="workflowId">The workflow; that is the instance of the canvas itself.</param>
/// <param name="total">Tasks that are known at the beginning; those of a part are known to the canvas.</param>
/// <param name="width">Of a part: about how many tasks it has; 0 if it tells nothing before its end.</param>
internal sealed class CanvasProgress(TaskOrchestrationContext context, string workflowId, int total, int width = 0) : IDisposable
{
    /// <summary>What has ended before is told by the end itself, or when this time is over: 2 seconds.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(2);

    /// <summary>Name of the event by which a part tells the canvas.</summary>
    public const string Event = "progress";

    private const int Steps = 20;

    // Each is an event in the history of the canvas, which has up to a hundred parts.
    private const int StepsOfPart = 4;

    private readonly DateTime _begun = context.CurrentUtcDateTime;
    private readonly CancellationTokenSource _ended = new();

    // What each part has told so far, in all; null once it has ended, whatever comes late of it.
    private readonly Dictionary<string, WorkflowProgress?> _parts = new(StringComparer.Ordinal);
    private WorkflowProgress _now = new(total, 0, 0);
    private WorkflowProgress _told = new(total, 0, 0);
    private bool _isTelling;
    private bool _isWaiting;
    private bool _listens;

    /// <summary>How far it is.</summary>
    public WorkflowProgress Now => _now;

    /// <summary>True of a part.</summary>
    public bool IsPart { get; } = context.InstanceId != workflowId;

    /// <summary>Counts tasks that are known now, or that have ended.</summary>
    public void Add(WorkflowProgress more)
    {
        _now = new(_now.Total + more.Total, _now.Succeeded + more.Succeeded, _now.Failed + more.Failed);
        Tell();
    }

    /// <summary>Counts tasks that have ended.</summary>
    public void Add(int succeeded, int failed) => Add(new(0, succeeded, failed));

    /// <summary>A part begins: what it tells from now on counts.</summary>
    public void Begin(string part)
    {
        _parts[part] = new(0, 0, 0);
        if (!IsPart && !_listens)
        {
            _listens = true;
            _ = ListenAsync();
        }
    }

    /// <summary>A part has ended, with this in all.</summary>
    public void End(string part, WorkflowProgress all)
    {
        Count(part, all);
        _parts[part] = null;
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
            PartProgress told = await context.WaitForExternalEvent<PartProgress>(Event);
            Count(told.Part, told.Progress);
        }
    }

    /// <summary>Events come late, twice, or in another order: a part tells all of it each time, and what is less is old.</summary>
    private void Count(string part, WorkflowProgress all)
    {
        if (_parts.TryGetValue(part, out WorkflowProgress? before) && before is not null
            && all.Succeeded + all.Failed >= before.Succeeded + before.Failed)
        {
            _parts[part] = all;
            Add(new(all.Total - before.Total, all.Succeeded - before.Succeeded, all.Failed - before.Failed));
        }
    }

    /// <summary>True if enough has ended since the last time; not of the last task, of which its end tells.</summary>
    private bool IsDue =>
        _now.Succeeded + _now.Failed < All
        && _now.Succeeded + _now.Failed - _told.Succeeded - _told.Failed >= Math.Max(1, All / (IsPart ? StepsOfPart : Steps));

    private int All => IsPart ? width : _now.Total;

    private void Tell()
    {
        if (!IsDue || _isTelling || _isWaiting || _ended.IsCancellationRequested)
        {
            return;
        }

        if (context.CurrentUtcDateTime - _begun >= Patience)
        {
            _isTelling = true;
            _ = TellAsync();
        }
        else
        {
            // Without it a canvas of a few tasks, one of which waits for weeks, would say as long that none has ended.
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
            if (IsPart)
            {
                context.SendEvent(workflowId, Event, new PartProgress(context.InstanceId, _told));
            }
            else
            {
                await context.CallActivityAsync(
                    nameof(UpdateWorkflowStatus),
                    new WorkflowUpdate(workflowId, WorkflowStatus.Running, _told),
                    WorkflowTracking.LongRetries);
            }
        }

        _isTelling = false;
    }
}

/// <summary>What a part of a canvas tells.</summary>
/// <param name="Part">Its instance.</param>
/// <param name="Progress">How its tasks have ended by now, and those that nobody knew of before.</param>
public sealed record PartProgress(string Part, WorkflowProgress Progress);
