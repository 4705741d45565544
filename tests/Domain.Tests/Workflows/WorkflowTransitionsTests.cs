using Chard.Domain.Workflows;

namespace Chard.Domain.Tests.Workflows;

public sealed class WorkflowTransitionsTests
{
    private static readonly DateTimeOffset Now = new(2030, 1, 31, 12, 0, 0, TimeSpan.Zero);

    private static readonly WorkflowStatus[] Final =
        [WorkflowStatus.Completed, WorkflowStatus.Failed, WorkflowStatus.Cancelled, WorkflowStatus.Expired];

    [Fact]
    public void IsValid_EveryPair_NothingLeavesAFinalStatusOrReturnsToQueued()
    {
        foreach (WorkflowStatus from in Enum.GetValues<WorkflowStatus>())
        {
            foreach (WorkflowStatus to in Enum.GetValues<WorkflowStatus>())
            {
                bool expected = from == to || (!Final.Contains(from) && to != WorkflowStatus.Queued);
                Assert.True(expected == WorkflowTransitions.IsValid(from, to), $"{from} -> {to}");
            }
        }
    }

    [Fact]
    public void Apply_FirstReport_StartsTheClockAndCountsTheChange()
    {
        WorkflowState next = WorkflowTransitions.Apply(State(WorkflowStatus.Queued), new("w", WorkflowStatus.Running), Now)!;

        Assert.Equal((WorkflowStatus.Running, 2L, Now, null), (next.Status, next.Version, next.StartedAt, next.CompletedAt));
    }

    [Fact]
    public void Apply_SameReportTwice_ChangesNothing()
    {
        var update = new WorkflowUpdate("w", WorkflowStatus.Running, new(3, 1, 0));
        WorkflowState once = WorkflowTransitions.Apply(State(WorkflowStatus.Queued), update, Now)!;

        Assert.Same(once, WorkflowTransitions.Apply(once, update, Now.AddSeconds(5)));
    }

    [Fact]
    public void Apply_ProgressOfAParkedWorkflow_LeavesItParkedAndTheEndOfTheWaitDoesNot()
    {
        WorkflowState parked = State(WorkflowStatus.Parked);
        WorkflowState held = WorkflowTransitions.Pause(parked, Now)!;
        var progress = new WorkflowUpdate("w", WorkflowStatus.Running, new(9, 4, 0));

        WorkflowState told = WorkflowTransitions.Apply(parked, progress, Now)!;
        Assert.Equal((WorkflowStatus.Parked, 4), (told.Status, told.Progress!.Succeeded));
        Assert.Equal(WorkflowStatus.Parked, WorkflowTransitions.Apply(held, progress, Now)!.PausedFrom);
        Assert.Equal(WorkflowStatus.Running, WorkflowTransitions.Apply(parked, new("w", WorkflowStatus.Running), Now)!.Status);
    }

    [Fact]
    public void Apply_SameFinalStatusAgain_KeepsTheFirstWords()
    {
        WorkflowState failed = State(WorkflowStatus.Failed) with { Error = new("first", "first") };

        Assert.Same(failed, WorkflowTransitions.Apply(failed, new("w", WorkflowStatus.Failed, Error: new("second", "second")), Now));
    }

    [Theory]
    [InlineData(WorkflowStatus.Running)]
    [InlineData(WorkflowStatus.Parked)]
    public void Apply_ReportOfAPausedWorkflow_StaysPausedAndGoesOnWithIt(WorkflowStatus reported)
    {
        WorkflowState paused = WorkflowTransitions.Pause(State(WorkflowStatus.Running), Now)!;
        WorkflowState next = WorkflowTransitions.Apply(paused, new("w", reported, new(9, 9, 0)), Now)!;

        Assert.Equal((WorkflowStatus.Paused, reported, 9), (next.Status, next.PausedFrom, next.Progress?.Total));
        Assert.Equal(reported, WorkflowTransitions.Resume(next, Now)?.Status);
    }

    [Fact]
    public void Apply_EndOfAPausedWorkflow_Ends()
    {
        WorkflowState paused = WorkflowTransitions.Pause(State(WorkflowStatus.Running), Now)!;
        WorkflowState next = WorkflowTransitions.Apply(paused, new("w", WorkflowStatus.Completed), Now)!;

        Assert.Equal((WorkflowStatus.Completed, null, Now), (next.Status, next.PausedFrom, next.CompletedAt));
    }

    [Theory]
    [InlineData(WorkflowStatus.Queued, false)]
    [InlineData(WorkflowStatus.Running, true)]
    [InlineData(WorkflowStatus.Parked, true)]
    [InlineData(WorkflowStatus.Paused, true)]
    [InlineData(WorkflowStatus.Completed, false)]
    [InlineData(WorkflowStatus.Failed, false)]
    [InlineData(WorkflowStatus.Cancelled, false)]
    [InlineData(WorkflowStatus.Expired, false)]
    public void Pause_OnlyWhatRunsOrIsPaused(WorkflowStatus from, bool allowed) =>
        Assert.Equal(allowed ? WorkflowStatus.Paused : null, WorkflowTransitions.Pause(State(from), Now)?.Status);

    [Fact]
    public void Resume_OnlyWhatIsPaused()
    {
        foreach (WorkflowStatus from in Enum.GetValues<WorkflowStatus>())
        {
            WorkflowStatus? expected = from == WorkflowStatus.Paused ? WorkflowStatus.Parked : null;
            Assert.Equal(expected, WorkflowTransitions.Resume(State(from) with { PausedFrom = WorkflowStatus.Parked }, Now)?.Status);
        }
    }

    [Fact]
    public void Cancel_WhatHasNotEnded_EndsItOnce()
    {
        foreach (WorkflowStatus from in Enum.GetValues<WorkflowStatus>())
        {
            bool ended = from is WorkflowStatus.Completed or WorkflowStatus.Failed or WorkflowStatus.Expired;
            Assert.Equal(ended ? null : WorkflowStatus.Cancelled, WorkflowTransitions.Cancel(State(from), Now)?.Status);
        }

        WorkflowState cancelled = State(WorkflowStatus.Cancelled);
        Assert.Same(cancelled, WorkflowTransitions.Cancel(cancelled, Now));
    }

    [Theory]
    [InlineData(WorkflowStatus.Running, -1, true)]
    [InlineData(WorkflowStatus.Running, 0, true)]
    [InlineData(WorkflowStatus.Running, 1, false)]
    [InlineData(WorkflowStatus.Completed, -1, false)]
    public void IsOverdue_UnfinishedPastItsTime(WorkflowStatus status, int seconds, bool overdue) =>
        Assert.Equal(overdue, (State(status) with { ExpiresAt = Now.AddSeconds(seconds) }).IsOverdue(Now));

    private static WorkflowState State(WorkflowStatus status) => new()
    {
        Id = "w", Workflow = "W", Status = status, CreatedAt = Now.AddMinutes(-1), UpdatedAt = Now.AddMinutes(-1),
    };
}
