using Chard.KillApp.Journals;

namespace Chard.EndToEnd.Tests.Kills;

/// <summary>The kill test's judge: what it lets pass and what it does not.</summary>
public sealed class TurnLedgerTests
{
    private static readonly JournalLine Restart = new(JournalKind.Process);

    [Fact]
    public void Turn_RepeatedAfterARestart_MayNotHaveBeenCommitted()
    {
        TurnLedger ledger = TurnLedger.Read([Restart, Mark(1), Mark(2), Restart, Mark(1), Mark(2)]);

        Assert.Empty(ledger.Faults);
        Assert.Equal(1, ledger.RetriedTurns);
    }

    [Fact]
    public void Turn_RepeatedInOneProcess_IsAFault() => AssertFault("was past this place", Restart, Mark(1), Mark(1, turn: 2));

    [Fact]
    public void Turn_RepeatedAfterItsActivityRan_IsAFault() =>
        AssertFault("was past this place", Restart, Mark(1), Activity(1), Restart, Mark(1));

    [Fact]
    public void Turn_RepeatedAfterALaterTurn_IsAFault() =>
        AssertFault("was past this place", Restart, Mark(1), Restart, Mark(2, turn: 2), Restart, Mark(1));

    [Fact]
    public void Activity_RunAgainBeforeItsResultWasCommitted_IsFine() =>
        Assert.Empty(TurnLedger.Read([Restart, Mark(1), Activity(1), Mark(2, calls: ["1.0"], turn: 2), Restart, Activity(1),
            Mark(2, calls: ["1.0"], turn: 3)]).Faults);

    [Fact]
    public void Activity_RunAgainAfterItsResultWasCommitted_IsAFault() =>
        AssertFault(
            "the activity runs again", Restart, Mark(1), Activity(1), Mark(2, calls: ["1.0"], turn: 2), Activity(2), Restart, Activity(1));

    [Fact]
    public void Activity_OfNoTurn_IsAFault() => AssertFault("no turn has called", Restart, Mark(1), Activity(2));

    [Fact]
    public void Place_LeftOut_IsAFault() => AssertFault("skips places", Restart, Mark(1), Restart, Mark(3, turn: 2));

    [Fact]
    public void Generation_RepeatedWithTheNextOneInOneCommit_IsFine()
    {
        TurnLedger ledger = TurnLedger.Read(
            [Restart, Mark(1), Next(1, turn: 2), Next(2, turn: 2), Restart, Mark(1), Next(1, turn: 4), Next(2, turn: 4)]);

        Assert.Empty(ledger.Faults);
        Assert.Equal(1, ledger.RetriedTurns);
    }

    [Fact]
    public void Generation_RepeatedAfterAnActivityOfTheNextOne_IsAFault() => AssertFault(
        "was past this place", Restart, Mark(1), Next(1, turn: 2), Activity(1) with { Generation = 1 }, Restart, Mark(1));

    [Fact]
    public void Generation_RepeatedAfterALaterTurnOfTheNextOne_IsAFault() =>
        AssertFault("was past this place", Restart, Mark(1), Next(1, turn: 2), Next(2, turn: 3), Restart, Mark(1));

    [Fact]
    public void Activity_OfTheGenerationBefore_IsAFault() =>
        AssertFault("an activity of another one", Restart, Mark(1), Next(1, turn: 2), Activity(1) with { Generation = 1 }, Activity(1));

    [Fact]
    public void Instance_RunAfterAClientSawItsEnd_IsAFault() =>
        AssertFault("has completed and runs again", Restart, Mark(1), new JournalLine(JournalKind.Completed, "one"), Restart, Mark(1));

    [Fact]
    public void Child_RunAfterItsParentTookTheResult_IsAFault() =>
        AssertFault(
            "has completed and runs again", Restart, Mark(1), new JournalLine(JournalKind.Mark, "parent", Position: 1, Children: ["one"]),
            Restart, Mark(1));

    [Fact]
    public void Operation_RepeatedBeforeItsAnswer_IsFine() =>
        Assert.Empty(TurnLedger.Read([Restart, Operation(1), Operation(2), Restart, Operation(1), Operation(2)]).Faults);

    [Fact]
    public void Operation_RepeatedAfterItsAnswer_IsAFault() => AssertFault(
        "cannot come to this number",
        Restart,
        Operation(1),
        new JournalLine(JournalKind.Mark, "caller", Position: 1, Numbers: new Dictionary<string, int> { ["count"] = 1 }),
        Restart,
        Operation(1));

    [Fact]
    public void Operation_Lost_IsAFault() => AssertFault("cannot come to this number", Restart, Operation(1), Restart, Operation(3));

    private static void AssertFault(string what, params JournalLine[] lines) =>
        Assert.Contains(what, Assert.Single(TurnLedger.Read(lines).Faults), StringComparison.Ordinal);

    private static JournalLine Mark(int position, int turn = 1, string[]? calls = null) =>
        new(JournalKind.Mark, "one", Position: position, Turn: turn, Calls: calls);

    private static JournalLine Next(int position, int turn) => Mark(position, turn) with { Generation = 1 };

    private static JournalLine Activity(int position) => new(JournalKind.Activity, "one", Position: position, Call: $"{position}.0");

    private static JournalLine Operation(int number) => new(JournalKind.Operation, "count", Position: number);
}
