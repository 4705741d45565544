using Chard.Domain.Workflows;

namespace Chard.Canvases;

/// <summary>
/// Tells how far a group is. One report is under way at a time, so that none overtakes another; what happens meanwhile is told by
/// the next. For orchestrators: everything stays
/// on their thread.
/// </summary>
internal sealed class GroupProgress(int total, int reports, Func<WorkflowProgress, Task>? report)
{
    private int _succeeded;
    private int _failed;
    private int _due;
    private int _told;
    private bool _telling;

    /// <summary>Counts members that have ended, and tells of them if enough has happened since the last time.</summary>
    public async Task TellAsync(int succeeded, int failed)
    {
        _succeeded += succeeded;
        _failed += failed;
        _due = (int)((long)(_succeeded + _failed) * reports / total);
        if (report is null || _telling)
        {
            return;
        }

        _telling = true;
        while (_due > _told)
        {
            _told = _due;
            await report(new(total, _succeeded, _failed));
        }

        _telling = false;
    }
}
